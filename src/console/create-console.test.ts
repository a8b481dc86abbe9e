// The console's API over real rooms: who may call what, what is refused at the door, and what each route gives.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AuditEntry } from '../audit/audit.ts'
import type { ApiError, TargetInput } from './contract.ts'
import { Browser, type OpenedConsole, openConsole } from './open-console.contract.ts'
import { type Who, who } from './who.ts'

const shop: TargetInput = {
  name: 'shop',
  protocol: 'postgres',
  host: '10.1.2.3',
  port: 5432,
  database: 'shop',
  account: 'gate',
  password: 'tiger in the tank',
  tls: 'require',
  tags: { env: 'demo' },
}

describe('console', () => {
  let opened: OpenedConsole
  let admin: Browser
  let analyst: Browser
  let stranger: Browser
  before(async () => {
    opened = await openConsole({ signInsPerMinuteMax: 100_000 })
    admin = await opened.person('root', 'administrator')
    await admin.call('POST /api/groups', { name: 'analysts', description: '' })
    analyst = await opened.person('ann', 'user', ['analysts'])
    stranger = await opened.person('sam', 'user')
  })
  after(() => opened.close())

  const codeOf = async (response: Response): Promise<string> => ((await response.json()) as ApiError).code

  describe('lets in', () => {
    /** What a visitor is told at the door of a route, or `in`. */
    const expected = (needs: Who, as: 'nobody' | 'newcomer' | 'user' | 'administrator'): string => {
      if (needs === 'public') return 'in'
      if (as === 'nobody') return 'sign-in.required'
      if (needs === 'newcomer') return 'in'
      if (as === 'newcomer') return 'password.must-change'
      return needs === 'administrator' && as === 'user' ? 'request.forbidden' : 'in'
    }
    const doorCodes = new Set([
      'sign-in.required',
      'password.must-change',
      'request.forbidden',
      'request.forged',
    ])

    for (const as of ['nobody', 'newcomer', 'user', 'administrator'] as const) {
      it(`${as} where the table says so, on every route`, async () => {
        for (const [route, needs] of Object.entries(who)) {
          const browser =
            as === 'nobody'
              ? new Browser(opened.url)
              : as === 'newcomer'
                ? await opened.newcomer(
                    `new-${route.replace(/[^a-z]/gi, '').toLowerCase()}`.slice(0, 60),
                    'administrator',
                  )
                : await opened.person(`${as}-${route.replace(/[^a-z]/gi, '').toLowerCase()}`.slice(0, 60), as)
          // A body that no schema takes: whoever is let in gets no further than its check.
          const response = await browser.fetch(
            route,
            route.startsWith('GET') ? undefined : { nonsense: true },
          )
          const code = response.ok ? 'in' : await codeOf(response)
          assert.equal(doorCodes.has(code) ? code : 'in', expected(needs, as), `${route} as ${as}`)
        }
      })
    }

    it('nobody else: every address under /api is one of the contract', async () => {
      const document = (await (await fetch(`${opened.url}/api/openapi.json`)).json()) as {
        readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
      }
      const served = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
      )
      assert.deepEqual(served.sort(), Object.keys(who).sort())
    })
  })

  describe('refuses', () => {
    it('changes without the token against forgery, or with another one', async () => {
      for (const csrf of ['', 'x', 'a'.repeat(5_000)]) {
        const response = await admin.fetch(
          'POST /api/groups',
          { name: 'a', description: '' },
          {},
          {
            'x-sekisho-csrf': csrf,
          },
        )
        assert.deepEqual([response.status, await codeOf(response)], [403, 'request.forged'])
      }
    })
    it('changes from another origin, sign-in included', async () => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: opened.url.replace('http:', 'http:').replace(/:\d+$/, ':1') },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const response = await new Browser(opened.url).fetch(
          'POST /api/sign-in',
          { name: 'root', password: 'x' },
          {},
          headers,
        )
        assert.equal(await codeOf(response), 'request.forged', JSON.stringify(headers))
      }
    })
    it('a cookie that is not ours', async () => {
      for (const cookie of ['sekisho=', 'sekisho=abc', `sekisho=${'a'.repeat(4_000)}`, 'other=1']) {
        const response = await fetch(`${opened.url}/api/me`, { headers: { cookie } })
        assert.equal(response.status, 401)
      }
    })

    const bodies: readonly (readonly [what: string, body: string, type: string, status: number])[] = [
      ['no JSON', '{"name": "secret-value', 'application/json', 400],
      ['an empty body', '', 'application/json', 400],
      ['another type', 'name=a', 'application/x-www-form-urlencoded', 400],
      ['plain text, which needs no preflight', '{"name":"a","password":"b"}', 'text/plain', 400],
      ['a field too many', '{"name":"a","password":"b","role":"administrator"}', 'application/json', 400],
      ['a field of another type', '{"name":["secret-value"],"password":"b"}', 'application/json', 400],
      ['a prototype', '{"__proto__":{"a":1},"name":"a","password":"b"}', 'application/json', 400],
      ['a huge body', `{"name":"${'a'.repeat(6_000_000)}"}`, 'application/json', 413],
    ]
    for (const [what, body, type, status] of bodies) {
      it(`${what}, and repeats nothing of it`, async () => {
        const response = await fetch(`${opened.url}/api/sign-in`, {
          method: 'POST',
          body,
          headers: { 'content-type': type, origin: opened.url },
        })
        const text = await response.text()
        assert.deepEqual([response.status, (JSON.parse(text) as ApiError).code], [status, 'request.invalid'])
        assert.ok(!text.includes('secret-value') && !text.includes(' at '))
      })
    }
    it('filters that the audit does not have', async () => {
      for (const query of [
        'limit=0x10',
        'kinds=all',
        'verdict=maybe',
        'drop=1',
        'limit=501',
        'search=a&search=b',
      ]) {
        assert.equal((await admin.fetch(`GET /api/audit?${query}`)).status, 400, query)
      }
    })
  })

  it('signs in with a cookie that scripts cannot read, and out again', async () => {
    const browser = await opened.person('otto', 'user')
    const response = await browser.fetch('POST /api/sign-in', {
      name: 'otto',
      password: 'the long road to Hakone 8',
    })
    const [cookie = ''] = response.headers.getSetCookie()
    assert.match(cookie, /^sekisho=[\w-]{20,}; Path=\/; HttpOnly; SameSite=Strict$/)
    browser.csrf = ((await response.json()) as { csrfToken: string }).csrfToken
    assert.equal((await browser.call('GET /api/me')).user.name, 'otto')
    await browser.call('POST /api/sign-out')
    await assert.rejects(browser.call('GET /api/me'), /401 sign-in.required/)
    await assert.rejects(browser.signIn('otto', 'wrong'), /401 sign-in.failed/)
  })

  it('shows a target to those who may connect to it, and where it is to administrators', async () => {
    const made = await admin.call('POST /api/targets', shop)
    assert.equal(made.gatewayHost, 'db.example.com')
    assert.deepEqual(made.admin, {
      host: '10.1.2.3',
      port: 5432,
      account: 'gate',
      tls: 'require',
      sendProxy: false,
      snapshotRowsMax: 0,
    })
    const path = { id: made.id }
    const {
      targets: [seen],
    } = await analyst.call('GET /api/targets')
    assert.equal(seen?.name, 'shop')
    assert.equal(seen?.admin, undefined)
    assert.deepEqual((await stranger.call('GET /api/targets')).targets, [])
    await assert.rejects(stranger.call('GET /api/targets/:id', undefined, path), /404 not-found/)
    await assert.rejects(stranger.call('GET /api/targets/:id/tables', undefined, path), /404/)
    await assert.rejects(stranger.call('POST /api/sql/sessions', { targetId: made.id }), /404/)
    await assert.rejects(
      stranger.call('POST /api/tokens', { label: 't', targets: [made.id], lifeDays: 1 }),
      /404/,
    )

    await admin.call(
      'PUT /api/targets/:id/tags',
      { schema: 'public', table: 'customers', column: 'email', tags: ['pii.email'] },
      path,
    )
    const tables = await analyst.call('GET /api/targets/:id/tables', undefined, path)
    assert.deepEqual(
      tables.map(table => table.table),
      ['customers'],
    )
    assert.deepEqual(tables[0]?.columns[1]?.tags, ['pii.email'])
    assert.equal(tables[0]?.columns[1]?.hiddenAs, 'email')
    assert.equal(tables[0]?.columns[0]?.hiddenAs, undefined)

    const { password: _keep, ...same } = shop
    const changed = await admin.call('PUT /api/targets/:id', { ...same, tags: { env: 'prod' } }, path)
    assert.deepEqual(changed.tags, { env: 'prod' })
    assert.deepEqual(
      (await analyst.call('GET /api/targets')).targets,
      [],
      'the policy speaks of env=demo only',
    )

    const test = await admin.call('POST /api/targets/test', { ...same, id: made.id })
    assert.deepEqual(test, { ok: false, message: 'nobody answers at shop' })
    await assert.rejects(
      admin.call('POST /api/targets/test', { ...same, host: 'evil.example', id: made.id }),
      /400/,
      'the stored password goes nowhere else',
    )
    await admin.call('DELETE /api/targets/:id', undefined, path)
    assert.deepEqual((await admin.call('GET /api/targets')).targets, [])
    assert.ok(!JSON.stringify(opened.events).includes('tiger'))
  })

  it('keeps tokens to their owners', async () => {
    const { token, secret } = await analyst.call('POST /api/tokens', {
      label: 'laptop',
      targets: [],
      lifeDays: 30,
    })
    assert.match(secret, /^skk_\w{40}$/)
    assert.deepEqual(
      (await analyst.call('GET /api/tokens')).map(one => one.id),
      [token.id],
    )
    await assert.rejects(stranger.call('DELETE /api/tokens/:id', undefined, { id: token.id }), /404/)
    await assert.rejects(
      analyst.call('POST /api/tokens', { label: 'x', targets: [], lifeDays: 3_000 }),
      /400/,
    )
    await analyst.call('DELETE /api/tokens/:id', undefined, { id: token.id })
    assert.ok(!JSON.stringify(opened.events).includes(secret))
  })

  it('changes people and groups', async () => {
    const { user, firstPassword } = await admin.call('POST /api/users', {
      name: 'kay',
      displayName: 'Kay',
      role: 'user',
      groups: ['analysts'],
    })
    const path = { id: user.id }
    assert.ok(firstPassword.length > 10)
    await admin.call('PUT /api/users/:id', { disabled: true }, path)
    await assert.rejects(new Browser(opened.url).signIn('kay', firstPassword), /403 sign-in.disabled/)
    await admin.call('POST /api/users/:id/unlock', undefined, path)
    assert.ok(
      (await admin.call('POST /api/users/:id/password', undefined, path)).firstPassword !== firstPassword,
    )
    await assert.rejects(
      admin.call('POST /api/users', { name: 'kay', displayName: 'K', role: 'user', groups: [] }),
      /409/,
    )
    await admin.call('DELETE /api/users/:id', undefined, path)
    const group = await admin.call('POST /api/groups', { name: 'ops', description: 'x' })
    await admin.call('PUT /api/groups/:id', { members: ['ann'] }, { id: group.id })
    const groups = await admin.call('GET /api/groups')
    assert.deepEqual(groups.find(one => one.name === 'ops')?.members, ['ann'])
    await admin.call('DELETE /api/groups/:id', undefined, { id: group.id })
  })

  it('checks, formats and saves policies', async () => {
    const { current } = await admin.call('GET /api/policies')
    const check = await admin.call('POST /api/policies/check', { text: 'permit (principal', language: 'en' })
    assert.ok(check.problems.length > 0)
    await assert.rejects(admin.call('POST /api/policies/format', { text: 'permit (' }), /400/)
    await assert.rejects(
      admin.call('PUT /api/policies', { text: current.text, note: '', basedOn: current.version + 1 }),
      /409 conflict/,
    )
    const saved = await admin.call('PUT /api/policies', {
      text: current.text,
      note: 'same',
      basedOn: current.version,
    })
    assert.equal(saved.savedBy, 'root')
    const path = { version: String(current.version) }
    assert.equal((await admin.call('GET /api/policies/:version', undefined, path)).text, current.text)
    await assert.rejects(admin.call('GET /api/policies/:version', undefined, { version: '1e9' }), /404/)
  })

  it('shows users what they did themselves, and administrators everything', async () => {
    const atMs = Date.now()
    const of = (id: string, userName: string) => ({ id, userName, atMs }) as AuditEntry
    opened.entries.push(of('1', 'ann'), of('2', 'root'))
    await analyst.fetch('GET /api/audit?userName=root&masked=true&kinds=statement,sign-in&limit=5')
    const { fromMs = 0, ...asked } = opened.asked.at(-1) ?? {}
    assert.ok(fromMs > atMs - 600_000 && fromMs <= atMs)
    assert.deepEqual(asked, {
      userName: 'ann',
      masked: true,
      kinds: ['statement', 'sign-in'],
      limit: 5,
    })
    await admin.fetch('GET /api/audit?userName=ann')
    assert.deepEqual(opened.asked.at(-1), { userName: 'ann' })
    assert.equal((await analyst.call('GET /api/audit/:id', undefined, { id: '1' })).id, '1')
    await assert.rejects(analyst.call('GET /api/audit/:id', undefined, { id: '2' }), /404/)
    assert.equal((await admin.call('GET /api/audit/:id', undefined, { id: '2' })).id, '2')
  })

  it('tells machines how it is', async () => {
    assert.equal((await fetch(`${opened.url}/livez`)).status, 200)
    assert.deepEqual(await (await fetch(`${opened.url}/readyz`)).json(), { ready: true, reasons: [] })
    opened.reasons.push('the audit cannot be written')
    const response = await fetch(`${opened.url}/readyz`)
    opened.reasons.length = 0
    assert.equal(response.status, 503)
    assert.deepEqual(await response.json(), { ready: false, reasons: ['the audit cannot be written'] })
    assert.equal(await (await fetch(`${opened.url}/metrics`)).text(), 'sekisho_up 1\n')
    assert.deepEqual(await (await fetch(`${opened.url}/version`)).json(), {
      name: 'sekisho',
      version: '0.0.0',
    })
  })

  it('serves the pages with strict headers', async () => {
    for (const path of ['/', '/targets/abc']) {
      const page = await fetch(`${opened.url}${path}`)
      assert.match(await page.text(), /Sekisho/)
      const policy = page.headers.get('content-security-policy') ?? ''
      assert.match(policy, /script-src 'self';.*frame-ancestors 'none'/)
      assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
      assert.equal(page.headers.get('strict-transport-security'), null)
    }
    const asset = await fetch(`${opened.url}/assets/main-1234.js`)
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
    assert.equal((await fetch(`${opened.url}/`)).headers.get('cache-control'), 'no-cache')
    assert.equal((await fetch(`${opened.url}/api/me`)).headers.get('cache-control'), 'no-store')
    assert.equal((await fetch(`${opened.url}/assets/none.js`)).status, 404)
    assert.equal((await fetch(`${opened.url}/%2e%2e/a.db`)).status, 404)
    assert.equal((await fetch(`${opened.url}/api/none`)).status, 404)
  })
})

it('limits how often one address may ask', async () => {
  const opened = await openConsole({ consoleRequestsPerMinuteMax: 3 })
  try {
    for (let count = 0; count < 3; count += 1) assert.equal((await fetch(`${opened.url}/api/me`)).status, 401)
    const response = await fetch(`${opened.url}/api/me`)
    assert.deepEqual([response.status, ((await response.json()) as ApiError).code], [429, 'limit.exceeded'])
    assert.equal((await fetch(`${opened.url}/livez`)).status, 200)
  } finally {
    await opened.close()
  }
})
