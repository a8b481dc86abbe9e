// Requests and sessions as people use them: Chromium, the real server, a real PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { ja } from '../../web/src/locales/ja.ts'
import { launchChromium } from '../support/chromium.ts'
import { picture, signInAt, type Visitor, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { shopTags, startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let targetId: string
let hana: Person
let dana: Person

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho({ environment: { SEKISHO_LIMITS_SIGN_INS_PER_MINUTE_MAX: '1000' } })
  targetId = (await sekisho.addTarget('shop', shop)).id
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id: targetId })
  await sekisho.savePolicies(`
@id("work")
permit(principal in Group::"workers", action in [Action::"connect", Action::"select", Action::"call"], resource);
@id("careful-deletes")
@approval("dba")
permit(principal in Group::"workers", action == Action::"delete", resource);
@id("say-why")
@require_reason("true")
permit(principal in Group::"workers", action == Action::"update", resource);
`)
  hana = await sekisho.addPerson('hana', ['workers'])
  dana = await sekisho.addPerson('dana', ['dba'])
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

async function visit(
  name: string,
  password: string,
  locale: 'en-US' | 'ja-JP' = 'en-US',
  scheme: 'light' | 'dark' = 'light',
): Promise<Visitor> {
  const visitor = await visitConsole(browser, { locale, scheme })
  await signInAt(visitor.page, sekisho.url, name, password)
  return visitor
}

