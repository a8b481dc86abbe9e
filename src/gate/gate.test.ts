// The gate's order: judged under what is in force, on record before the permit, and cut when access ends.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SqlAction } from '../core/action.ts'
import { GatewayError } from '../core/errors.ts'
import type { AuditEvent } from '../core/event.ts'
import { createIds, type TargetId, type UserId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import type { Messages, Topic } from '../core/messages.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { noGuards, type Sight, type Verdict } from '../core/verdict.ts'
import type { PolicySet } from '../policy/policy.ts'
import type { Dialect, Reading, SqlState } from '../sql/dialect.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import { createGate, type GateParts } from './create-gate.ts'
import type { Admission, Judged } from './gate.ts'

const ann: User = {
  id: 'u1' as UserId,
  name: 'ann',
  displayName: 'Ann',
  email: undefined,
  role: 'user',
  disabled: false,
  groups: ['analysts'],
}
const shop: Target = {
  id: 't1' as TargetId,
  name: 'shop',
  protocol: 'postgres',
  host: 'db',
  port: 5432,
  database: 'shop',
  account: 'sekisho',
  tls: 'disable',
  tlsCa: undefined,
  tags: {},
  listenPort: 40_000,
  disabled: false,
}
const client = { address: '127.0.0.1', program: 'psql', credential: 'token-1' }

/** A dialect in which `read x` touches table x, `lift x` would let a session write, `unknown x` names what no picture knows before version 2, and `bad` is unreadable. */
const dialect: Dialect = {
  name: 'postgresql',
  initialState: { key: '' },
  index: snapshot => ({ snapshot }),
  read(text, schema) {
    const table = text.split(' ')[1] ?? ''
    if (text === 'bad' || (text.startsWith('unknown') && schema.snapshot.version === '1')) {
      const problem = { code: 'statement.unreadable' as const, message: 'not understood', position: 1 }
      return { kind: 'unreadable', problem, shape: text, unknownName: text !== 'bad' }
    }
    const statement = {
      verb: 'SELECT',
      tables: [{ schema: 's', table, effects: ['select' as const], reads: [], writes: [] }],
      effects: [],
      functions: [],
    }
    const action: SqlAction = { kind: 'sql', statements: [statement] }
    const liftsReadOnly = text.startsWith('lift')
    return {
      kind: 'reading',
      text,
      action,
      shape: text,
      changesState: false,
      changesSchema: false,
      liftsReadOnly,
    }
  },
  rewrite(reading: Reading, _schema, _state, sight: Sight) {
    if (!sight.hidesAnything)
      return { kind: 'rewritten', text: reading.text, hidden: [], reduceErrors: false }
    return { kind: 'rewritten', text: `masked ${reading.text}`, hidden: ['s.x.email'], reduceErrors: true }
  },
  follow: state => state,
}

interface World {
  parts: { -readonly [K in keyof GateParts]: GateParts[K] }
  events: AuditEvent[]
  /** Pending `record` callbacks, oldest first. */
  waiting: ((error: Error | undefined) => void)[]
  recordAtOnce: boolean
  people: Map<string, User>
  policies: PolicySet
  schemaVersion: string
  outdated: number
  nowMs: number
  publish(topic: Topic, payload: string): void
}

function policySet(
  version: number,
  options: { connect?: boolean; select?: boolean; hides?: boolean; readOnly?: boolean } = {},
): PolicySet {
  const allowed: Verdict = {
    kind: 'allowed',
    decidedBy: [{ name: 'p', version }],
    rowLimit: undefined,
    strength: 'written',
    guards: noGuards,
  }
  const denied: Verdict = { kind: 'denied', code: 'statement.denied', reason: 'ask for it', decidedBy: [] }
  return {
    version,
    volatile: false,
    looksAtApproval: false,
    judge: (_asker, action) =>
      (action.kind === 'connect' ? options.connect : options.select) === false ? denied : allowed,
    isReadOnly: () => options.readOnly === true,
    see: () => ({ version: String(version), hidesAnything: options.hides === true, table: () => undefined }),
  }
}

function createWorld(): World {
  const listeners: [Topic, (payload: string) => void][] = []
  const messages: Messages = {
    publish: () => {},
    subscribe(topic, listener) {
      listeners.push([topic, listener])
      return () => {}
    },
  }
  const snapshots = new Map<string, SchemaSnapshot>()
  const snapshot = (): SchemaSnapshot => {
    const version = world.schemaVersion
    const known = snapshots.get(version)
    if (known !== undefined) return known
    const made = { version, takenAtMs: world.nowMs } as SchemaSnapshot
    snapshots.set(version, made)
    return made
  }
  let random = 0
  const world: World = {
    events: [],
    waiting: [],
    recordAtOnce: true,
    people: new Map([[ann.id, ann]]),
    policies: policySet(1),
    schemaVersion: '1',
    outdated: 0,
    nowMs: 1_000_000,
    publish(topic, payload) {
      for (const [wanted, listener] of listeners) if (wanted === topic) listener(payload)
    },
    parts: {
      dialects: { postgres: dialect, mysql: dialect },
      policies: () => world.policies,
      people: { find: async id => world.people.get(id) },
      targets: {
        find: async () => shop,
        currentSchema: () => snapshot(),
        freshSchema: async () => snapshot(),
        outdateSchema() {
          world.outdated += 1
          world.schemaVersion = '2'
        },
        tags: () => ({ version: '1', tables: [] }),
        maskKey: () => '00',
      },
      trail: {
        append: event => void world.events.push(event),
        record(events, done) {
          if (world.recordAtOnce) {
            world.events.push(...events)
            queueMicrotask(() => done(undefined))
          } else {
            world.waiting.push(error => {
              if (error === undefined) world.events.push(...events)
              done(error)
            })
          }
        },
      },
      messages,
      clock: { nowMs: () => world.nowMs, monotonicMs: () => world.nowMs },
      newId: createIds(
        () => world.nowMs,
        size => new Uint8Array(size).fill(random++),
      ),
      limits,
      meter: { statement: () => {}, ended: () => {}, visits: () => {} },
      strengthAtLeast: 'written',
      after: () => () => {},
    },
  }
  return world
}

const passed = (judged: Judged): string =>
  judged.kind === 'passed' ? judged.text : `stopped: ${judged.code}`
const state: SqlState = { key: '' }

test('a statement gets its permit only after its intent is on record', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const visit = await gate.enter(ann, shop, client)
  const judged = await visit.judge('read x', state)
  world.recordAtOnce = false
  let admission: Admission | undefined
  visit.admit([judged], given => {
    admission = given
  })
  assert.equal(admission, undefined)
  world.waiting.shift()?.(undefined)
  assert.equal(world.events.at(-1)?.kind, 'statement')
  assert.ok(admission !== undefined && (admission as Admission).kind === 'recorded')
})

