// Requests: one number for the same wish, decided by those who may, good for exactly that statement and time.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChangeEvent } from '../core/event.ts'
import { createIds, type SessionId, type TargetId, type UserId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { type Database, openDatabase } from '../storage/database.ts'
import { createMessages } from '../storage/messages.ts'
import { createRequestStore } from '../storage/request-store.ts'
import { createRequests } from './create-requests.ts'
import { createRecorder } from './record.ts'
import type { Requests, StatementWish } from './requests.ts'
import { code } from './stores.contract.ts'

const person = (name: string, more: Partial<User> = {}): User => ({
  id: name as UserId,
  name,
  displayName: name,
  email: undefined,
  role: 'user',
  disabled: false,
  groups: [],
  ...more,
})
const hana = person('hana')
const shop = { id: 'shop' as TargetId, name: 'shop' } as Target
const minuteMs = 60_000

let folder: string
let database: Database
let requests: Requests
let people: Map<string, User>
let events: ChangeEvent[]
let published: string[]
let nowMs: number
let recording: boolean

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-requests-'))
  database = await openDatabase({ kind: 'sqlite', file: join(folder, 'a.db') })
})
after(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await database.query.deleteFrom('requests').execute()
  events = []
  published = []
  nowMs = 1_800_000_000_000
  recording = true
  people = new Map(
    [
      hana,
      person('dana', { groups: ['dba'] }),
      person('adam', { role: 'administrator' }),
      person('olga', { groups: ['other'] }),
    ].map(user => [user.id, user]),
  )
  requests = opened()
})

function opened(): Requests {
  const messages = createMessages(assert.ifError)
  messages.subscribe('requests', number => published.push(number))
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
  const newId = createIds(() => nowMs, randomBytes)
  return createRequests({
    store: createRequestStore(database),
    vault: {
      seal: (secret, purpose) => Buffer.from(`${purpose}|${secret.reveal()}`).toString('base64'),
      open(sealed, purpose) {
        const text = Buffer.from(sealed, 'base64').toString()
        assert.ok(text.startsWith(`${purpose}|`))
        return new Secret(text.slice(purpose.length + 1))
      },
    },
    people: { find: async id => people.get(id) },
    recorder: createRecorder(
      async event => {
        if (!recording) throw new Error('disk full')
        if (event.kind === 'changed') events.push(event)
      },
      clock,
      newId,
    ),
    messages,
    clock,
    newId,
    limits,
  })
}

const wish = (statement = 'delete from orders', more: Partial<StatementWish> = {}): StatementWish => ({
  user: hana,
  target: shop,
  sessionId: 's' as SessionId,
  statement,
  tables: ['public.orders'],
  hidden: [],
  policy: 'careful-deletes',
  approvers: 'dba',
  reason: 'cleaning up',
  ...more,
})
const by = (name: string) => ({ userId: name as UserId, userName: name, address: '10.0.0.1' })
const approve = { kind: 'approve', minutes: 15, once: false, note: '' } as const
const ask = async (given = wish()): Promise<number> => {
  const answer = await requests.seek(given)
  assert.equal(answer.kind, 'pending')
  return answer.requestNumber
}

test('the same wish has one number; another statement, person or target another', async () => {
  const first = await ask()
  assert.equal(await ask(), first)
  const together = await Promise.all([ask(wish('x')), ask(wish('x'))])
  assert.equal(new Set(together).size, 1)
  const others = [
    await ask(wish('delete from orders ')),
    await ask(wish(undefined, { user: person('ken') })),
    await ask(wish(undefined, { target: { ...shop, id: 'other' as TargetId } })),
  ]
  assert.equal(new Set([first, ...together, ...others]).size, 5)
  const [created] = events
  assert.equal(created?.what, 'request.created')
  assert.equal(created?.object, `request ${first}`)
  assert.equal(JSON.stringify(events).includes('delete from'), false)
  assert.equal(published[0], String(first))
})

test('an approval lets exactly that statement through until its time is over', async () => {
  const number = await ask()
  const decided = await requests.decide(number, approve, by('dana'))
  assert.deepEqual([decided.state, decided.decidedBy], ['approved', 'dana'])
  assert.deepEqual(await requests.seek(wish()), { kind: 'approved', requestNumber: number })
  assert.equal((await requests.seek(wish('delete from orders;'))).kind, 'pending')
  nowMs += 15 * minuteMs
  assert.equal((await requests.get(number, hana)).state, 'expired')
  const again = await requests.seek(wish())
  assert.ok(again.kind === 'pending' && again.requestNumber > number)
})

