// The canonical bytes of each record: JSON without white space, keys in this order. Changing anything here needs a new format version.

import type { AuditEvent, SessionOpened, StatementOutcome, StatementPlan } from '../core/event.ts'
import type { PolicyName } from '../core/verdict.ts'
import { formatVersion } from './chain.ts'

/** Position and time, which open every record. */
export interface Place {
  readonly n: number
  readonly at: number
}

const text = (value: string | undefined | null): string =>
  value === undefined || value === null ? 'null' : JSON.stringify(value)

/** A value that is no number must not make the record unreadable. */
const number = (value: number): string => (Number.isFinite(value) ? String(value) : '0')

const texts = (values: readonly string[]): string => JSON.stringify(values)

const policies = (names: readonly PolicyName[]): string =>
  JSON.stringify(names.map(policy => [policy.name, policy.version]))

/** Of records of one turn the time is mostly the same. */
let lastAt = 0
let lastAtText = '0'

function open(place: Place, kind: string): string {
  if (place.at !== lastAt) {
    lastAt = place.at
    lastAtText = number(place.at)
  }
  return `{"n":${place.n},"at":${lastAtText},"k":"${kind}"`
}

/** Milliseconds to three places, as JSON writes them. Put together from whole numbers, which is done much faster. */
function milliseconds(value: number): string {
  const us = Math.round(value * 1000)
  if (!(us >= 0 && us < 1_000_000_000)) return number(us / 1000)
  const whole = Math.floor(us / 1000)
  const rest = us - whole * 1000
  if (rest === 0) return String(whole)
  const digits = rest < 10 ? `00${rest}` : rest < 100 ? `0${rest}` : String(rest)
  return `${whole}.${rest % 100 === 0 ? digits[0] : rest % 10 === 0 ? digits.slice(0, 2) : digits}`
}

export function segmentBody(
  place: Place,
  header: {
    readonly server: string
    readonly chain: string | undefined
    readonly segment: number
    readonly previous: string
    readonly open: readonly number[]
  },
): string {
  const { server, chain, segment, previous } = header
  return `${open(place, 'segment')},"format":${formatVersion},"server":${text(server)},"chain":${text(chain)},"segment":${segment},"previous":"${previous}","open":${JSON.stringify(header.open)}}`
}

/** What is known of a session; only its id is certain. */
export type SessionFacts = Pick<SessionOpened, 'sessionId'> &
  Partial<Omit<SessionOpened, 'kind' | 'id' | 'atMs' | 'sessionId' | 'decidedBy'>>

export function sessionBody(place: Place, s: number, facts: SessionFacts): string {
  return `${open(place, 'session')},"s":${s},"session":${text(facts.sessionId)},"user":${text(facts.userId)},"userName":${text(facts.userName)},"target":${text(facts.targetId)},"targetName":${text(facts.targetName)},"address":${text(facts.address)},"program":${text(facts.program)},"credential":${text(facts.credential)}}`
}

export function planBody(place: Place, p: number, plan: StatementPlan): string {
  return `${open(place, 'plan')},"p":${p},"shape":${text(plan.shape)},"verb":${text(plan.verb)},"tables":${texts(plan.tables)},"hidden":${texts(plan.hidden)},"verdict":"${plan.verdict}","code":${text(plan.code)},"reason":${text(plan.reason)},"by":${policies(plan.decidedBy)}}`
}

export function textsBody(place: Place, sealed: string): string {
  return `${open(place, 'texts')},"sealed":"${sealed}"}`
}

export function statementBody(
  place: Place,
  id: string,
  refers: { readonly s: number; readonly p: number; readonly t: number; readonly i: number },
  strength: string,
): string {
  return `${open(place, 'statement')},"id":${text(id)},"s":${refers.s},"p":${refers.p},"t":${refers.t},"i":${refers.i},"strength":"${strength}"}`
}

export type EndedFacts = Pick<StatementOutcome, 'rows' | 'bytes' | 'durationMs' | 'result'>

/** @param of  position of the intent, or its id if the position is not known */
export function endedBody(place: Place, of: number | string, facts: EndedFacts): string {
  const intent = typeof of === 'number' ? `"of":${of}` : `"of":0,"statement":${text(of)}`
  const ms = milliseconds(facts.durationMs)
  return `${open(place, 'statement.ended')},${intent},"rows":${number(facts.rows)},"bytes":${number(facts.bytes)},"ms":${ms},"result":${text(facts.result)}}`
}

export function noteBody(place: Place, what: string, count: number): string {
  return `${open(place, 'note')},"what":"${what}","count":${number(count)}}`
}

/** Events that refer to nothing but, perhaps, a session. */
export type PlainEvent = Exclude<AuditEvent, { readonly kind: 'statement' | 'statement.ended' }>

/** @param s  number of the session, for events that have one */
export function eventBody(place: Place, event: PlainEvent, s: number): string {
  const start = `${open(place, event.kind)},"id":${text(event.id)}`
  switch (event.kind) {
    case 'session.opened':
      return `${start},"s":${s},"by":${policies(event.decidedBy)}}`
    case 'session.closed':
      return `${start},"s":${s},"reason":${text(event.reason)},"bytesFromClient":${number(event.bytesFromClient)},"bytesToClient":${number(event.bytesToClient)}}`
    case 'statement.noise':
      return `${start},"s":${s},"statement":${text(event.statementId)},"count":${number(event.count)}}`
    case 'statement.snapshot':
      return `${start},"s":${s},"statement":${text(event.statementId)},"part":"${event.part}","table":${text(event.table)},"rows":${number(event.rows)},"hash":${text(event.hash)},"why":${text(event.why)}}`
    case 'session.refused':
      return `${start},${actor(event)},"targetName":${text(event.targetName)},"program":${text(event.program)},"code":${text(event.code)}}`
    case 'sign-in':
    case 'sign-in.failed':
    case 'sign-out':
      return `${start},${actor(event)},"code":${text(event.code)}}`
    case 'changed':
      return `${start},${actor(event)},"what":${text(event.what)},"object":${text(event.object)},"fields":${fields(event.fields)}}`
    default:
      return `${start},"version":${text(event.version)}}`
  }
}

function actor(event: Extract<PlainEvent, { readonly actor: unknown }>): string {
  const { userId, userName, address } = event.actor
  return `"user":${text(userId)},"userName":${text(userName)},"address":${text(address)}`
}

/**
 * `undefined` on either side is written as `null`: JSON would leave it out and shorten the pair. A value that JSON cannot
 * say must not keep the change itself off the record.
 */
function fields(changed: Readonly<Record<string, readonly [unknown, unknown]>>): string {
  const entries = Object.entries(changed).map(([name, [before, after]]) => [
    name,
    [plain(before), plain(after)],
  ])
  return JSON.stringify(Object.fromEntries(entries))
}

function plain(value: unknown): unknown {
  if (value === undefined) return null
  try {
    const said = JSON.stringify(value)
    return said === undefined ? '***' : (JSON.parse(said) as unknown)
  } catch {
    return '***'
  }
}