test('what cannot be recorded gets no permit', async () => {
  const world = createWorld()
  const visit = await createGate(world.parts).enter(ann, shop, client)
  const judged = await visit.judge('read x', state)
  world.recordAtOnce = false
  const admissions: Admission[] = []
  visit.admit([judged], given => void admissions.push(given))
  world.waiting.shift()?.(new Error('disk full'))
  const [admission] = admissions
  assert.ok(admission?.kind === 'unrecorded' && admission.error.code === 'audit.unavailable')
})

test('nobody enters when the visit cannot be recorded', async () => {
  const world = createWorld()
  world.recordAtOnce = false
  const entering = createGate(world.parts).enter(ann, shop, client)
  await new Promise(resolve => setImmediate(resolve))
  world.waiting.shift()?.(new Error('disk full'))
  await assert.rejects(entering, (error: GatewayError) => error.code === 'audit.unavailable')
})

test('a change of policy is seen at the next statement, and a judgement from before is stale', async () => {
  const world = createWorld()
  const visit = await createGate(world.parts).enter(ann, shop, client)
  const before = await visit.judge('read x', state)
  assert.equal(passed(before), 'read x')
  assert.equal(visit.isStale(before), false)
  world.policies = policySet(2, { hides: true })
  assert.equal(visit.isStale(before), true)
  assert.equal(passed(await visit.judge('read x', state)), 'masked read x')
  world.policies = policySet(3, { select: false })
  assert.equal(passed(await visit.judge('read x', state)), 'stopped: statement.denied')
})

test('a person who is disabled, or may not connect any more, is cut off', async () => {
  for (const withdraw of [
    (world: World) => {
      world.people.set(ann.id, { ...ann, disabled: true })
      world.publish('users', ann.id)
    },
    (world: World) => {
      world.policies = policySet(2, { connect: false })
      world.publish('policies', '2')
    },
  ]) {
    const world = createWorld()
    const visit = await createGate(world.parts).enter(ann, shop, client)
    const cut = new Promise<GatewayError>(resolve => visit.onCut(resolve))
    withdraw(world)
    assert.equal((await cut).code, 'connect.denied')
    assert.equal(passed(await visit.judge('read x', state)), 'stopped: connect.denied')
  }
})

test('a revoked token cuts the visits that came with it, and no others', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const one = await gate.enter(ann, shop, client)
  const other = await gate.enter(ann, shop, { ...client, credential: 'token-2' })
  const cuts: string[] = []
  one.onCut(error => void cuts.push(error.code))
  other.onCut(error => void cuts.push(`other ${error.code}`))
  world.publish('tokens', 'token-1')
  assert.deepEqual(cuts, ['session.ended'])
})

