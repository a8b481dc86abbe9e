// Requests, open sessions and tokens of programs, over the console's API.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { SessionId, TargetId, UserId } from '../../core/ids.ts'
import { limits } from '../../core/limits.ts'
import type { Session } from '../../core/session.ts'
import type { Target } from '../../core/target.ts'
import type { GateEvent } from '../../gate/running.ts'
import type { ApiError, LiveEvent, SessionRow } from '../contract.ts'
import { type Browser, type OpenedConsole, openConsole } from '../open-console.contract.ts'

let opened: OpenedConsole
let admin: Browser
let hana: Browser
let dana: Browser
const ids = new Map<string, UserId>()

before(async () => {
  opened = await openConsole({ signInsPerMinuteMax: 100_000 })
  admin = await opened.person('root', 'administrator')
  await admin.call('POST /api/groups', { name: 'dba', description: '' })
  hana = await opened.person('hana', 'user')
  dana = await opened.person('dana', 'user', ['dba'])
  for (const { name, id } of await admin.call('GET /api/users')) ids.set(name, id)
})
after(() => opened.close())

const idOf = (name: string): UserId => ids.get(name) ?? assert.fail(name)

async function ask(statement: string): Promise<number> {
  const { requests, access } = opened.parts
  const user = (await access.users.byName('hana')) ?? assert.fail('hana')
  const answer = await requests.seek({
    user,
    target: { id: 'shop' as TargetId, name: 'shop' } as Target,
    sessionId: 's' as SessionId,
    statement,
    tables: ['public.orders'],
    hidden: [],
    policy: 'careful',
    approvers: 'dba',
    reason: undefined,
  })
  return answer.requestNumber
}

const row = (id: string, name: string): SessionRow => ({
  id,
  userId: idOf(name),
  userName: name,
  targetId: 't',
  targetName: 'shop',
  protocol: 'postgres',
  address: '10.0.0.7',
  program: 'psql',
  startedAtMs: 1,
  statements: 2,
  bytesToClient: 3,
  here: true,
  running: undefined,
})

test('a request is seen by its author and by who may decide it, and decided by them alone', async () => {
  const number = await ask('delete from orders where id < 5')
  const path = { number: String(number) }
  const own = (await hana.call('GET /api/requests')).own[0]
  assert.deepEqual([own?.number, own?.mine, own?.mayDecide, own?.state], [number, true, false, 'pending'])
  assert.equal(own?.subject.statement, 'delete from orders where id < 5')
  assert.deepEqual(await dana.call('GET /api/requests/waiting'), { waiting: 1 })
  assert.deepEqual(await hana.call('GET /api/requests/waiting'), { waiting: 0 })
  const approve = { kind: 'approve', minutes: 15, once: true, note: '' } as const
  await assert.rejects(hana.call('POST /api/requests/:number/decide', approve, path), /403 request.forbidden/)
  await assert.rejects(hana.call('POST /api/requests/:number/plan', undefined, path), /403/)
  const other = await opened.person('olga', 'user')
  await assert.rejects(other.call('GET /api/requests/:number', undefined, path), /404/)
  await assert.rejects(
    dana.call('POST /api/requests/:number/decide', { ...approve, minutes: 0 }, path),
    /400 request.invalid/,
  )
  const decided = await dana.call('POST /api/requests/:number/decide', approve, path)
  assert.deepEqual([decided.state, decided.decidedBy, decided.once], ['approved', 'dana', true])
  await assert.rejects(dana.call('POST /api/requests/:number/decide', approve, path), /409/)
  assert.equal((await dana.call('GET /api/requests')).decided[0]?.number, number)
  assert.equal((await hana.call('POST /api/requests/:number/withdraw', undefined, path)).state, 'withdrawn')
  await assert.rejects(dana.call('GET /api/requests/:number', undefined, { number: '1e3' }), /404/)
})

test('users see and end their own sessions, administrators all', async () => {
  opened.inside.splice(0, Infinity, row('s1', 'hana'), row('s2', 'dana'))
  const seen = async (browser: Browser) => (await browser.call('GET /api/sessions')).map(one => one.id)
  assert.deepEqual([await seen(hana), await seen(admin)], [['s1'], ['s1', 's2']])
  await hana.call('POST /api/sessions/:id/stop', undefined, { id: 's1' })
  await assert.rejects(hana.call('DELETE /api/sessions/:id', undefined, { id: 's2' }), /404/)
  await assert.rejects(hana.call('POST /api/sessions/:id/stop', undefined, { id: 's2' }), /404/)
  await admin.call('DELETE /api/sessions/:id', undefined, { id: 's2' })
  assert.deepEqual(opened.acted, ['stop s1 by hana', 'end s2 by root'])
})

