// The console as people use it: Chromium, the real server, a real PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { ja } from '../../web/src/locales/ja.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Visitor, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { testAdministration } from './console-administration.ts'
import { marker, startShop } from './shop.ts'

const firstLoadBytesMax = 250_000
const hanasPassword = 'cedar lantern tide 93'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let targetId: string
let firstPassword: string

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  targetId = (await sekisho.addTarget('shop', shop)).id
  await sekisho.savePolicies(`
    @id("analysts-work-on-the-shop")
    permit(principal in Group::"analysts", action in [Action::"connect", Action::"select", Action::"update"], resource)
    when { resource in Target::"shop" };
  `)
  await sekisho.admin.call('POST /api/groups', { name: 'analysts', description: '' })
  ;({ firstPassword } = await sekisho.admin.call('POST /api/users', {
    name: 'hana',
    displayName: 'Hana',
    role: 'user',
    groups: ['analysts'],
  }))
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

const visit = (locale: 'en-US' | 'ja-JP'): Promise<Visitor> => visitConsole(browser, { locale })

/** Keeps the bodies of all answers of the API, before the browser has them: it may forget them. */
async function keepAnswers(page: Page): Promise<readonly string[]> {
  const answers: string[] = []
  await page.route('**/api/**', async route => {
    const response = await route.fetch()
    answers.push(await response.text())
    await route.fulfill({ response })
  })
  return answers
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto(sekisho.url)
  await page.locator('input[name=username]').fill(name)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
}

/** Runs a text on the SQL page, with the keyboard. */
async function runSql(page: Page, sql: string): Promise<void> {
  await page.goto(`${sekisho.url}/sql?target=${targetId}`)
  const editor = page.getByLabel(en.sql.editor)
  await editor.fill(sql)
  await page.keyboard.press('Control+Enter')
}