test('a token that is revoked while its holder is on the way in lets nobody stay', async () => {
  const world = createWorld()
  world.recordAtOnce = false
  const entering = createGate(world.parts).enter(ann, shop, client)
  while (world.waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
  world.publish('tokens', 'token-1')
  world.waiting.shift()?.(undefined)
  const visit = await entering
  const cut = await new Promise<GatewayError>(resolve => visit.onCut(resolve))
  assert.equal(cut.code, 'session.ended')
})

test('somebody who is disabled while on the way in does not stay', async () => {
  const world = createWorld()
  world.recordAtOnce = false
  const entering = createGate(world.parts).enter(ann, shop, client)
  while (world.waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
  world.people.set(ann.id, { ...ann, disabled: true })
  world.publish('users', ann.id)
  world.waiting.shift()?.(undefined)
  const visit = await entering
  const cut = await new Promise<GatewayError>(resolve => visit.onCut(resolve))
  assert.equal(cut.code, 'connect.denied')
})

test('a target that was moved cuts the visits that are still at the old place', async () => {
  for (const moved of [{ host: 'elsewhere' }, { port: 1 }, { database: 'other' }, { account: 'other' }]) {
    const world = createWorld()
    const visit = await createGate(world.parts).enter(ann, shop, client)
    world.parts.targets = { ...world.parts.targets, find: async () => ({ ...shop, ...moved }) }
    const cut = new Promise<GatewayError>(resolve => visit.onCut(resolve))
    world.publish('targets', shop.id)
    assert.equal(passed(await visit.judge('read x', state)), 'stopped: session.ended')
    assert.equal((await cut).code, 'session.ended')
  }
})

test('a visit that is read only stays so', async () => {
  const world = createWorld()
  const free = await createGate(world.parts).enter(ann, shop, client)
  assert.equal(free.readOnly, false)
  assert.equal(passed(await free.judge('lift x', state)), 'lift x')
  world.policies = policySet(2, { readOnly: true })
  const kept = await createGate(world.parts).enter(ann, shop, client)
  assert.equal(kept.readOnly, true)
  assert.equal(passed(await kept.judge('lift x', state)), 'stopped: statement.denied')
  assert.equal(passed(await kept.judge('read x', state)), 'read x')
})

test('what policies may look at tells judgements apart', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const allows = policySet(1)
  const byEmail: PolicySet = {
    ...allows,
    judge: (asker, action) =>
      action.kind === 'connect' || asker.user.email === 'ann@corp.example'
        ? allows.judge(asker, action)
        : policySet(1, { select: false }).judge(asker, action),
  }
  world.policies = byEmail
  world.people.set(ann.id, { ...ann, email: 'ann@corp.example' })
  const visit = await gate.enter(ann, shop, client)
  assert.equal(passed(await visit.judge('read x', state)), 'read x')
  world.people.set(ann.id, { ...ann, email: 'ann@elsewhere.example' })
  world.publish('users', ann.id)
  assert.equal(passed(await visit.judge('read x', state)), 'stopped: statement.denied')
})

test('a name that is not known is looked for once in a fresh picture of the tables', async () => {
  const world = createWorld()
  const visit = await createGate(world.parts).enter(ann, shop, client)
  assert.equal(passed(await visit.judge('unknown y', state)), 'unknown y')
  assert.equal(world.outdated, 1)
})

test('a name asked for again and again does not make the picture be taken again and again', async () => {
  const world = createWorld()
  world.parts.targets = { ...world.parts.targets, outdateSchema: () => void world.outdated++ }
  const visit = await createGate(world.parts).enter(ann, shop, client)
  for (let n = 0; n < 3; n++)
    assert.equal(passed(await visit.judge('unknown y', state)), 'stopped: statement.unreadable')
  assert.equal(world.outdated, 1)
  world.nowMs += limits.schemaRetryMs
  await visit.judge('unknown y', state)
  assert.equal(world.outdated, 2)
})

test('what cannot be read is refused and recorded', async () => {
  const world = createWorld()
  const visit = await createGate(world.parts).enter(ann, shop, client)
  const judged = await visit.judge('bad', state)
  assert.equal(passed(judged), 'stopped: statement.unreadable')
  await new Promise<void>(resolve => visit.admit([judged], () => resolve()))
  const event = world.events.at(-1)
  assert.ok(
    event?.kind === 'statement' &&
      event.plan.verdict === 'denied' &&
      event.plan.code === 'statement.unreadable',
  )
})

test('statements of one shape share one plan, so that it is recorded once', async () => {
  const world = createWorld()
  const visit = await createGate(world.parts).enter(ann, shop, client)
  const one = await visit.judge('read x', { key: 'a' })
  const two = await visit.judge('read x', { key: 'b' })
  assert.notEqual(one, two)
  assert.equal(one.plan, two.plan)
})

test('draining cuts who is idle, waits for who is busy, and lets nobody in', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const idle = await gate.enter(ann, shop, client)
  const busy = await gate.enter(ann, shop, client)
  const judged = await busy.judge('read x', state)
  const admission = await new Promise<Admission>(resolve => busy.admit([judged], resolve))
  const cuts: string[] = []
  const none = { bytesFromClient: 0, bytesToClient: 0 }
  idle.onCut(() => {
    cuts.push('idle')
    idle.leave('cut', none)
  })
  busy.onCut(() => {
    cuts.push('busy')
    busy.leave('cut', none)
  })
  const drained = gate.drain(1000)
  assert.deepEqual(cuts, ['idle'])
  await assert.rejects(
    gate.enter(ann, shop, client),
    (error: GatewayError) => error.code === 'server.draining',
  )
  assert.ok(admission.kind === 'recorded')
  for (const id of admission.permit.statements)
    busy.ended(id, { rows: 0, bytes: 0, durationMs: 1, result: 'ok' })
  await drained
  assert.deepEqual(cuts, ['idle', 'busy'])
})

