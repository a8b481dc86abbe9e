// Who is inside, what runs, and ending it: on one server, and from another one of the same database.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { LiveEvent, SessionRow } from '../../src/console/contract.ts'
import type { ApiClient } from '../support/api-client.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

/** Whatever was withdrawn is noticed within this time. */
const noticeMs = 1_000
const untilMs = 10_000

let mariadb: Mariadb
let shop: RunningPostgres
let first: RunningSekisho
let second: RunningSekisho

const policies = `
@id("readers-read")
permit(principal in Group::"readers", action in [Action::"connect", Action::"select", Action::"call"], resource);
@id("ann-too")
permit(principal == User::"ann", action in [Action::"connect", Action::"select", Action::"call"], resource);
`

before(async () => {
  ;[mariadb, shop] = await Promise.all([startMariadb(), startShop()])
  const environment = {
    SEKISHO_DATABASE_KIND: 'mysql',
    SEKISHO_DATABASE_HOST: mariadb.host,
    SEKISHO_DATABASE_PORT: String(mariadb.port),
    SEKISHO_DATABASE_NAME: mariadb.database,
    SEKISHO_DATABASE_USER: mariadb.user,
    SEKISHO_DATABASE_PASSWORD: mariadb.password,
    SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000',
    SEKISHO_KEY_VALUE: randomBytes(32).toString('base64'),
  }
  first = await startSekisho({ environment })
  await first.addTarget('shop', shop)
  await first.savePolicies(policies)
  second = await startSekisho({ environment, joins: first })
})

after(async () => {
  await second?.stop()
  await first?.stop()
  await Promise.all([mariadb?.stop(), shop?.stop()])
})

interface Guest {
  readonly client: pg.Client
  /** When the connection was ended by the other side. */
  readonly gone: Promise<number>
}

async function enter(person: Person): Promise<Guest> {
  const client = new pg.Client(person.connection('shop'))
  const gone = new Promise<number>(resolve => {
    client.on('error', () => resolve(performance.now()))
    client.on('end', () => resolve(performance.now()))
  })
  await client.connect()
  return { client, gone }
}

interface Failure {
  readonly code: string | undefined
  readonly message: string
  readonly atMs: number
}

/** Runs a statement that takes long. */
function runLong({ client }: Guest): Promise<Failure> {
  const failed = client.query('select pg_sleep(60)').then(
    () => assert.fail('the statement came to its end'),
    (error: Error & { readonly code?: string }) => ({
      code: error.code,
      message: error.message,
      atMs: performance.now(),
    }),
  )
  // Whoever waits for it may come later.
  failed.catch(() => undefined)
  return failed
}

async function until<T>(
  api: ApiClient,
  wanted: (sessions: readonly SessionRow[]) => T,
): Promise<NonNullable<T>> {
  const end = performance.now() + untilMs
  for (;;) {
    const found = wanted(await api.call('GET /api/sessions'))
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>
    if (performance.now() > end) throw new Error('not seen among the sessions')
    await pause(20)
  }
}

const sessionOf = (api: ApiClient, name: string) =>
  until(api, sessions => sessions.find(one => one.userName === name))

/** Whether the target still works on a statement of ours. */
async function runsAtTarget(): Promise<boolean> {
  const { rows } = await shop.run(
    "select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
  )
  return (rows as readonly { readonly n: number }[])[0]?.n !== 0
}

async function targetIsQuiet(): Promise<void> {
  const end = performance.now() + untilMs
  while (await runsAtTarget()) {
    if (performance.now() > end) throw new Error('the target still works on it')
    await pause(20)
  }
}

test('a running statement is seen and stopped at the target, and its session goes on', async () => {
  const ann = await first.addPerson('ann', [])
  const guest = await enter(ann)
  const { id } = await sessionOf(first.admin, 'ann')
  const failing = runLong(guest)
  const running = await until(first.admin, sessions => sessions.find(one => one.id === id)?.running)
  assert.equal(running.verb, 'SELECT')
  assert.match(running.shape, /pg_sleep\(\$1\)/)
  const atMs = performance.now()
  await first.admin.call('POST /api/sessions/:id/stop', undefined, { id })
  const failure = await failing
  assert.ok(failure.atMs - atMs < noticeMs, `${failure.atMs - atMs} ms`)
  assert.equal(failure.code, '57014')
  assert.match(failure.message, /stopped/)
  await targetIsQuiet()
  assert.equal((await guest.client.query('select 1 as one')).rows.length, 1)
  const [entry] = await first.auditUntil(
    { kinds: ['changed'], search: 'statement.stopped' },
    one => one.length > 0,
  )
  assert.equal(entry?.userName, 'admin')
  assert.equal(entry?.what, 'statement.stopped')
  await guest.client.end()
})

test('users end their own sessions and know of no others', async () => {
  const [bea, kim] = [await first.addPerson('bea', ['readers']), await first.addPerson('kim', ['readers'])]
  const [a, b] = [await enter(bea), await enter(kim)]
  const { id } = await sessionOf(bea.api, 'bea')
  assert.deepEqual(
    (await kim.api.call('GET /api/sessions')).map(one => one.userName),
    ['kim'],
  )
  await assert.rejects(kim.api.call('DELETE /api/sessions/:id', undefined, { id }))
  const atMs = performance.now()
  await bea.api.call('DELETE /api/sessions/:id', undefined, { id })
  assert.ok((await a.gone) - atMs < noticeMs)
  assert.equal((await b.client.query('select 1')).rows.length, 1)
  await b.client.end()
})