test('a first sign-in leads to a password of their own', async () => {
  const { page, context, troubles } = await visit('en-US')
  await signIn(page, 'hana', 'not the password')
  await page.getByText(en.errors.sign_in_failed).waitFor()
  await signIn(page, 'hana', firstPassword)
  await page.getByRole('heading', { name: en.password.changeTitle }).waitFor()
  const submit = page.getByRole('button', { name: en.password.submit })
  await page.getByRole('textbox', { name: en.password.current }).fill(firstPassword)
  await page.getByRole('textbox', { name: en.password.next, exact: true }).fill('short')
  await page.getByRole('textbox', { name: en.password.again }).fill('short')
  assert.equal(await submit.isEnabled(), false)
  await page.getByRole('textbox', { name: en.password.next, exact: true }).fill(hanasPassword)
  await page.getByRole('textbox', { name: en.password.again }).fill(hanasPassword)
  await submit.click()
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  assert.equal(await page.getByRole('link', { name: en.nav.audit }).count(), 0)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('an administrator tags a column, and what it hides is told', async () => {
  const { page, context, troubles } = await visit('en-US')
  await signIn(page, 'admin', sekisho.adminPassword)
  await page.getByRole('link', { name: 'shop', exact: true }).click()
  await page.getByRole('tab', { name: en.targets.tabTables }).click()
  await page.getByRole('option', { name: 'customers' }).click()
  await page.getByRole('button', { name: 'Edit the tags of email' }).click()
  await page.getByRole('checkbox', { name: /pii\.email/ }).check()
  await page.getByRole('button', { name: en.common.save }).click()
  await page.getByRole('button', { name: `${en.tables.hiddenTitle}: email` }).click()
  await page.getByText('no policy permits you to see it in clear').waitFor()
  const tables = await sekisho.admin.call('GET /api/targets/:id/tables', undefined, { id: targetId })
  const email = tables.find(row => row.table === 'customers')?.columns.find(column => column.name === 'email')
  assert.deepEqual(email?.tags, ['pii.email'])
  assert.deepEqual(troubles, [])
  await context.close()
})

test('a query runs on masks: no real value reaches the page or the network', async () => {
  const { page, context, troubles } = await visit('en-US')
  const told = await keepAnswers(page)
  await signIn(page, 'hana', hanasPassword)
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  await runSql(page, 'select id, name, email, null as nothing from customers order by id limit 50')
  await page.getByText('50 rows').waitFor()
  const grid = page.getByRole('grid', { name: en.sql.grid })
  assert.match((await grid.textContent()) ?? '', /c\*\*\*@\*\*\*/)
  const lock = grid.getByRole('columnheader').filter({ hasText: 'email' }).getByLabel(en.sql.masked)
  assert.equal(await lock.count(), 1)
  assert.equal(await grid.getByLabel(en.sql.masked).count(), 1)
  assert.ok((await grid.getByText('NULL').count()) > 0)
  assert.ok(told.some(answer => answer.includes('***@***')))
  assert.doesNotMatch(await page.content(), new RegExp(marker))
  for (const answer of told) assert.doesNotMatch(answer, new RegExp(marker))
  // The oracle: the value is there for who asks the target itself.
  const real = await shop.run('select email from customers order by id limit 1')
  assert.match(String(real.rows[0]?.email), new RegExp(marker))
  assert.deepEqual(troubles, [])
  await context.close()
})

test('a refusal says why, an error says where, and a stopped query stops', async () => {
  const { page, context } = await visit('en-US')
  await signIn(page, 'hana', hanasPassword)
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  await runSql(page, `update customers set country = 'JP' where email like 'a%'`)
  await page.getByText(en.sql.refusedTitle).waitFor()
  await page.getByText('hidden from you').waitFor()
  await runSql(page, 'select 1/0 from orders')
  await page.getByText(en.sql.errorTitle).waitFor()
  await runSql(page, 'select count(*) from orders a, orders b, orders c, orders d')
  await page.getByRole('button', { name: en.sql.stop }).click()
  await page.getByText(en.sql.stopped).first().waitFor()
  await context.close()
})

test('the audit shows who asked what, what was hidden, and who decided', async () => {
  await sekisho.auditUntil({ userName: 'hana', masked: true }, entries =>
    entries.some(entry => entry.result === 'ok'),
  )
  const { page, context, troubles } = await visit('en-US')
  await signIn(page, 'admin', sekisho.adminPassword)
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  await page.goto(`${sekisho.url}/audit?user=hana&masked=true`)
  const row = page.getByRole('row').filter({ hasText: 'select id, name, email' })
  await row.first().click()
  const entry = page.getByRole('dialog')
  await entry.getByText('public.customers.email').first().waitFor()
  await entry.getByText(/analysts-work-on-the-shop/).waitFor()
  assert.match((await entry.textContent()) ?? '', /[0-9a-f]{64}/)
  assert.match(page.url(), /entry=/)
  await page.keyboard.press('Escape')
  await entry.waitFor({ state: 'hidden' })
  assert.deepEqual(troubles, [])
  await context.close()
})

testAdministration(() => ({
  sekisho,
  shop,
  async visitAsAdministrator() {
    const visitor = await visit('en-US')
    await signIn(visitor.page, 'admin', sekisho.adminPassword)
    await visitor.page.getByRole('heading', { name: en.targets.title }).waitFor()
    return visitor
  },
}))

const rooms = ['targets', 'sql', 'audit', 'policies', 'tags', 'users', 'groups', 'tokens', 'profile'] as const

/** Names of controls that a screen reader could not tell, and what else is basic. Runs in the page. */
const accessibilityScript = `(() => {
  const problems = []
  const named = element =>
    (element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.title ||
      element.innerText || element.placeholder || [...(element.labels ?? [])].map(label => label.innerText).join('')).trim() !== ''
  for (const element of document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea, [role=textbox]')) {
    if (element.checkVisibility() && !named(element)) problems.push(element.outerHTML.slice(0, 200))
  }
  for (const image of document.querySelectorAll('img:not([alt]):not([aria-hidden]), [role=img]:not([aria-label])')) problems.push(image.outerHTML.slice(0, 200))
  if (document.querySelectorAll('h1').length !== 1) problems.push('h1: ' + document.querySelectorAll('h1').length)
  if (document.querySelectorAll('main').length !== 1) problems.push('main')
  if (!document.documentElement.lang) problems.push('lang')
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push('twice: ' + id)
  return problems
})()`

test('every room names its controls', async () => {
  const { page, context, troubles } = await visit('en-US')
  await page.goto(sekisho.url)
  await page.locator('input[name=username]').waitFor()
  assert.deepEqual(await page.evaluate(accessibilityScript), [])
  await signIn(page, 'admin', sekisho.adminPassword)
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  for (const room of rooms) {
    await page.goto(`${sekisho.url}/${room}`)
    await page.locator('main h1').waitFor()
    await page.waitForLoadState('networkidle')
    assert.deepEqual(await page.evaluate(accessibilityScript), [], room)
  }
  assert.deepEqual(troubles, [])
  await context.close()
})

test('the Japanese console has no English words left', async () => {
  const { page, context } = await visit('ja-JP')
  await signIn(page, 'admin', sekisho.adminPassword)
  await page.getByRole('heading', { name: ja.targets.title }).waitFor()
  // The display name of the first administrator is data, not a label.
  const data = new Set(['Administrator'])
  const same = new Set(Object.values(ja).flatMap(section => Object.values(section)))
  const english = Object.values(en)
    .flatMap(section => Object.values(section))
    .filter(text => text.length > 3 && !text.includes('{{') && !same.has(text) && !data.has(text))
  for (const room of rooms) {
    await page.goto(`${sekisho.url}/${room}`)
    await page.locator('main h1').waitFor()
    await page.waitForLoadState('networkidle')
    const lines = new Set((await page.locator('body').innerText()).split(/[\n\t]/).map(line => line.trim()))
    assert.deepEqual(
      english.filter(text => lines.has(text)),
      [],
      room,
    )
  }
  await context.close()
})

test('the first load is small', async () => {
  const { page, context } = await visit('en-US')
  const sizes: Promise<number>[] = []
  page.on('response', response => {
    if (response.url().endsWith('.js')) sizes.push(response.body().then(body => gzipSync(body).length))
  })
  await signIn(page, 'admin', sekisho.adminPassword)
  await page.getByRole('heading', { name: en.targets.title }).waitFor()
  await page.waitForLoadState('networkidle')
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  console.log(`first load: ${Math.round(bytes / 1000)} kB of script, compressed`)
  assert.ok(bytes < firstLoadBytesMax, `${bytes} bytes`)
  await context.close()
})