test('one user cannot open more sessions than the limit', async () => {
  const world = createWorld()
  const gate = createGate({ ...world.parts, limits: { ...limits, sessionsPerUserMax: 1 } })
  await gate.enter(ann, shop, client)
  await assert.rejects(
    gate.enter(ann, shop, client),
    (error: GatewayError) => error.code === 'limit.exceeded',
  )
})

test('who is turned away leaves a name of bounded length on record', () => {
  const world = createWorld()
  const who = {
    userName: 'x'.repeat(10_000),
    address: '127.0.0.1',
    program: 'y'.repeat(10_000),
    targetName: 'shop',
  }
  createGate(world.parts).turnedAway(who, new GatewayError('token.invalid'))
  const event = world.events.at(-1)
  assert.ok(event?.kind === 'session.refused')
  assert.equal(event.actor.userName.length, limits.strangerCharsMax)
  assert.equal(event.program.length, limits.strangerCharsMax)
})

test('people see what runs, watch it pass, and stop it while the visit goes on', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const seen: string[] = []
  const unwatch = gate.watch(event => seen.push(`${event.kind} ${event.session.user.name}`))
  const visit = await gate.enter(ann, shop, client)
  const stopped: string[] = []
  visit.onInterrupt(error => stopped.push(error.code))
  const judged = await visit.judge('read x', state)
  const admission = await new Promise<Admission>(resolve => visit.admit([judged], resolve))
  visit.flowed(7)
  const [session] = gate.sessions()
  assert.equal(session?.running?.plan.shape, 'read x')
  assert.deepEqual([session?.statements, session?.bytesToClient, session?.runningBytes], [1, 7, 7])
  world.publish('interrupts', 'another session')
  world.publish('interrupts', visit.session.id)
  assert.deepEqual(stopped, ['statement.stopped'])
  assert.ok(admission.kind === 'recorded')
  const [id] = admission.permit.statements
  assert.ok(id !== undefined)
  visit.ended(id, { rows: 0, bytes: 0, durationMs: 1, result: '57014' })
  assert.equal(gate.sessions()[0]?.running, undefined)
  // Nothing runs: there is nothing to stop.
  world.publish('interrupts', visit.session.id)
  assert.equal(stopped.length, 1)
  unwatch()
  visit.leave('left', { bytesFromClient: 0, bytesToClient: 0 })
  assert.deepEqual(seen, ['opened ann', 'statement ann', 'ended ann'])
  assert.deepEqual(gate.sessions(), [])
})

test('a rehearsal under a draft asks, and leaves what is in force, what is judged and the record alone', async () => {
  const world = createWorld()
  const gate = createGate(world.parts)
  const visit = await gate.enter(ann, shop, client)
  const recorded = world.events.length
  const refusing = policySet(1, { select: false })
  const draft = await gate.rehearse(ann, shop, { policies: refusing })
  assert.equal(draft.judge('read x').kind, 'stopped')
  assert.equal(draft.try(['read x', 'read y'])[1]?.verdict, 'stopped')
  // The same person, place, version and text, before and after: nothing of the draft is found.
  assert.equal((await visit.judge('read x', visit.initialState)).kind, 'passed')
  const other = await gate.enter(ann, shop, client)
  assert.equal((await other.judge('read x', other.initialState)).kind, 'passed')
  assert.equal((await gate.rehearse(ann, shop)).judge('read x').kind, 'passed')
  assert.equal(draft.judge('read x').kind, 'stopped')
  assert.equal(world.events.length, recorded + 1)
  await assert.rejects(gate.rehearse(ann, shop, { policies: policySet(1, { connect: false }) }), {
    code: 'connect.denied',
  })
  assert.equal(gate.visits().length, 2)
})