const session = (name: string) =>
  ({
    id: `session of ${name}`,
    user: { id: idOf(name), name },
    target: { name: 'shop' },
    client: { program: 'psql' },
  }) as Session

const statement = (name: string, shape: string): GateEvent => ({
  kind: 'statement',
  session: session(name),
  statement: {
    id: shape as never,
    startedAtMs: 5,
    plan: {
      shape,
      verb: 'SELECT',
      tables: [],
      hidden: [],
      verdict: 'allowed',
      code: undefined,
      reason: undefined,
      decidedBy: [],
    },
  },
})

/** Reads lines of a stream one by one. */
async function live(browser: Browser) {
  const response = await browser.fetch('GET /api/sessions/live')
  assert.equal(response.status, 200)
  assert.ok(response.body)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  const lines: LiveEvent[] = []
  return {
    async next(): Promise<LiveEvent> {
      for (;;) {
        const line = lines.shift()
        if (line !== undefined) return line
        const { value, done } = await reader.read()
        assert.ok(!done, 'the stream ended')
        const parts = (rest + value).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts.map(part => JSON.parse(part) as LiveEvent))
      }
    },
    close: () => reader.cancel(),
  }
}

const tell = (event: GateEvent) => {
  for (const watcher of opened.watchers) watcher(event)
}

test('statements are seen as they pass, each their own, administrators all', async () => {
  const [all, own] = [await live(admin), await live(hana)]
  assert.deepEqual([(await all.next()).kind, (await own.next()).kind], ['still', 'still'])
  tell(statement('dana', 'select $1'))
  tell(statement('hana', 'select $2'))
  tell({
    kind: 'ended',
    session: session('hana'),
    id: 'select $2' as never,
    outcome: { rows: 1, bytes: 2, durationMs: 3, result: 'ok' },
  })
  const shapes = async (stream: Awaited<ReturnType<typeof live>>) => {
    const event = await stream.next()
    return event.kind === 'statement' ? event.shape : event.kind
  }
  assert.deepEqual([await shapes(all), await shapes(all)], ['select $1', 'select $2'])
  assert.deepEqual([await shapes(own), await shapes(own)], ['select $2', 'ended'])
  await all.close()
  await own.close()
})

test('who watches too much is told how much was left out', async () => {
  const stream = await live(admin)
  await stream.next()
  const count = limits.liveEventsPerSecondMax + 50
  for (let n = 0; n < count; n++) tell(statement('hana', String(n)))
  let seen = 0
  let dropped = 0
  // The next second begins at some time; what passes then says what was left out.
  const passing = setInterval(() => tell(statement('hana', 'again')), 20)
  while (dropped === 0) {
    const event = await stream.next()
    if (event.kind === 'statement') seen += 1
    if (event.kind === 'dropped') dropped = event.count
  }
  clearInterval(passing)
  assert.ok(seen >= limits.liveEventsPerSecondMax && dropped >= 1)
  await stream.close()
})

test('who watches and is disabled sees no more', async () => {
  const vera = await opened.person('vera', 'user')
  const stream = await live(vera)
  await stream.next()
  const id = (await opened.parts.access.users.byName('vera'))?.id ?? assert.fail()
  await admin.call('PUT /api/users/:id', { disabled: true }, { id })
  await assert.rejects(async () => {
    for (;;) await stream.next()
  })
})

test('a program administers with a token, which makes no other tokens and ends when revoked', async () => {
  await assert.rejects(hana.call('GET /api/api-tokens'), /403/)
  const { token, secret } = await admin.call('POST /api/api-tokens', { label: 'deploy', lifeDays: 1 })
  assert.match(secret, /^ska_[0-9A-Za-z]{40}$/)
  const call = (method: string, path: string, body?: object, bearer = secret) =>
    fetch(`${opened.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const codeOf = async (response: Response) => ((await response.json()) as ApiError).code
  assert.equal((await call('POST', '/api/groups', { name: 'made', description: '' })).status, 200)
  const change = opened.events.find(event => event.kind === 'changed' && event.object === 'made')
  assert.match(change?.kind === 'changed' ? change.actor.address : '', /API token deploy/)
  const forbidden = [
    await call('POST', '/api/api-tokens', { label: 'x', lifeDays: 1 }),
    await call('POST', '/api/tokens', { label: 'x', targets: [], lifeDays: 1 }),
  ]
  for (const response of forbidden) assert.equal(await codeOf(response), 'request.forbidden')
  assert.equal(await codeOf(await call('GET', '/api/users', undefined, `${secret}x`)), 'sign-in.required')
  assert.equal((await admin.call('GET /api/api-tokens'))[0]?.label, 'deploy')
  await admin.call('DELETE /api/api-tokens/:id', undefined, { id: token.id })
  assert.equal((await call('GET', '/api/users')).status, 401)
})
