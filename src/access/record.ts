// Puts changes on record before they are done. The trail itself is introduced by `main/`.

import { GatewayError } from '../core/errors.ts'
import type { AccessEvent, Actor, ChangeEvent } from '../core/event.ts'
import type { Clock } from '../core/clock.ts'
import type { NewId } from '../core/ids.ts'

/** Resolves once the event is on record; rejects if it cannot be. */
export type RecordChange = (event: ChangeEvent | AccessEvent) => Promise<void>

export interface Recorder {
  /** @throws GatewayError `audit.unavailable`; then the change must not be done */
  changed(by: Actor, what: string, object: string, fields: ChangeEvent['fields']): Promise<void>
  /** @throws GatewayError `audit.unavailable` */
  access(kind: AccessEvent['kind'], actor: Actor, code?: string): Promise<void>
}

export function createRecorder(record: RecordChange, clock: Clock, newId: NewId): Recorder {
  const write = async (event: ChangeEvent | AccessEvent) => {
    try {
      await record(event)
    } catch (error) {
      throw new GatewayError('audit.unavailable', '', { cause: error })
    }
  }
  const base = () => ({ id: newId<ChangeEvent['id']>(), atMs: clock.nowMs() })
  return {
    changed: (actor, what, object, fields) =>
      write({ ...base(), kind: 'changed', actor, what, object, fields }),
    access: (kind, actor, code) => write({ ...base(), kind, actor, code }),
  }
}
