// Statements as they pass, from the servers of one database to those who watch at another.

import { carriedEvent } from '../console/sessions/live-events.ts'
import type { CarriedLiveEvent } from '../console/sessions/oversight.ts'
import type { Clock } from '../core/clock.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import type { GateWindow } from '../gate/running.ts'
import { type CarriedLive, carryLive } from '../storage/carried-live.ts'
import type { Database } from '../storage/database.ts'

export interface OpenLiveParts {
  readonly database: Database
  readonly messages: Messages
  readonly nodeId: string
  readonly gate: GateWindow
  readonly limits: Limits
  readonly clock: Clock
  readonly warn: (error: unknown) => void
}

export function openLive(parts: OpenLiveParts): CarriedLive<CarriedLiveEvent> {
  const { database, messages, nodeId, gate, limits, clock, warn } = parts
  return carryLive<CarriedLiveEvent>({
    database,
    messages,
    serverId: nodeId,
    eventsMax: limits.liveEventsPerSecondMax,
    source: push => gate.watch(event => push(carriedEvent(event, clock.nowMs()))),
    dropped: count => ({ userId: undefined, event: { kind: 'dropped', count } }),
    every(ms, call) {
      const timer = setInterval(call, ms).unref()
      return () => clearInterval(timer)
    },
    nowMs: () => clock.monotonicMs(),
    warn,
  })
}