test('whatever lets somebody in cuts them within a second when it goes, in the middle of a statement', async () => {
  const revoking: readonly (readonly [
    what: string,
    revoke: (person: Person, admin: ApiClient) => Promise<unknown>,
  ])[] = [
    [
      'disabled',
      async ({ name }, admin) => {
        const id = (await admin.call('GET /api/users')).find(user => user.name === name)?.id ?? ''
        await admin.call('PUT /api/users/:id', { disabled: true }, { id })
      },
    ],
    [
      'removed',
      async ({ name }, admin) => {
        const id = (await admin.call('GET /api/users')).find(user => user.name === name)?.id ?? ''
        await admin.call('DELETE /api/users/:id', undefined, { id })
      },
    ],
    [
      'left-group',
      async ({ name }, admin) => {
        const group = (await admin.call('GET /api/groups')).find(one => one.name === 'readers')
        const members = (group?.members ?? []).filter(member => member !== name)
        await admin.call('PUT /api/groups/:id', { members }, { id: group?.id ?? '' })
      },
    ],
    [
      'token',
      async ({ api }) => {
        const [token] = await api.call('GET /api/tokens')
        await api.call('DELETE /api/tokens/:id', undefined, { id: token?.id ?? '' })
      },
    ],
  ]
  for (const [what, revoke] of revoking) {
    const person = await first.addPerson(`x-${what}`, ['readers'])
    const guest = await enter(person)
    const { id } = await sessionOf(first.admin, person.name)
    const failing = runLong(guest)
    await until(first.admin, sessions => sessions.find(one => one.id === id)?.running)
    const atMs = performance.now()
    await revoke(person, first.admin)
    await failing
    assert.ok((await guest.gone) - atMs < noticeMs, `${what}: ${(await guest.gone) - atMs} ms`)
    await targetIsQuiet()
  }
})

test('a policy that goes cuts, also when it was saved at another server', async () => {
  const lea = await first.addPerson('lea', ['readers'])
  const guest = await enter(lea)
  const { id } = await sessionOf(first.admin, 'lea')
  const failing = runLong(guest)
  await until(first.admin, sessions => sessions.find(one => one.id === id)?.running)
  const atMs = performance.now()
  await second.savePolicies(
    '@id("nobody") permit(principal == User::"nobody", action == Action::"connect", resource);',
  )
  await failing
  assert.ok((await guest.gone) - atMs < noticeMs, `${(await guest.gone) - atMs} ms`)
  await targetIsQuiet()
  await second.savePolicies(policies)
  const end = performance.now() + noticeMs
  for (;;) {
    const back = await enter(lea).catch(() => undefined)
    if (back !== undefined) {
      await back.client.end()
      break
    }
    assert.ok(performance.now() < end, 'the policies are not known at the first server')
  }
})

test('another server knows who is inside, stops statements and ends sessions', async () => {
  const mia = await first.addPerson('mia', ['readers'])
  const guest = await enter(mia)
  const { id } = await sessionOf(second.admin, 'mia')
  const failing = runLong(guest)
  const seen = await until(second.admin, sessions =>
    sessions.find(one => one.id === id && one.running !== undefined),
  )
  assert.equal(seen.here, false)
  let atMs = performance.now()
  await second.admin.call('POST /api/sessions/:id/stop', undefined, { id })
  const failure = await failing
  assert.ok(failure.atMs - atMs < noticeMs, `${failure.atMs - atMs} ms`)
  assert.equal(failure.code, '57014')
  atMs = performance.now()
  await second.admin.call('DELETE /api/sessions/:id', undefined, { id })
  assert.ok((await guest.gone) - atMs < noticeMs)
  await until(second.admin, sessions => !sessions.some(one => one.id === id))
})

test('statements are watched as they pass at another server', async () => {
  const ola = await first.addPerson('ola', ['readers'])
  const response = await second.admin.fetch('GET /api/sessions/live', undefined)
  assert.ok(response.body)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const { client } = await enter(ola)
  let heard = ''
  const reading = (async () => {
    while (!/"result":"ok"/.test(heard)) {
      const { value, done } = await reader.read()
      if (done) return
      heard += value
    }
  })()
  const asking = setInterval(() => void client.query("select id from customers where country = 'FR'"), 200)
  await reading
  clearInterval(asking)
  await reader.cancel()
  await client.end()
  assert.match(heard, /"kind":"statement".*"userName":"ola".*"verb":"SELECT"/)
  assert.equal(heard.includes("'FR'"), false)
})

test('statements are watched as they pass', async () => {
  const noa = await first.addPerson('noa', ['readers'])
  const response = await first.admin.fetch('GET /api/sessions/live', undefined)
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson; charset=utf-8')
  assert.ok(response.body)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const seen: LiveEvent[] = []
  const reading = (async () => {
    let rest = ''
    while (!seen.some(event => event.kind === 'closed')) {
      const { value, done } = await reader.read()
      if (done) return
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      seen.push(...lines.map(line => JSON.parse(line) as LiveEvent))
    }
  })()
  const { client } = await enter(noa)
  await client.query("select id from customers where country = 'JP' limit 3")
  await client.query('delete from orders').catch(() => undefined)
  await client.end()
  await reading
  await reader.cancel()
  const own = seen.flatMap(event =>
    event.kind === 'statement'
      ? [`${event.verdict} ${event.verb}`]
      : event.kind === 'ended'
        ? [event.result]
        : [],
  )
  // The client may leave before the target has said that it is ready again.
  assert.deepEqual(own.slice(0, 3), ['allowed SELECT', 'ok', 'denied DELETE'])
  assert.equal(JSON.stringify(seen).includes("'JP'"), false)
})
