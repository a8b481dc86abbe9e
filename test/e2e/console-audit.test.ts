// The audit as administrators use it: the search line, figures, kept filters, the story of a session, the tail, exports.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { launchChromium } from '../support/chromium.ts'
import { signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { shopTags, startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let hana: Person
let client: pg.Client

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  const { id } = await sekisho.addTarget('shop', shop)
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id })
  await sekisho.savePolicies(`
    @id("analysts-read")
    permit(principal in Group::"analysts", action in [Action::"connect", Action::"select"], resource);
  `)
  hana = await sekisho.addPerson('hana', ['analysts'])
  client = new pg.Client({ ...hana.connection('shop'), application_name: 'reports' })
  await client.connect()
  await client.query('select id, email from customers order by id limit 3')
  await client.query('delete from customers where id = 1').catch(() => undefined)
  await client.query('select count(*) from orders')
  await sekisho.auditUntil({ userName: 'hana', kinds: ['statement'] }, found => found.length >= 3)
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await client?.end().catch(() => undefined)
  await sekisho?.stop()
  await shop?.stop()
})

async function arrive(path: string) {
  const visitor = await visitConsole(browser)
  await signInAt(visitor.page, sekisho.url, 'admin', sekisho.adminPassword)
  await visitor.page.goto(sekisho.url + path)
  await visitor.page.getByRole('grid').waitFor()
  return visitor
}

test('a line of fields and words becomes chips in the address, and finds what it says', async () => {
  const { page, context, troubles } = await arrive('/audit')
  await page.keyboard.press('/')
  await page.keyboard.type('user:hana table:customers refused ')
  const rows = page.getByRole('row').filter({ hasText: 'delete from customers' })
  await rows.first().waitFor()
  await page.waitForURL(/user=hana/)
  assert.match(page.url(), /table=customers/)
  assert.match(page.url(), /verdict=denied/)
  assert.equal(await page.getByRole('row').filter({ hasText: 'count(*)' }).count(), 0)
  // The address alone leads to the same.
  await page.reload()
  await rows.first().waitFor()
  await page.getByRole('button', { name: `Remove ${en.audit.field_table}: customers` }).click()
  await page.waitForURL(url => !url.search.includes('table='))
  await page.getByLabel(en.audit.search).first().fill('nothing-like-it')
  await page.getByText(en.audit.empty).waitFor()
  assert.deepEqual(troubles, [])
  await context.close()
})

test('new entries come by themselves, until somebody pauses', async () => {
  const { page, context } = await arrive('/audit?user=hana')
  await client.query('select 4711 as tailed')
  await page.getByRole('row').filter({ hasText: 'tailed' }).first().waitFor()
  await page.getByRole('switch', { name: en.audit.live }).press('Space')
  await client.query('select 4712 as paused')
  await sekisho.auditUntil({ search: 'paused' }, found => found.length > 0)
  assert.equal(await page.getByRole('row').filter({ hasText: 'as paused' }).count(), 0)
  await context.close()
})

test('a filter is kept under a name, and found again', async () => {
  const { page, context } = await arrive('/audit?user=hana&verdict=denied')
  await page.getByRole('button', { name: en.audit.kept }).click()
  await page.getByLabel(en.audit.keepAs).fill('What Hana may not')
  await page.getByRole('button', { name: en.common.save, exact: true }).click()
  await page.getByRole('button', { name: 'What Hana may not', exact: true }).waitFor()
  await page.goto(`${sekisho.url}/audit`)
  await page.getByRole('button', { name: en.audit.kept }).click()
  await page.getByRole('button', { name: 'What Hana may not', exact: true }).click()
  await page.waitForURL(/verdict=denied/)
  await page.getByRole('row').filter({ hasText: 'delete from customers' }).first().waitFor()
  await context.close()
})

test('an entry tells the story of its session, step by step', async () => {
  const { page, context } = await arrive('/audit?user=hana&table=orders')
  await page.getByRole('row').filter({ hasText: 'count(*)' }).first().click()
  const entry = page.getByRole('dialog')
  const story = entry.locator('.story')
  await story.getByText('delete from customers').waitFor()
  await story.getByText(en.audit.kind_session_opened).waitFor()
  const before = page.url()
  await entry.getByRole('button', { name: en.audit.previousInSession }).click()
  await entry.locator('.entry__head').getByText(en.audit.denied).first().waitFor()
  assert.notEqual(page.url(), before)
  await context.close()
})

test('figures count what is looked for, and lead to it', async () => {
  const { page, context } = await arrive('/audit')
  await page.getByRole('button', { name: en.figures.title }).click()
  const figures = page.getByRole('region', { name: en.figures.title })
  await figures
    .getByRole('button', { name: /public\.customers\b/ })
    .first()
    .waitFor()
  await figures.getByRole('button', { name: /public\.customers\.email/ }).waitFor()
  await figures.getByRole('button', { name: new RegExp(en.audit.noPolicy) }).waitFor()
  await figures.getByRole('slider').focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.waitForURL(/range=custom/)
  await figures.getByRole('button', { name: /hana/ }).click()
  await page.waitForURL(/user=hana/)
  await context.close()
})

test('what is looked for is fetched as a file, and the export is on record', async () => {
  const { page, context } = await arrive('/audit?user=hana&kinds=["statements"]')
  await page.getByRole('button', { name: en.audit.export }).click()
  await page.getByRole('menuitem', { name: 'Parquet' }).click()
  const link = page.getByRole('link', { name: en.audit.exportFetch })
  await link.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  assert.match(download.suggestedFilename(), /^audit-.*\.parquet$/)
  const bytes = readFileSync(await download.path())
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const rows = await parquetReadObjects({ file })
  assert.ok(rows.length >= 3)
  assert.ok(rows.every(row => row['user'] === 'hana' && row['kind'] === 'statement'))
  await sekisho.auditUntil({ search: 'audit.exported' }, found => found.some(one => one.userName === 'admin'))
  await context.close()
})
