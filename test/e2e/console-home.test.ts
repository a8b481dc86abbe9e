// Arriving: the home page of a user and of an administrator, the command palette by the keyboard alone, the first steps.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { launchChromium } from '../support/chromium.ts'
import { signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let hana: Person

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  const { id } = await sekisho.addTarget('shop', shop)
  await sekisho.savePolicies(`
    @id("analysts-read")
    permit(principal in Group::"analysts", action in [Action::"connect", Action::"select"], resource);
    @id("changes-are-approved") @approval("admin")
    permit(principal in Group::"analysts", action == Action::"update", resource);
  `)
  hana = await sekisho.addPerson('hana', ['analysts'])
  await hana.api.query(id, 'select count(*) from orders')
  await hana.api.query(id, 'update orders set total = 1 where id = 1')
  await sekisho.auditUntil({ userName: 'hana', kinds: ['statement'] }, found => found.length >= 2)
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

test('a user finds connections, recent queries and requests, and is one click from the editor', async () => {
  const { page, context, troubles } = await visitConsole(browser)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signInAt(page, sekisho.url, 'hana', hana.password)
  assert.equal(new URL(page.url()).pathname, '/')
  await page.getByText('select count(*) from orders').waitFor()
  await page.getByRole('link', { name: /No\. 1 at shop/ }).waitFor()
  assert.equal(await page.getByRole('heading', { name: en.home.attention }).count(), 0)
  await page.getByRole('button', { name: 'Copy the connection to shop for a program' }).click()
  await page.getByRole('menuitem', { name: /psql/ }).click()
  const copied = await page.evaluate('navigator.clipboard.readText()')
  assert.match(String(copied), /^psql "host=127\.0\.0\.1 port=\d+ .*user=hana/)
  await page.getByRole('link', { name: 'Open shop in the SQL editor' }).click()
  await page.waitForURL(/\/sql\?.*target=/)
  assert.deepEqual(troubles, [])
  await context.close()
})

test('an administrator sees what needs attention, and the figures of today', async () => {
  const { page, context } = await visitConsole(browser)
  await signInAt(page, sekisho.url, 'admin', sekisho.adminPassword)
  await page.getByRole('heading', { name: en.home.attention }).waitFor()
  const today = page.getByRole('region', { name: en.home.today })
  await today.getByText(en.figures.statements, { exact: true }).waitFor()
  await today.getByRole('link', { name: /refused/ }).click()
  await page.waitForURL(/\/audit\?.*verdict=denied/)
  await context.close()
})

test('the palette leads anywhere by the keyboard alone', async () => {
  const { page, context, troubles } = await visitConsole(browser)
  await signInAt(page, sekisho.url, 'admin', sekisho.adminPassword)
  const open = async (text: string) => {
    await page.keyboard.press('Control+k')
    await page.locator('.palette__input:focus').waitFor()
    await page.keyboard.type(text)
  }
  await open('polic')
  await page
    .getByRole('option', { name: /Policies/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/policies/)
  await open('shop')
  const target = page.getByRole('option', { name: `shop ${en.palette.target}` })
  await target.waitFor()
  while ((await target.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/targets\/[0-9a-f-]+/)
  await open('hana')
  await page.getByRole('option', { name: /hana/ }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/users\/[0-9a-f-]+/)
  // What was used last comes first.
  await open('')
  assert.match((await page.getByRole('option').first().textContent()) ?? '', /Policies/)
  await page.keyboard.press('Escape')
  await open('dark')
  await page.keyboard.press('Enter')
  await page.locator('[data-mantine-color-scheme=dark]').first().waitFor()
  assert.deepEqual(troubles, [])
  await context.close()
})

test('the first steps are shown when asked for, by the keyboard, and gone when sent away', async () => {
  const { page, context } = await visitConsole(browser)
  await signInAt(page, sekisho.url, 'hana', hana.password)
  const tour = page.getByRole('region', { name: en.tour.title })
  assert.equal(await tour.count(), 0)
  await page.goto(`${sekisho.url}/?tour=true`)
  await tour.getByText(en.tour.user_one_title).waitFor()
  for (const next of [en.tour.user_two_title, en.tour.user_three_title]) {
    await tour.getByRole('button', { name: en.tour.next }).press('Enter')
    await tour.getByText(next).waitFor()
  }
  await page.keyboard.press('Escape')
  await tour.waitFor({ state: 'detached' })
  await context.close()
})

test('the skip link leads to the content', async () => {
  const { page, context } = await visitConsole(browser)
  await signInAt(page, sekisho.url, 'hana', hana.password)
  await page.locator('.skip').focus()
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'content')
  await context.close()
})
