// Events for tests: one life of a server, in which everything occurs once.

import type { AuditEvent, StatementIntent, StatementOutcome, StatementPlan } from '../core/event.ts'
import type { EventId, SessionId, TargetId, UserId } from '../core/ids.ts'
import type { Sealing } from './sealing.ts'

export const atMs = 1_795_000_000_000

/** Not a secret one: shows in tests what was sealed. */
export const plainSealing: Sealing = {
  seal: plain => Buffer.concat([Buffer.from('sealed:'), plain]),
  open: sealed => sealed.subarray('sealed:'.length),
}

const id = (n: number) => `01a1ed0d-5600-7000-8000-${String(n).padStart(12, '0')}`

export const eventId = (n: number): EventId => id(n) as EventId
export const sessionId = id(9_001) as SessionId
const userId = id(9_002) as UserId
const actor = { userId, userName: 'ada', address: '192.0.2.7' }
const decidedBy = [{ name: 'analysts-read', version: 7 }]

export const plan: StatementPlan = {
  shape: 'SELECT email FROM customers WHERE id = $1',
  verb: 'SELECT',
  tables: ['public.customers'],
  hidden: ['public.customers.email'],
  verdict: 'allowed',
  code: undefined,
  reason: undefined,
  decidedBy,
}

export const refusal: StatementPlan = {
  shape: 'DROP TABLE customers',
  verb: 'DROP TABLE',
  tables: ['public.customers'],
  hidden: [],
  verdict: 'denied',
  code: 'statement.denied',
  reason: 'You are not permitted to change the table public.customers.',
  decidedBy: [],
}

export function intent(n: number, over: Partial<StatementIntent> = {}): StatementIntent {
  return {
    kind: 'statement',
    id: eventId(n),
    atMs: atMs + n,
    sessionId,
    plan,
    text: `SELECT email FROM customers WHERE id = ${n} -- 関所 "\t\u2028`,
    strength: 'written',
    ...over,
  }
}

export function outcome(n: number, of: number, over: Partial<StatementOutcome> = {}): StatementOutcome {
  return {
    kind: 'statement.ended',
    id: eventId(n),
    atMs: atMs + n,
    statementId: eventId(of),
    sessionId,
    rows: 1,
    bytes: 64,
    durationMs: 0.7512,
    result: 'ok',
    ...over,
  }
}

export const opened: AuditEvent = {
  kind: 'session.opened',
  id: eventId(2),
  atMs: atMs + 2,
  sessionId,
  userId,
  userName: 'ada',
  targetId: id(9_003) as TargetId,
  targetName: 'shop',
  address: '192.0.2.7',
  program: 'psql',
  credential: 'laptop',
  decidedBy,
}

export const closed: AuditEvent = {
  kind: 'session.closed',
  id: eventId(9),
  atMs: atMs + 9,
  sessionId,
  reason: 'client left',
  bytesFromClient: 512,
  bytesToClient: 4096,
}

/** Everything that can be recorded, in the order of a life. */
export const life: readonly AuditEvent[] = [
  { kind: 'server.started', id: eventId(1), atMs: atMs + 1, version: '0.1.0' },
  opened,
  intent(3),
  intent(4, { plan: refusal, text: 'DROP TABLE customers', strength: 'strict' }),
  outcome(5, 3),
  { kind: 'sign-in.failed', id: eventId(6), atMs: atMs + 6, actor, code: 'sign-in.failed' },
  {
    kind: 'changed',
    id: eventId(7),
    atMs: atMs + 7,
    actor,
    what: 'target.changed',
    object: 'shop',
    fields: { port: [5432, 5433], password: ['***', '***'], note: [undefined, 'ü'] },
  },
  {
    kind: 'session.refused',
    id: eventId(8),
    atMs: atMs + 8,
    actor: { ...actor, userId: undefined },
    targetName: 'shop',
    program: 'psql',
    code: 'connect.denied',
  },
  closed,
  { kind: 'server.stopped', id: eventId(10), atMs: atMs + 10, version: '0.1.0' },
]