test('an approval for once lets one through, however many come at once', async () => {
  const number = await ask()
  await requests.decide(number, { ...approve, once: true }, by('adam'))
  const other = opened()
  const answers = await Promise.all([
    requests.seek(wish()),
    other.seek(wish()),
    requests.seek(wish()),
    other.seek(wish()),
  ])
  assert.equal(answers.filter(answer => answer.kind === 'approved').length, 1)
  assert.equal((await requests.get(number, hana)).state, 'used')
})

test('a refusal holds for a while and names who refused', async () => {
  const number = await ask()
  await requests.decide(number, { kind: 'refuse', note: 'not today' }, by('dana'))
  assert.deepEqual(await requests.seek(wish()), { kind: 'refused', requestNumber: number, by: 'dana' })
  nowMs += limits.requestRefusalHoldsMs
  assert.equal((await requests.seek(wish())).kind, 'pending')
})

test('nobody decides for themselves, nor without being asked, nor twice', async () => {
  const number = await ask()
  await assert.rejects(requests.decide(number, approve, by('hana')), code('request.forbidden'))
  await assert.rejects(requests.decide(number, approve, by('olga')), code('not-found'))
  await assert.rejects(requests.get(number, person('olga')), code('not-found'))
  await assert.rejects(requests.decide(number + 1, approve, by('dana')), code('not-found'))
  await assert.rejects(
    requests.decide(number, { ...approve, minutes: 481 }, by('dana')),
    code('request.invalid'),
  )
  people.set('dana', person('dana', { groups: ['dba'], disabled: true }))
  await assert.rejects(requests.decide(number, approve, by('dana')), code('sign-in.disabled'))
  people.set('hana', person('hana', { role: 'administrator', groups: ['dba'] }))
  await assert.rejects(requests.decide(number, approve, by('hana')), code('request.forbidden'))
  await requests.decide(number, approve, by('adam'))
  await assert.rejects(requests.decide(number, approve, by('adam')), code('conflict'))
})

test('what nobody decides in time is over, and says so', async () => {
  const number = await ask()
  nowMs += limits.requestLifeMs
  await assert.rejects(requests.decide(number, approve, by('dana')), code('conflict'))
  assert.equal((await requests.get(number, hana)).state, 'expired')
  assert.deepEqual(
    events.map(event => event.what),
    ['request.created', 'request.expired'],
  )
})

test('an author takes a request back, and who may approve takes an approval back', async () => {
  const number = await ask()
  await assert.rejects(requests.withdraw(number, by('dana')), code('conflict'))
  await requests.withdraw(number, by('hana'))
  const next = await ask()
  await requests.decide(next, approve, by('dana'))
  await requests.withdraw(next, by('adam'))
  assert.equal((await requests.seek(wish())).kind, 'pending')
})

test('each sees their own and those that wait for them', async () => {
  const number = await ask()
  const admins = await ask(wish('y', { approvers: undefined }))
  const dana = person('dana', { groups: ['dba'] })
  const list = await requests.for(dana)
  assert.deepEqual(
    list.waiting.map(one => one.number),
    [number],
  )
  assert.equal(list.waiting[0]?.subject.statement, 'delete from orders')
  assert.equal(await requests.waitingFor(dana), 1)
  assert.equal(await requests.waitingFor(person('adam', { role: 'administrator' })), 2)
  assert.equal(await requests.waitingFor(hana), 0)
  assert.deepEqual(
    (await requests.for(hana)).own.map(one => one.number),
    [admins, number],
  )
})

test('what cannot be recorded is neither asked for nor decided', async () => {
  const number = await ask()
  recording = false
  await assert.rejects(requests.seek(wish('z')), code('audit.unavailable'))
  await assert.rejects(requests.decide(number, approve, by('dana')), code('audit.unavailable'))
  recording = true
  assert.equal((await requests.seek(wish())).kind, 'pending')
  assert.equal((await requests.seek(wish('z'))).kind, 'pending')
  await requests.decide(number, { ...approve, once: true }, by('dana'))
  recording = false
  await assert.rejects(requests.seek(wish()), code('audit.unavailable'))
})

test('nobody can have too many open', async () => {
  for (let n = 0; n < limits.requestsPendingPerUserMax; n++) await ask(wish(`select ${n}`))
  await assert.rejects(requests.seek(wish('one more')), code('limit.exceeded'))
  assert.equal((await requests.seek(wish('select 3'))).kind, 'pending')
})

test('the statement is kept sealed', async () => {
  await ask(wish('select secret_word'))
  const rows = await database.query.selectFrom('requests').selectAll().execute()
  assert.equal(JSON.stringify(rows).includes('secret_word'), false)
})
