// A gate for the tests of protocols: judges by marks in the text, remembers all it was asked to record.

import { createIds, type EventId, type SessionId, type TargetId, type UserId } from '../core/ids.ts'
import type { StatementPlan } from '../core/event.ts'
import { GatewayError } from '../core/errors.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Admission, Gate, Judged, Outcome, Passed, Visit } from '../gate/gate.ts'
import { Permit } from '../gate/permit.ts'
import type { ImagePlan, SqlState } from '../sql/dialect.ts'

export const testUser: User = {
  id: 'u1' as UserId,
  name: 'hana',
  displayName: 'Hana',
  email: undefined,
  role: 'user',
  disabled: false,
  groups: [],
}

export function testTarget(change: Partial<Target> = {}): Target {
  return {
    id: 't1' as TargetId,
    name: 'shop',
    protocol: 'postgres',
    host: '127.0.0.1',
    port: 5432,
    database: 'shop',
    account: 'admin',
    tls: 'disable',
    tlsCa: undefined,
    tags: {},
    listenPort: 40_000,
    disabled: false,
    ...change,
  }
}

export interface FakeState extends SqlState {
  readonly followed: readonly string[]
}

/** What was recorded: `intent <text>`, `refused <text>`, `ended <text> <result> <rows>`. */
export type FakeRecord = string[]

export interface FakeVisit extends Visit {
  readonly record: FakeRecord
  readOnly: boolean
  /** Texts rewritten: key in the text → replacement. Changing it makes everything judged before stale. */
  rewrites: Map<string, string>
  stale: boolean
  unrecorded: boolean
  /** How rows are kept of statements with this word in their text. */
  images: Map<string, ImagePlan>
  /** Rows cannot be stored. */
  unstored: boolean
  /** Judging answers later. */
  slow: boolean
  schemaChanges: number
  followed(): readonly string[]
  farewell: { reason: string; bytesFromClient: number; bytesToClient: number } | undefined
  cut(error: GatewayError): void
  /** Stops what runs. */
  interrupt(error: GatewayError): void
  /** Bytes told of so far. */
  bytesFlowed: number
  /** Says how admissions are called back; `setImmediate` if not given. */
  later: (act: () => void) => void
}

const verbOf = (text: string): string => text.trim().split(/\s+/, 2).join(' ').toUpperCase()

