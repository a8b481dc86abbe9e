// Targets at scale, people, sessions and the health of the server as administrators use them: Chromium, the real server, a
// real PostgreSQL, and a target where nothing listens.

import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import type { TargetRow } from '../../src/console/contract.ts'
import { en } from '../../web/src/locales/en.ts'
import { ja } from '../../web/src/locales/ja.ts'
import { ApiFailure } from '../support/api-client.ts'
import { launchChromium } from '../support/chromium.ts'
import { picture, signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

/** More than one page of the list, and more than there are ports in a test. */
const manyTargets = 130

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let ann: Person
let dead: TargetRow
let shopId: string

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' } })
  shopId = (await sekisho.addTarget('shop', shop, { tags: { env: 'prod', team: 'shop' } })).id
  dead = await sekisho.addTarget('dead', { ...shop, port: await closedPort() }, { tags: { env: 'prod' } })
  await sekisho.savePolicies(`
    @id("shop-connects")
    permit(principal in Group::"shop", action in [Action::"connect", Action::"select"], resource)
    when { resource.hasTag("team") && resource.getTag("team") == "shop" };
  `)
  ann = await sekisho.addPerson('ann', ['shop'])
  for (const name of ['ben', 'cho', 'dai']) {
    await sekisho.admin.call('POST /api/users', { name, displayName: name, role: 'user', groups: [] })
  }
  for (let index = 0; index < manyTargets; index += 1) await addIdle(index)
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

/** Disabled, so that nobody looks whether it is there. */
function addIdle(index: number): Promise<TargetRow> {
  return sekisho.admin.call('POST /api/targets', {
    name: `idle-${String(index).padStart(3, '0')}`,
    protocol: index % 2 === 0 ? 'postgres' : 'mysql',
    host: `db${index}.invalid`,
    port: 5432,
    database: 'idle',
    account: 'gateway',
    password: 'none',
    tls: 'prefer',
    tags: { env: index % 3 === 0 ? 'dev' : 'staging', team: 'idle' },
    disabled: true,
  })
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function visit(locale: 'en-US' | 'ja-JP' = 'en-US', scheme: 'light' | 'dark' = 'light') {
  const visitor = await visitConsole(browser, { locale, scheme, viewport: { width: 1360, height: 860 } })
  await signInAt(visitor.page, sekisho.url, 'admin', sekisho.adminPassword)
  return visitor
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })

test('the API pages, searches, filters, sorts and groups, for each what they may connect to', async () => {
  const { admin } = sekisho
  const first = await admin.call('GET /api/targets', { limit: 100 })
  assert.equal(first.total, manyTargets + 2)
  assert.equal(first.targets.length, 100)
  assert.equal(first.targets[0]?.name, 'dead')
  const next = await admin.call('GET /api/targets', { limit: 100, offset: 100 })
  assert.equal(next.targets[0]?.name, 'idle-099')
  const names = async (filter: Parameters<typeof admin.call<'GET /api/targets'>>[1]) =>
    (await admin.call('GET /api/targets', filter)).targets.map(target => target.name)
  assert.deepEqual(await names({ search: 'idle db7.invalid' }), ['idle-007'])
  assert.deepEqual(await names({ tag: 'env=prod,team=shop' }), ['shop'])
  assert.deepEqual(await names({ tag: 'env=prod', sort: '-name' }), ['shop', 'dead'])
  assert.equal((await names({ sort: 'port', limit: 3 }))[0], 'shop')
  const grouped = await admin.call('GET /api/targets', { group: 'env', limit: 1 })
  assert.deepEqual(grouped.groups, [
    { value: 'dev', count: 44 },
    { value: 'prod', count: 2 },
    { value: 'staging', count: 86 },
  ])
  const [env] = await admin.call('GET /api/targets/tag-keys')
  assert.deepEqual([env?.key, env?.count], ['env', manyTargets + 2])
  const own = await ann.api.call('GET /api/targets', {})
  assert.deepEqual([own.total, own.all, own.targets[0]?.name], [1, 1, 'shop'])
  assert.equal(own.targets[0]?.admin, undefined)
  assert.equal((await ann.api.call('GET /api/targets', { search: shop.host, limit: 9 })).total, 0)
  await assert.rejects(
    admin.call('GET /api/targets', { sort: 'password' as 'name' }),
    error => error instanceof ApiFailure && error.status === 400,
  )
})

test('there are more targets than ports: those without one say so', async () => {
  const { targets } = await sekisho.admin.call('GET /api/targets', { search: 'idle-12', limit: 20 })
  assert.ok(targets.every(target => target.listenPort === undefined))
  const { page, context, troubles } = await visit()
  await page.goto(`${sekisho.url}/targets?q=idle-129`)
  await rowOf(page, 'idle-129').getByText(en.targetList.hidden).waitFor()
  await page.getByRole('link', { name: 'idle-129' }).click()
  await page.getByText(en.targetList.notExposed).waitFor()
  assert.deepEqual(troubles, [])
  await context.close()
})

test('a long list is searched, scrolled, grouped and folded, and its state stands in the address', async () => {
  const { page, context, troubles } = await visit()
  await page.goto(`${sekisho.url}/targets`)
  await page.getByRole('link', { name: 'shop', exact: true }).count()
  await rowOf(page, 'idle-000').waitFor()
  assert.ok((await page.getByRole('row').count()) < 60, 'only what is in sight is drawn')
  await picture(page, 'targets')
  const grid = page.getByRole('grid', { name: en.targets.title })
  await grid.focus()
  await page.keyboard.press('End')
  await rowOf(page, 'shop').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/targets/${shopId}`)
  await page.goBack()

  await page.getByRole('searchbox').fill('idle-12')
  await rowOf(page, 'idle-125').waitFor()
  await page.waitForURL('**/targets?q=idle-12')
  await page.reload()
  await rowOf(page, 'idle-125').waitFor()
  assert.equal(await page.getByRole('searchbox').inputValue(), 'idle-12')

  await page.goto(`${sekisho.url}/targets?group=env`)
  const dev = page.getByRole('button', { name: /env=dev/ })
  await dev.waitFor()
  await picture(page, 'targets-grouped')
  await rowOf(page, 'idle-000').waitFor()
  await dev.click()
  await rowOf(page, 'dead').waitFor()
  assert.equal(await rowOf(page, 'idle-000').count(), 0)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('many are changed at once, after a question that says how many', async () => {
  const { page, context, troubles } = await visit()
  await page.goto(`${sekisho.url}/targets?q=idle-00`)
  await rowOf(page, 'idle-003').waitFor()
  await page.getByRole('checkbox', { name: en.targetList.selectAll }).check()
  await page.getByRole('toolbar').getByText('10 selected').waitFor()
  await button(page, en.targetList.bulk_tag).click()
  const tags = page.getByRole('dialog', { name: 'Change the tags of 10 targets' })
  await tags.getByLabel(en.targetList.tagsSet).fill('owner=kenji')
  await page.keyboard.press('Tab')
  await picture(page, 'targets-bulk')
  await tags.getByRole('button', { name: 'Change 10 targets' }).click()
  await page.getByText('10 targets were changed.').waitFor()
  assert.equal((await sekisho.admin.call('GET /api/targets', { tag: 'owner=kenji' })).total, 10)

  await page.goto(`${sekisho.url}/targets?q=idle-00`)
  await rowOf(page, 'idle-003').getByRole('checkbox').check()
  await rowOf(page, 'idle-004').getByRole('checkbox').check()
  await button(page, en.targetList.bulk_delete).click()
  const sure = page.getByRole('dialog', { name: 'Delete 2 targets?' })
  await sure.getByText(en.targetList.means_delete).waitFor()
  await sure.getByRole('button', { name: 'Delete 2 targets' }).click()
  await page.getByText('2 targets were changed.').waitFor()
  assert.equal((await sekisho.admin.call('GET /api/targets', { tag: 'owner=kenji' })).total, 8)
  const removed = await sekisho.auditUntil(
    { kinds: ['changed'], search: 'target.removed' },
    found => found.length >= 2,
  )
  assert.equal(removed.length, 2)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('what is not there any more does not hold up the rest of a change of many', async () => {
  const { targets } = await sekisho.admin.call('GET /api/targets', { search: 'idle-1', limit: 2 })
  const result = await sekisho.admin.call('POST /api/targets/bulk', {
    ids: ['gone', ...targets.map(target => target.id)],
    change: { kind: 'tag', set: { late: 'yes' }, remove: [] },
  })
  assert.equal(result.done, 2)
  assert.deepEqual(
    result.problems.map(problem => problem.id),
    ['gone'],
  )
  await assert.rejects(
    ann.api.call('POST /api/targets/bulk', { ids: ['x'], change: { kind: 'delete' } }),
    error => error instanceof ApiFailure && error.status === 403,
  )
})

test('a dead target is seen, told, and leaves no noise in the audit', async () => {
  await sekisho.auditCarried()
  const before = await sekisho.admin.call('GET /api/audit', { limit: 500 })
  const state = await sekisho.admin.call('POST /api/targets/:id/check', undefined, { id: dead.id })
  assert.equal(state.state, 'unreachable')
  assert.match(state.message ?? '', /nothing listens/)
  assert.equal(state.changes[0]?.state, 'unreachable')
  const alive = await sekisho.admin.call('POST /api/targets/:id/check', undefined, { id: shopId })
  assert.equal(alive.state, 'reachable')
  assert.match(alive.serverVersion ?? '', /^\d/)
  assert.ok(alive.latencyMs !== undefined && alive.latencyMs > 0)
  await sekisho.auditCarried()
  const after = await sekisho.admin.call('GET /api/audit', { limit: 500 })
  assert.equal(after.length, before.length, 'a look of ours is nobody’s act')

  const { page, context, troubles } = await visit()
  await page.locator('nav').getByRole('link', { name: en.nav.health }).click()
  await page.getByText('1 target cannot be reached').waitFor()
  await picture(page, 'health')
  // Where the ports are listed it is named as well.
  await page.locator('a[href$="?tab=state"]', { hasText: 'dead' }).click()
  await page
    .getByText(/nothing listens on this port/)
    .first()
    .waitFor()
  await picture(page, 'target-state')
  await button(page, en.targetList.checkNow).click()
  await page.goto(`${sekisho.url}/targets?state=unreachable`)
  await rowOf(page, 'dead').getByText(en.targetList.unreachable).waitFor()
  assert.deepEqual(troubles, [])
  await context.close()
})

test('the health page shows what the server says of itself, and only to administrators', async () => {
  const report = await sekisho.admin.call('GET /api/health')
  assert.equal(report.server.ready, true)
  assert.equal(report.storage.kind, 'sqlite')
  assert.ok((report.storage.bytes ?? 0) > 0)
  assert.ok(report.storage.writeMs !== undefined)
  assert.ok(report.ports.every(port => port.listening))
  assert.equal(report.targetPorts.open, report.targetPorts.wanted)
  assert.ok(report.targetPorts.hidden > 100)
  assert.ok(report.audit.writable && report.audit.entries > 0 && report.audit.journalBytes > 0)
  assert.ok(report.certificates.some(({ use }) => use === 'clients'))
  assert.ok(report.series.rssBytes.length > 0)
  const ports = report.limits.find(({ name }) => name === 'targetPorts')
  assert.deepEqual([ports?.used, ports?.max], [18, 20], 'two were deleted before')
  const attention = await sekisho.admin.call('GET /api/attention')
  assert.ok(attention.some(({ kind }) => kind === 'limit.near'))
  const lonely = attention.find(({ kind }) => kind === 'user.no-group')
  assert.deepEqual(lonely?.examples.map(({ name }) => name).sort(), ['ben', 'cho', 'dai'])
  for (const route of ['GET /api/health', 'GET /api/attention'] as const) {
    await assert.rejects(ann.api.call(route), error => error instanceof ApiFailure && error.status === 403)
  }
})

test('people are filtered, put into a group together, and their tokens revoked', async () => {
  const { page, context, troubles } = await visit()
  await page.goto(`${sekisho.url}/users?group=-`)
  await rowOf(page, 'ben').first().waitFor()
  assert.equal(await rowOf(page, 'ann').count(), 0)
  for (const name of ['ben', 'cho']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  }
  await page.getByRole('combobox', { name: en.people.group }).click()
  await page.getByRole('option', { name: 'shop' }).click()
  await picture(page, 'users-bulk')
  await button(page, 'Add 2 people to it').click()
  await page.getByText('The group shop was changed.').waitFor()
  const groups = await sekisho.admin.call('GET /api/groups')
  assert.deepEqual(groups.find(group => group.name === 'shop')?.members, ['ann', 'ben', 'cho'])

  await page.goto(`${sekisho.url}/users?q=ann`)
  await page.getByRole('link', { name: 'ann' }).click()
  await page.getByRole('heading', { name: 'ann' }).waitFor()
  await picture(page, 'user')
  await page.getByRole('button', { name: `${en.tokens.revoke}: test` }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.tokens.revoke, exact: true }).click()
  await page.getByText(en.people.noTokens).waitFor()
  assert.deepEqual(await ann.api.call('GET /api/tokens'), [])
  const [revoked] = await sekisho.auditUntil(
    { kinds: ['changed'], search: 'token.revoked' },
    found => found.length > 0,
  )
  assert.equal(revoked?.userName, 'admin')
  assert.deepEqual(troubles, [])
  await context.close()
})

test('a session is ended with a reason that stands in the audit', async () => {
  const { secret } = await ann.api.call('POST /api/tokens', {
    label: 'again',
    targets: [shopId],
    lifeDays: 1,
  })
  const client = new pg.Client({ ...ann.connection('shop'), password: secret })
  client.on('error', () => undefined)
  await client.connect()
  const { page, context, troubles } = await visit()
  await page.goto(`${sekisho.url}/sessions?q=nobody`)
  await page.getByText(en.common.noMatch).waitFor()
  await page.goto(`${sekisho.url}/sessions?q=ann`)
  await page.getByRole('button', { name: `${en.sessions.end}: ann` }).click()
  const dialog = page.getByRole('dialog', { name: en.sessions.endTitle })
  await dialog.getByLabel(en.sessions.reason).fill('maintenance at noon')
  await dialog.getByRole('button', { name: en.sessions.end, exact: true }).click()
  await page.getByText(en.sessions.ended).waitFor()
  await page.getByText(en.common.noMatch).waitFor()
  await sekisho.auditUntil({ kinds: ['changed'], search: 'session.ended' }, found =>
    JSON.stringify(found).includes('maintenance at noon'),
  )
  assert.deepEqual(troubles, [])
  await context.close()
})

test('everything has Japanese words, also in the dark', async () => {
  const { page, context, troubles } = await visit('ja-JP', 'dark')
  await page.goto(`${sekisho.url}/targets?group=env`)
  await page.getByRole('heading', { name: ja.targets.title }).waitFor()
  await picture(page, 'ja-dark-targets')
  await page.goto(`${sekisho.url}/health`)
  await page.getByRole('heading', { name: ja.health.title }).waitFor()
  await page.getByText('1 件の接続先に接続できません').waitFor()
  await picture(page, 'ja-dark-health')
  await page.goto(`${sekisho.url}/users`)
  await page.getByRole('heading', { name: ja.users.title }).waitFor()
  await picture(page, 'ja-dark-users')
  assert.deepEqual(troubles, [])
  await context.close()
})
