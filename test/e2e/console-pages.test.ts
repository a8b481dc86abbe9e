// Every page of the console: what others wrote never becomes markup, everybody can use them, and they are quick.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, loadavg } from 'node:os'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { settled, signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

/** Would be seen at once if it ever were markup. */
const hostile = '<img src=x onerror="window.hit=1">'
const quotedHostile = `"${hostile.replaceAll('"', '""')}"`
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const slowMs = 200
/** How long requests of all these visits took. */
const timed: { readonly route: string; readonly ms: number }[] = []

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let ann: Person
let targetId: string
let entryId: string
let userId: string

before(async () => {
  shop = await startShop()
  await shop.run(`create table ${quotedHostile} (id integer, ${quotedHostile} text)`)
  await shop.run(`insert into ${quotedHostile} values (1, '${hostile}')`)
  await shop.run(`comment on table ${quotedHostile} is '${hostile}'`)
  sekisho = await startSekisho({
    environment: { SEKISHO_LIMITS_CONSOLE_REQUESTS_PER_MINUTE_MAX: '100000' },
  })
  targetId = (await sekisho.addTarget('shop', shop, { tags: { note: hostile } })).id
  await sekisho.savePolicies(`
    @id("${hostile.replaceAll('"', "'")}")
    permit(principal in Group::"readers", action in [Action::"connect", Action::"select", Action::"export"], resource);
    @id("asks") @approval("admin")
    permit(principal in Group::"readers", action == Action::"update", resource);
  `)
  ann = await sekisho.addPerson('ann', ['readers'])
  const { admin } = sekisho
  userId = (await admin.call('GET /api/users')).find(user => user.name === 'ann')?.id ?? ''
  await admin.call('PUT /api/users/:id', { displayName: hostile }, { id: userId })
  const [group] = await admin.call('GET /api/groups')
  await admin.call('PUT /api/groups/:id', { description: hostile }, { id: group?.id ?? '' })
  await admin.call(
    'PUT /api/tags/:name',
    { description: hostile, sensitive: true, mask: 'constant' },
    { name: 'odd' },
  )
  await admin.call(
    'PUT /api/targets/:id/tags',
    { schema: 'public', table: hostile, column: hostile, tags: ['odd'] },
    { id: targetId },
  )
  await admin.call('POST /api/tokens', { label: hostile, targets: [], lifeDays: 1 })
  await admin.call('POST /api/audit/filters', { name: hostile, search: hostile, shared: true })
  await admin.call('POST /api/sql/saved', { name: hostile, text: hostile, groups: [] }).catch(() => undefined)
  const client = new pg.Client({ ...ann.connection('shop'), application_name: hostile })
  await client.connect()
  await client.query(`select * from ${quotedHostile}`)
  await client.query(`select '${hostile}' as ${quotedHostile} from orders limit 1`)
  await client.query(`-- reason: ${hostile}\nupdate orders set total = 2 where id = 1`).catch(() => undefined)
  await client.query(`select ${quotedHostile} from orders`).catch(() => undefined)
  after(() => client.end().catch(() => undefined))
  await new pg.Client({ ...ann.connection('shop'), user: hostile }).connect().catch(() => undefined)
  const entries = await sekisho.auditUntil(
    { userName: 'ann', kinds: ['statement'] },
    found => found.length >= 4,
  )
  entryId = entries.find(entry => entry.verdict === 'denied')?.id ?? entries[0]?.id ?? ''
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

const pages = (): readonly string[] => [
  '/',
  '/?tour=true',
  '/targets',
  `/targets/${targetId}`,
  `/targets/${targetId}?tab=tables`,
  `/targets/${targetId}?tab=state`,
  `/targets/${targetId}?tab=settings`,
  `/sql?target=${targetId}`,
  '/requests',
  '/requests?request=1',
  '/sessions',
  '/audit?figures=true',
  `/audit?entry=${entryId}`,
  '/policies',
  '/tags',
  '/users',
  `/users/${userId}`,
  '/groups',
  '/reach',
  '/health',
  '/tokens',
  '/devices',
  '/profile',
  '/nowhere',
]

async function arriveAsAdministrator(options: Parameters<typeof visitConsole>[1] = {}) {
  const visitor = await visitConsole(browser, options)
  await signInAt(visitor.page, sekisho.url, 'admin', sekisho.adminPassword)
  visitor.context.on('close', () => timed.push(...visitor.requests))
  return visitor
}

const goTo = async (page: Page, path: string): Promise<void> => {
  await page.goto(sekisho.url + path)
  await page.locator('main').first().waitFor()
  await settled(page)
}

/** What would be there if a text had become markup. Runs in the page. */
const hitScript = `({ hit: window.hit === 1, images: document.querySelectorAll('img[src="x"]').length })`

test('what others wrote is shown as they wrote it, on every page', async () => {
  const { page, context, troubles } = await arriveAsAdministrator()
  let shown = 0
  for (const path of pages()) {
    await goTo(page, path)
    assert.deepEqual(await page.evaluate(hitScript), { hit: false, images: 0 }, path)
    if ((await page.locator('body').innerText()).includes('<img src=x')) shown += 1
  }
  assert.ok(shown >= 8, `it was seen on ${shown} pages only`)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('values, names of columns and errors of a target are text in the editor', async () => {
  const { page, context, troubles } = await visitConsole(browser)
  await signInAt(page, sekisho.url, 'ann', ann.password)
  for (const sql of [
    `select * from ${quotedHostile}`,
    `select '${hostile}' as ${quotedHostile} from orders limit 1`,
    `select ${quotedHostile} from orders`,
    `update ${quotedHostile} set id = 2`,
  ]) {
    await page.goto(`${sekisho.url}/sql?target=${targetId}`)
    const editor = page.locator('.cm-content').first()
    await editor.fill(sql)
    await page.keyboard.press('Control+Enter')
    await settled(page)
    assert.deepEqual(await page.evaluate(hitScript), { hit: false, images: 0 }, sql)
  }
  assert.deepEqual(troubles, [])
  await context.close()
})

test('a script that gets into a page does not run', async () => {
  const { page, context } = await arriveAsAdministrator()
  const stopped = await page.evaluate(`new Promise(resolve => {
    const stopped = []
    document.addEventListener('securitypolicyviolation', event => stopped.push(event.effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'window.hit = 1'
    document.body.append(script)
    const place = document.createElement('div')
    place.innerHTML = '<img src="data:image/png;base64,x" onerror="window.hit = 1"><a href="javascript:window.hit=1">x</a>'
    document.body.append(place)
    place.querySelector('a').click()
    const foreign = document.createElement('script')
    foreign.src = 'https://evil.example/x.js'
    document.body.append(foreign)
    setTimeout(() => resolve({ hit: window.hit, stopped }), 500)
  })`)
  const { hit, stopped: kinds } = stopped as { readonly hit?: number; readonly stopped: readonly string[] }
  assert.equal(hit, undefined)
  assert.ok(kinds.filter(kind => kind.startsWith('script-src')).length >= 3, kinds.join())
  await context.close()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious barrier, ${scheme}`, async () => {
    const { page, context } = await arriveAsAdministrator({ scheme })
    const found: string[] = []
    for (const path of pages()) {
      await goTo(page, path)
      // In a world of its own, which the policy of the page does not bind.
      const session = await context.newCDPSession(page)
      const { frameTree } = await session.send('Page.getFrameTree')
      const { executionContextId } = await session.send('Page.createIsolatedWorld', {
        frameId: frameTree.frame.id,
      })
      await session.send('Runtime.evaluate', {
        contextId: executionContextId,
        expression: `${axeSource}; undefined`,
      })
      const { result } = await session.send('Runtime.evaluate', {
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
        expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
          violations.filter(one => one.impact === 'serious' || one.impact === 'critical')
            .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 140) + ' ' + (node.any[0]?.message ?? '')).join(' | ')))`,
      })
      for (const problem of result.value as readonly string[]) found.push(`${path} ${problem}`)
      await session.detach()
    }
    assert.deepEqual(found, [])
    await context.close()
  })
}

test('no request of a page takes long', () => {
  const byRoute = new Map<string, number[]>()
  for (const { route, ms } of timed) {
    const name = route.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    byRoute.set(name, [...(byRoute.get(name) ?? []), ms])
  }
  // The fastest of several: what waits for the processor of a busy machine is no slow route.
  const figures = [...byRoute]
    .map(([route, all]) => ({ route, fastest: Math.min(...all), slowest: Math.max(...all) }))
    .sort((a, b) => b.fastest - a.fastest)
  const lines = figures
    .slice(0, 8)
    .map(({ route, fastest, slowest }) => `${route} ${Math.round(fastest)}-${Math.round(slowest)} ms`)
  console.log(`${timed.length} requests of ${figures.length} routes, the slowest: ${lines.join(', ')}`)
  assert.ok(figures.length >= 20)
  // Checking a password is slow on purpose. Where others use the processor, the figures say little.
  const slow = figures.filter(({ route, fastest }) => fastest > slowMs && route !== 'POST /api/sign-in')
  if ((loadavg()[0] ?? 0) <= availableParallelism()) assert.deepEqual(slow, [])
})