export function fakeVisit(readOnly = false): FakeVisit {
  const record: FakeRecord = []
  const newId = createIds(
    () => 1,
    size => new Uint8Array(size),
  )
  const texts = new Map<EventId, string>()
  let cutListener: ((error: GatewayError) => void) | undefined
  let interruptListener: ((error: GatewayError) => void) | undefined
  let followed: readonly string[] = []
  const judgeNow = (visit: FakeVisit, text: string): Judged => {
    const plan: StatementPlan = {
      shape: text,
      verb: verbOf(text),
      tables: [],
      hidden: [],
      verdict: text.includes('forbidden') ? 'denied' : 'allowed',
      code: undefined,
      reason: undefined,
      decidedBy: [],
    }
    if (text.includes('forbidden'))
      return {
        kind: 'stopped',
        original: text,
        code: 'statement.denied',
        message: 'You may not do this. Ask for it.',
        position: text.indexOf('forbidden') + 1,
        plan,
        strength: 'written',
      }
    let sent = text
    for (const [key, replacement] of visit.rewrites) sent = sent.replaceAll(key, replacement)
    const parts = text.split(';').filter(part => part.trim() !== '')
    const image = [...visit.images].find(([word]) => text.includes(word))?.[1]
    return {
      kind: 'passed',
      original: text,
      text: sent,
      reduceErrors: text.includes('hidden'),
      plan,
      strength: 'written',
      ...(image && { image }),
      reading: {
        kind: 'reading',
        text,
        shape: text,
        action: {
          kind: 'sql',
          statements: parts.map(part => ({ verb: verbOf(part), tables: [], effects: [], functions: [] })),
        },
        changesState: /\b(set|use|create temp)\b/i.test(text),
        changesSchema: /\b(create|drop|alter)\b/i.test(text),
      },
    }
  }
  const judgedAt = new WeakMap<Judged, number>()
  let version = 0
  let rewrites = new Map<string, string>()
  const visit: FakeVisit = {
    record,
    get rewrites() {
      return rewrites
    },
    set rewrites(next) {
      rewrites = next
      version++
    },
    stale: false,
    unrecorded: false,
    images: new Map(),
    unstored: false,
    slow: false,
    schemaChanges: 0,
    farewell: undefined,
    later: act => setImmediate(act),
    followed: () => followed,
    session: {
      id: 's1' as SessionId,
      user: testUser,
      target: testTarget({ snapshotRowsMax: 2 }),
      client: { address: 'test', program: 'test', credential: 'test' },
      startedAtMs: 0,
    },
    passage: Permit.issue([]),
    initialState: { key: '' },
    readOnly,
    bytesFlowed: 0,
    onInterrupt(listener) {
      interruptListener = listener
    },
    interrupt(error) {
      interruptListener?.(error)
    },
    flowed(bytes) {
      this.bytesFlowed += bytes
    },
    judge(text) {
      const judged = judgeNow(this, text)
      judgedAt.set(judged, version)
      return this.slow ? new Promise(resolve => setImmediate(() => resolve(judged))) : judged
    },
    follow(state, passed: Passed, index) {
      followed = [...followed, `${index} ${passed.original}`]
      return { key: `${state.key}|${passed.original}` }
    },
    isStale: judged => judgedAt.get(judged) !== version,
    hidesAnything: false,
    schemaChanged() {
      this.schemaChanges++
    },
    admit(statements, done: (admission: Admission) => void) {
      const ids = statements.map(() => newId<EventId>())
      statements.forEach((judged, i) => {
        const id = ids[i]
        if (id) texts.set(id, judged.original)
        if (!this.unrecorded)
          record.push(`${judged.kind === 'passed' ? 'intent' : 'refused'} ${judged.original}`)
      })
      this.later(() =>
        done(
          this.unrecorded
            ? { kind: 'unrecorded', error: new GatewayError('audit.unavailable') }
            : { kind: 'recorded', permit: Permit.issue(ids) },
        ),
      )
    },
    keepRows(statement, part, image) {
      record.push(`${part} ${texts.get(statement)} ${JSON.stringify(image.rows)}`)
      return this.unstored ? Promise.reject(new GatewayError('audit.unavailable')) : Promise.resolve()
    },
    skipRows(statement, _table, why) {
      record.push(`skipped ${texts.get(statement)} ${why}`)
    },
    ended(statement, outcome: Outcome) {
      record.push(`ended ${texts.get(statement)} ${outcome.result} ${outcome.rows}`)
    },
    onCut(listener) {
      cutListener = listener
    },
    cut(error) {
      cutListener?.(error)
    },
    leave(reason, traffic) {
      this.farewell ??= { reason, ...traffic }
    },
  }
  return visit
}

export interface FakeGate extends Gate {
  readonly entered: FakeVisit[]
  readonly turned: string[]
  refuse: GatewayError | undefined
  /** Whether visits from now on are read only. */
  readOnly: boolean
}

export function fakeGate(): FakeGate {
  const entered: FakeVisit[] = []
  const turned: string[] = []
  return {
    entered,
    turned,
    refuse: undefined,
    readOnly: false,
    enter() {
      if (this.refuse) return Promise.reject(this.refuse)
      const visit = fakeVisit(this.readOnly)
      entered.push(visit)
      return Promise.resolve(visit)
    },
    turnedAway(who, error) {
      turned.push(`${who.userName} ${error.code}`)
    },
    visits: () => entered.map(visit => visit.session),
    rehearse: () => Promise.reject(new Error('not here')),
    recheck: () => undefined,
    drain: () => Promise.resolve(),
  }
}