async function runSql(page: Page, sql: string): Promise<void> {
  await page.goto(`${sekisho.url}/sql?target=${targetId}`)
  await page.getByLabel(en.sql.editor).fill(sql)
  await page.keyboard.press('Control+Enter')
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('a statement is asked for, looked at, approved, and run from the same page', async () => {
  const author = await visit('hana', hana.password)
  await runSql(author.page, 'delete from orders where id between 4000 and 4004')
  await author.page.getByText(en.sql.needsApprovalTitle).waitFor()
  assert.equal(await button(author.page, en.sql.runAgain).isEnabled(), false)
  await picture(author.page, 'sql-needs-approval')

  const approver = await visit('dana', dana.password)
  const { page } = approver
  await page.getByRole('status', { name: '1 request waits for you' }).waitFor()
  await page.getByRole('link', { name: en.nav.requests }).click()
  await picture(page, 'requests-list')
  await page.getByRole('button', { name: /^Request \d+$/ }).focus()
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await drawer.getByText('public.orders').waitFor()
  await drawer.getByRole('button', { name: en.requests.planAsk }).click()
  await drawer.getByText(/Delete on orders/).waitFor()
  await drawer.getByText(/about \d+ row/).waitFor()
  await drawer.getByText(en.requests.duration_once).click()
  await drawer.getByLabel(en.requests.note).fill('after the backup')
  await picture(page, 'request-panel')
  await drawer.getByRole('button', { name: en.requests.approve, exact: true }).click()
  await drawer.getByText(en.requests.withdrawApproval).waitFor()
  await picture(page, 'request-approved')
  assert.equal(await page.getByRole('status', { name: /wait for you/ }).count(), 0)

  await author.page.getByText(en.sql.approvedRunAgain).waitFor()
  await button(author.page, en.sql.runAgain).click()
  await author.page.getByText('DELETE done').waitFor()
  const left = (await shop.run('select count(*)::int as n from orders where id between 4000 and 4004')).rows
  assert.equal((left as readonly { readonly n: number }[])[0]?.n, 0)
  await author.page.goto(`${sekisho.url}/requests`)
  await author.page.getByText(en.requests.state_used).waitFor()
  await picture(author.page, 'requests-own')
  for (const { troubles, context } of [author, approver]) {
    assert.deepEqual(troubles, [])
    await context.close()
  }
})

test('a reason is asked for and stands in front of the statement', async () => {
  const { page, context, troubles } = await visit('hana', hana.password)
  await runSql(page, 'update orders set total = 1 where id = 7')
  const dialog = page.getByRole('dialog', { name: en.sql.reasonTitle })
  await dialog.waitFor()
  await picture(page, 'sql-reason')
  await page.keyboard.type('ticket 7 */ select 1; --')
  await page.keyboard.press('Enter')
  await page.getByText('UPDATE done').waitFor()
  const [entry] = await sekisho.auditUntil(
    { kinds: ['statement'], verdict: 'allowed', userName: 'hana', search: 'update' },
    entries => entries.some(one => one.verb === 'UPDATE'),
  )
  const full = await sekisho.admin.call('GET /api/audit/:id', undefined, { id: entry?.id ?? '' })
  assert.match(full.text ?? '', /^\/\* reason: ticket 7 \* \/ select 1; -- \*\/ update orders/)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('an administrator watches, stops a statement and ends a session', async () => {
  const { page, context, troubles } = await visit('admin', sekisho.adminPassword)
  const client = new pg.Client(hana.connection('shop'))
  const ended = new Promise<void>(resolve => client.on('end', () => resolve()))
  client.on('error', () => undefined)
  await client.connect()
  await page.getByRole('link', { name: en.nav.sessions }).click()
  // Sessions of the SQL page, which outlive it for a while, come from the console.
  const row = page.getByRole('row').filter({ hasText: '127.0.0.1' })
  await row.waitFor()
  await client.query("select name from customers where country = 'JP'")
  await client.query('select email from customers limit 3')
  await client.query('delete from orders where id = 1').catch(() => undefined)
  const live = page.getByRole('region', { name: en.sessions.live })
  await live.getByText(/select name from customers where country = \$1/).waitFor()
  await live.getByText(en.sessions.denied).first().waitFor()
  const failing = client.query('select pg_sleep(60)').then(
    () => 'it came to its end',
    (error: Error) => error.message,
  )
  await page.getByRole('row').filter({ hasText: 'pg_sleep' }).waitFor()
  await picture(page, 'sessions')
  await row.getByRole('button', { name: `${en.sessions.stop}: hana` }).click()
  await page
    .getByRole('dialog', { name: en.sessions.stopTitle })
    .getByRole('button', { name: en.sessions.stop, exact: true })
    .click()
  assert.match(await failing, /stopped/)
  await button(page, en.sessions.pause).click()
  await client.query('select 2 as after_the_pause')
  await row.getByRole('button', { name: `${en.sessions.end}: hana` }).click()
  await picture(page, 'sessions-end')
  await page
    .getByRole('dialog', { name: en.sessions.endTitle })
    .getByRole('button', { name: en.sessions.end, exact: true })
    .click()
  await ended
  await row.waitFor({ state: 'detached' })
  assert.equal(await live.getByText('after_the_pause').count(), 0)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('an administrator makes a token for programs, which is shown once', async () => {
  const { page, context, troubles } = await visit('admin', sekisho.adminPassword)
  await page.goto(`${sekisho.url}/tokens`)
  await button(page, en.apiTokens.add).click()
  const dialog = page.getByRole('dialog', { name: en.apiTokens.add })
  await dialog.getByLabel(en.tokens.label).fill('deploy')
  await page.keyboard.press('Enter')
  const secret = await dialog.getByText(/^ska_/).textContent()
  await picture(page, 'api-token')
  await dialog.getByRole('button', { name: en.common.done }).click()
  const use = () => fetch(`${sekisho.url}/api/users`, { headers: { authorization: `Bearer ${secret}` } })
  assert.equal((await use()).status, 200)
  await page.getByRole('button', { name: `${en.tokens.revoke}: deploy` }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.tokens.revoke, exact: true }).click()
  await page.getByText(en.apiTokens.empty).waitFor()
  await picture(page, 'tokens')
  assert.equal((await use()).status, 401)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('the same pages in Japanese and in the dark', async () => {
  const client = new pg.Client(hana.connection('shop'))
  client.on('error', () => undefined)
  await client.connect()
  await client.query('delete from orders where id = 99').catch(() => undefined)
  const approver = await visit('dana', dana.password, 'ja-JP', 'dark')
  await approver.page.getByRole('link', { name: ja.nav.requests }).click()
  await approver.page
    .getByRole('button', { name: /^申請 \d+$/ })
    .last()
    .click()
  await approver.page.getByRole('button', { name: ja.requests.planAsk }).click()
  await approver.page.getByText(/Delete on orders/).waitFor()
  await picture(approver.page, 'ja-dark-request')
  const admin = await visit('admin', sekisho.adminPassword, 'ja-JP', 'dark')
  await admin.page.getByRole('link', { name: ja.nav.sessions }).click()
  await admin.page.getByRole('row').filter({ hasText: '127.0.0.1' }).waitFor()
  await client.query('select email from customers limit 3')
  await admin.page.getByText(/select email/).waitFor()
  await picture(admin.page, 'ja-dark-sessions')
  const author = await visit('hana', hana.password, 'ja-JP', 'dark')
  await author.page.goto(`${sekisho.url}/sql?target=${targetId}`)
  await author.page.getByLabel(ja.sql.editor).fill('delete from orders where id = 99')
  await author.page.keyboard.press('Control+Enter')
  await author.page.getByText(ja.sql.needsApprovalTitle).waitFor()
  await author.page.getByText(/ポリシー「careful-deletes」により/).waitFor()
  await picture(author.page, 'ja-dark-sql')
  await client.end()
  for (const { troubles, context } of [approver, admin, author]) {
    assert.deepEqual(troubles, [])
    await context.close()
  }
})
