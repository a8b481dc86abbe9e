// Who is inside, of all servers of one database, and ending what they do: for the console.

import type { Recorder } from '../access/record.ts'
import type { SessionsParts } from '../console/parts.ts'
import type { SessionRow } from '../console/contract.ts'
import type { CarriedLiveEvent } from '../console/sessions/oversight.ts'
import type { Actor } from '../core/event.ts'
import type { Messages } from '../core/messages.ts'
import type { GateWindow, OpenSession } from '../gate/running.ts'
import type { CarriedLive } from '../storage/carried-live.ts'
import type { ServerSessions } from '../storage/server-sessions.ts'

export interface SessionWindowParts {
  readonly gate: GateWindow
  readonly recorder: Recorder
  readonly messages: Messages
  /** `undefined` where there is one server only. */
  readonly servers: ServerSessions<SessionRow> | undefined
  readonly live: CarriedLive<CarriedLiveEvent> | undefined
}

/** What is told of statements to the other servers, and of how many sessions. */
const shapeCharsMax = 1_000
const toldMax = 1_000

export function createSessionWindow(parts: SessionWindowParts): SessionsParts {
  const { gate, recorder, messages, servers, live } = parts
  const act = async (
    what: string,
    topic: 'sessions' | 'interrupts',
    session: SessionRow,
    by: Actor,
    reason: string | undefined,
  ) => {
    const { id, userName, targetName, running } = session
    await recorder.changed(by, what, `session of ${userName} at ${targetName}`, {
      session: [id, null],
      ...(reason === undefined || reason === '' ? {} : { reason: [null, reason] as const }),
      ...(running === undefined ? {} : { statement: [running.id, null] }),
    })
    messages.publish(topic, id)
  }
  return {
    async list() {
      const here = gate.sessions().map(one => describeSession(one, true))
      const others = (await servers?.others()) ?? []
      return [...here, ...others].sort((a, b) => b.startedAtMs - a.startedAtMs)
    },
    watch: watcher => gate.watch(watcher),
    ...(live && { watchOthers: watcher => live.watch(watcher) }),
    end: (session, by, reason) => act('session.ended', 'sessions', session, by, reason),
    stop: (session, by, reason) => act('statement.stopped', 'interrupts', session, by, reason),
  }
}

/** Tells the other servers who is inside here. */
export async function tellSessions(gate: GateWindow, servers: ServerSessions<SessionRow>): Promise<void> {
  await servers.tell(
    gate
      .sessions()
      .slice(0, toldMax)
      .map(one => describeSession(one, false)),
  )
}

function describeSession(open: OpenSession, here: boolean): SessionRow {
  const { session, statements, bytesToClient, running, runningBytes } = open
  const { id, user, target, client, startedAtMs } = session
  return {
    id,
    userId: user.id,
    userName: user.name,
    targetId: target.id,
    targetName: target.name,
    protocol: target.protocol,
    address: client.address,
    program: client.program,
    startedAtMs,
    statements,
    bytesToClient,
    here,
    running: running && {
      id: running.id,
      startedAtMs: running.startedAtMs,
      verb: running.plan.verb,
      shape: running.plan.shape.slice(0, shapeCharsMax),
      tables: running.plan.tables,
      hidden: running.plan.hidden,
      bytes: runningBytes,
    },
  }
}
