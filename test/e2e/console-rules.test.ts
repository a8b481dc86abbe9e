// Templates and query rules in the console: Chromium, the real server, a real PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { ja } from '../../web/src/locales/ja.ts'
import { launchChromium } from '../support/chromium.ts'
import { signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  await sekisho.addTarget('shop', shop)
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

async function visit(locale: 'en-US' | 'ja-JP'): Promise<{ page: Page; troubles: readonly string[] }> {
  const { page, troubles } = await visitConsole(browser, { locale })
  await signInAt(page, sekisho.url, 'admin', sekisho.adminPassword)
  await page.goto(`${sekisho.url}/policies`)
  return { page, troubles }
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('policies begin from templates, with their meaning', async () => {
  const { page, troubles } = await visit('en-US')
  await button(page, en.policies.addTemplate).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: en.policies.template_break_glass }).click()
  await dialog.getByText('An administrator must approve each statement first.').waitFor()
  await dialog.getByRole('button', { name: en.policies.templateAdd }).click()
  await button(page, en.policies.save).click()
  await page.getByRole('textbox', { name: en.policies.saveNote }).fill('For the night shift')
  await page.getByRole('dialog').getByRole('button', { name: en.common.save }).click()
  await page.getByText('Version 2 in force').waitFor()
  const { current } = await sekisho.admin.call('GET /api/policies')
  assert.match(current.text, /administrators-work-everywhere[^]*@id\("break-glass"\)/)
  assert.deepEqual(troubles, [])
  await page.context().close()
})

test('a query rule is written, tried out, saved, and removed', async () => {
  const { page, troubles } = await visit('en-US')
  await page.getByText(en.rules.title, { exact: true }).click()
  await page.getByText(en.rules.none).waitFor()
  await button(page, en.rules.add).click()
  const form = page.getByRole('dialog')
  await form.getByRole('textbox', { name: en.rules.name, exact: true }).fill('no sleeping')
  await form.getByRole('textbox', { name: en.rules.statements }).fill('*pg_sleep*')
  await form.getByRole('button', { name: en.rules.take }).click()
  await page.getByRole('textbox', { name: en.tester.statements }).fill('select pg_sleep(1)')
  await button(page, en.tester.run).click()
  await page.getByText('The query rule “no sleeping” does not let this statement through.').waitFor()
  await button(page, en.common.save).click()
  await page.getByText('Version 1 of the rules is in force').waitFor()
  const saved = await sekisho.admin.call('GET /api/rules')
  assert.deepEqual(saved.rules, [
    { name: 'no sleeping', verdict: 'deny', match: 'pattern', value: '*pg_sleep*', note: '' },
  ])
  await page
    .getByRole('row', { name: /no sleeping/ })
    .getByRole('button', { name: en.common.edit })
    .click()
  await form.getByRole('button', { name: en.rules.remove }).click()
  await button(page, en.common.save).click()
  await page.getByText(en.rules.none).waitFor()
  assert.deepEqual(troubles, [])
  await page.context().close()
})

test('the same in Japanese', async () => {
  const { page, troubles } = await visit('ja-JP')
  await page.getByText(ja.rules.title, { exact: true }).click()
  await page.getByRole('textbox', { name: ja.tester.statements }).fill('update orders set total = 1')
  await button(page, ja.tester.run).click()
  await page.getByText(/テーブルのすべての行が変わります。/).waitFor()
  await page.getByText(ja.policies.title, { exact: true }).last().click()
  await button(page, ja.policies.addTemplate).click()
  await page.getByRole('dialog').getByText('読み取り専用です（接続先でも保証されます）。').waitFor()
  assert.deepEqual(troubles, [])
  await page.context().close()
})
