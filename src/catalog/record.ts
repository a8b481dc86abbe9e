// Puts changes of the catalog on record before they are done. The trail itself is introduced by `main/`.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor, ChangeEvent } from '../core/event.ts'
import type { NewId } from '../core/ids.ts'

/** Resolves once the event is on record; rejects if it cannot be. */
export type RecordChange = (event: ChangeEvent) => Promise<void>

/** @throws GatewayError `audit.unavailable`; then the change must not be done */
export type Recorder = (
  by: Actor,
  what: string,
  object: string,
  fields: ChangeEvent['fields'],
) => Promise<void>

export function createRecorder(record: RecordChange, clock: Clock, newId: NewId): Recorder {
  return async (actor, what, object, fields) => {
    const event = {
      id: newId<ChangeEvent['id']>(),
      atMs: clock.nowMs(),
      kind: 'changed',
      actor,
      what,
      object,
      fields,
    } as const
    try {
      await record(event)
    } catch (error) {
      throw new GatewayError('audit.unavailable', '', { cause: error })
    }
  }
}
