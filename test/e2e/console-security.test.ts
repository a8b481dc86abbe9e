// Whoever may not, does not: every route of the OpenAPI document tried by those it is not for, and what browsers are told.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { who } from '../../src/console/who.ts'
import { sampleOf, type Schema } from '../support/sample-body.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

interface Operation {
  readonly summary?: string
  readonly responses?: Readonly<Record<string, unknown>>
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface Route {
  /** As in the contract. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The only ones that nobody needs to be signed in for. A new one is a decision. */
const open = [
  'GET /api/device/tunnel',
  'POST /api/device/code',
  'POST /api/device/leave',
  'POST /api/device/renew',
  'POST /api/device/token',
  'POST /api/sign-in',
]

const notTheirs = new Set([401, 403, 404])
const password = 'the road stays open 1001'

let shop: RunningPostgres
let sekisho: RunningSekisho
let ann: Person
let routes: readonly Route[]
let targetId: string

before(async () => {
  shop = await startShop()
  // Everything is tried from one address.
  sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_CONSOLE_REQUESTS_PER_MINUTE_MAX: '100000' } })
  targetId = (await sekisho.addTarget('shop', shop)).id
  await sekisho.savePolicies(`
    @id("readers-read")
    permit(principal in Group::"readers", action in [Action::"connect", Action::"select", Action::"export"], resource);
    @id("writers-ask") @approval("admin")
    permit(principal in Group::"readers", action == Action::"update", resource);
  `)
  ann = await sekisho.addPerson('ann', ['readers'])
  await sekisho.addPerson('bob', ['others'])
  const document = (await (await fetch(`${sekisho.url}/api/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
})

after(async () => {
  await sekisho?.stop()
  await shop?.stop()
})

interface Session {
  readonly cookie: string
  readonly csrf: string
}

async function signIn(name: string, secret: string, cookie = ''): Promise<Session> {
  const response = await fetch(`${sekisho.url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: sekisho.url, cookie },
    body: JSON.stringify({ name, password: secret }),
  })
  assert.equal(response.status, 200, name)
  const { csrfToken } = (await response.json()) as { readonly csrfToken: string }
  return { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '', csrf: csrfToken }
}

/** Calls a route with a body that its schema takes. Streams are let go at their first byte. */
async function call(
  route: Route,
  session: Session | undefined,
  ids: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly code: string | undefined }> {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'x'))
  const schema = route.operation.requestBody?.content['application/json']?.schema
  const abort = new AbortController()
  const response = await fetch(`${sekisho.url}${path}`, {
    method: route.method,
    redirect: 'manual',
    signal: abort.signal,
    headers: {
      origin: sekisho.url,
      ...(session === undefined ? {} : { cookie: session.cookie, 'x-sekisho-csrf': session.csrf }),
      ...(schema === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(schema === undefined ? {} : { body: JSON.stringify(sampleOf(schema)) }),
  })
  const isStream = /ndjson|octet-stream/.test(response.headers.get('content-type') ?? '')
  const text = isStream ? '' : await response.text()
  abort.abort()
  const code = text.startsWith('{') ? (JSON.parse(text) as { readonly code?: string }).code : undefined
  return { status: response.status, text, code }
}

const changes = (route: Route): boolean => route.method !== 'GET'
const needs = (route: Route) => (who as Readonly<Record<string, string>>)[route.name]

test('every route is in the table of who may call it, and only those named here are open', () => {
  assert.deepEqual(routes.map(route => route.name).sort(), Object.keys(who).sort())
  assert.deepEqual(
    routes
      .filter(route => needs(route) === 'public')
      .map(route => route.name)
      .sort(),
    open,
  )
  assert.ok(routes.length > 60)
  for (const route of routes.filter(one => needs(one) !== 'public'))
    for (const status of ['401', '403'])
      assert.ok(route.operation.responses?.[status], `${route.name} ${status}`)
})

test('without a session every other route says 401, whatever is sent', async () => {
  for (const route of routes.filter(one => needs(one) !== 'public')) {
    const { status, code } = await call(route, undefined)
    assert.deepEqual([status, code], [401, 'sign-in.required'], route.name)
    const forged = await call(route, { cookie: `sekisho=${'A'.repeat(43)}`, csrf: 'x' })
    assert.equal(forged.status, 401, route.name)
    const bearer = await call(route, undefined, {}, { authorization: `Bearer ska_${'a'.repeat(40)}` })
    assert.equal(bearer.status, 401, route.name)
  }
})

test('routes of administrators are not for users', async () => {
  const session = await signIn('bob', password)
  for (const route of routes.filter(one => needs(one) === 'administrator')) {
    const { status, code } = await call(route, session)
    assert.deepEqual([status, code], [403, 'request.forbidden'], route.name)
  }
})

/** Things that belong to ann, by the route whose address names them. */
async function belongings(): Promise<Readonly<Record<string, string>>> {
  const { token } = await ann.api.call('POST /api/tokens', { label: 'mine', targets: [], lifeDays: 1 })
  const filter = await ann.api.call('POST /api/audit/filters', { name: 'mine', search: '{}', shared: false })
  const sql = await ann.api.call('POST /api/sql/sessions', { targetId })
  const saved = await ann.api
    .call('POST /api/sql/saved', { name: 'mine', text: 'select 1', groups: [] })
    .catch(() => ({ id: 'none' }))
  const job = await ann.api.call('POST /api/audit/exports', { filter: {}, format: 'csv' })
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  await client.query('select id from orders limit 1')
  await client.query('update orders set total = 1 where id = 1').catch(() => undefined)
  const entries = await sekisho.auditUntil(
    { userName: 'ann', kinds: ['statement'] },
    found => found.length > 1,
  )
  const [session] = (await ann.api.call('GET /api/sessions')).filter(one => one.program !== 'console')
  const [wish] = (await ann.api.call('GET /api/requests')).own
  assert.ok(session !== undefined && wish !== undefined)
  // Left open: it must still be there when others try to end it.
  after(() => client.end().catch(() => undefined))
  return {
    'DELETE /api/tokens/:id': token.id,
    'DELETE /api/audit/filters/:id': filter.id,
    'GET /api/sql/sessions/:id': sql.id,
    'DELETE /api/sql/sessions/:id': sql.id,
    'POST /api/sql/sessions/:id/run': sql.id,
    'POST /api/sql/sessions/:id/stop': sql.id,
    'PUT /api/sql/saved/:id': saved.id,
    'DELETE /api/sql/saved/:id': saved.id,
    'DELETE /api/jobs/:id': job.id,
    'GET /api/jobs/:id/file': job.id,
    'DELETE /api/sessions/:id': session.id,
    'POST /api/sessions/:id/stop': session.id,
    'POST /api/sessions/:id/end': session.id,
    'GET /api/audit/:id': entries[0]?.id ?? '',
    'GET /api/requests/:number': String(wish.number),
    'POST /api/requests/:number/decide': String(wish.number),
    'POST /api/requests/:number/withdraw': String(wish.number),
    'POST /api/requests/:number/plan': String(wish.number),
  }
}

test('what belongs to somebody else is not there, by whatever route it is asked for', async () => {
  const theirs = await belongings()
  const session = await signIn('bob', password)
  const named = routes.filter(
    route => route.path.includes('{') && (needs(route) === 'user' || needs(route) === 'newcomer'),
  )
  for (const route of named) {
    // Targets that policy does not let bob reach; anything else by an id of ann's, or one that nobody has.
    const id = theirs[route.name] ?? targetId
    const { status, text } = await call(route, session, { id, number: id, name: id })
    assert.ok(notTheirs.has(status), `${route.name}: ${status} ${text.slice(0, 200)}`)
  }
  // And nothing of hers in any list of his.
  const marks = [...new Set(Object.values(theirs))].filter(id => id.length > 8)
  const lists = routes.filter(
    route => route.method === 'GET' && !route.path.includes('{') && needs(route) === 'user',
  )
  for (const route of lists) {
    const { text } = await call(route, session)
    for (const id of [...marks, targetId]) assert.ok(!text.includes(id), `${route.name} tells ${id}`)
  }
  // The oracle: she still has them.
  assert.ok((await ann.api.call('GET /api/tokens')).some(one => one.id === theirs['DELETE /api/tokens/:id']))
  assert.ok(
    (await ann.api.call('GET /api/sessions')).some(one => one.id === theirs['DELETE /api/sessions/:id']),
  )
  assert.equal((await ann.api.call('GET /api/audit/filters')).length, 1)
})

test('no change without the token against forgery, from another site, or as a form', async () => {
  const session = await signIn('admin', sekisho.adminPassword)
  const forged: readonly Readonly<Record<string, string>>[] = [
    { 'x-sekisho-csrf': '' },
    { 'x-sekisho-csrf': 'x' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const route of routes.filter(one => changes(one) && needs(one) !== 'public')) {
    for (const headers of forged) {
      const { status, code } = await call(route, session, {}, headers)
      assert.deepEqual([status, code], [403, 'request.forged'], `${route.name} ${JSON.stringify(headers)}`)
    }
  }
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
    for (const route of routes.filter(one => changes(one) && one.operation.requestBody !== undefined)) {
      const { status } = await call(route, session, {}, { 'content-type': type })
      assert.ok(status >= 400 && status < 500, `${route.name} as ${type}: ${status}`)
    }
  }
  assert.equal((await fetch(`${sekisho.url}/api/me`, { headers: { cookie: session.cookie } })).status, 200)
})

test('a session is made anew at every sign-in, and is over after signing out', async () => {
  const planted = `sekisho=${'B'.repeat(43)}`
  const first = await signIn('bob', password, planted)
  assert.notEqual(first.cookie, planted)
  const second = await signIn('bob', password, first.cookie)
  assert.notEqual(second.cookie, first.cookie)
  assert.notEqual(second.csrf, first.csrf)
  const me = (cookie: string) => fetch(`${sekisho.url}/api/me`, { headers: { cookie } })
  assert.equal((await me(planted)).status, 401)
  const out = await fetch(`${sekisho.url}/api/sign-out`, {
    method: 'POST',
    headers: { origin: sekisho.url, cookie: second.cookie, 'x-sekisho-csrf': second.csrf },
  })
  assert.equal(out.status, 204)
  assert.equal((await me(second.cookie)).status, 401)
  // A token of one session is worth nothing in another.
  const third = await signIn('bob', password)
  const mixed = await fetch(`${sekisho.url}/api/tokens/x`, {
    method: 'DELETE',
    headers: { origin: sekisho.url, cookie: third.cookie, 'x-sekisho-csrf': second.csrf },
  })
  assert.equal(mixed.status, 403)
})

test('every answer forbids frames, foreign scripts and guessing of types', async () => {
  for (const path of ['/', '/audit', '/api/me', '/api/openapi.json', '/nothing.js', '/livez']) {
    const { headers } = await fetch(`${sekisho.url}${path}`)
    const policy = headers.get('content-security-policy') ?? ''
    assert.equal(headers.get('x-frame-options'), 'DENY', path)
    assert.match(policy, /frame-ancestors 'none'/, path)
    assert.match(policy, /default-src 'none'/, path)
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
    assert.equal(scripts, "'self'", path)
    assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|\*/, path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    assert.equal(headers.get('access-control-allow-origin'), null, path)
  }
})

test('no address leads anywhere else', async () => {
  const tries = [
    '//evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%2F%2Fevil.example',
    '/https://evil.example',
    '/?next=https://evil.example',
    '/?redirect=//evil.example',
    '/sign-in?return_to=https://evil.example',
    '/targets//evil.example',
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
  ]
  for (const path of tries) {
    const { status, location } = await raw(path, {})
    assert.ok(status < 300 || status >= 400, `${path}: ${status}`)
    assert.equal(location, undefined, path)
  }
})

test('nobody is given a websocket', async () => {
  const session = await signIn('bob', password)
  for (const path of ['/', '/api/sessions/live', '/api/audit/tail', '/api/me']) {
    const { status } = await raw(path, {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      origin: 'https://evil.example',
      cookie: session.cookie,
    })
    assert.notEqual(status, 101, path)
  }
})

/** A request as it is written, without a client that tidies it up. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly location: string | undefined }> {
  const { hostname, port } = new URL(sekisho.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers })
    sent.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, location: undefined })
    })
    sent.once('response', response => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
      response.destroy()
    })
    sent.once('error', reject)
    sent.end()
  })
}
