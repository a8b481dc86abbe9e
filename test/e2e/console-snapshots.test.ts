// Kept rows as an administrator looks at them: Chromium, the real server, a real PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { launchChromium } from '../support/chromium.ts'
import { picture, signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { shopTags, startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let statement: string

before(async () => {
  shop = await startShop()
  sekisho = await startSekisho()
  const { id } = await sekisho.addTarget('shop', shop, { snapshotRowsMax: 20 })
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id })
  await sekisho.savePolicies(`
@id("work")
permit(principal, action in [Action::"connect", Action::"select", Action::"update"], resource);`)
  const ann = await sekisho.addPerson('ann', [])
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  await client.query("update customers set name = 'Somebody else' where id in (7, 8)")
  await client.end()
  await sekisho.auditCarried()
  const entries = await sekisho.admin.call('GET /api/audit', { kinds: ['statement'], userName: 'ann' })
  statement = entries[0]?.id ?? ''
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

test('rows stand side by side, what is hidden stays hidden, and what restores can be copied', async () => {
  const { page, context, troubles } = await visitConsole(browser, {
    viewport: { width: 1280, height: 1000 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await signInAt(page, sekisho.url, 'admin', sekisho.adminPassword)
  await page.goto(`${sekisho.url}/audit?entry=${statement}`)
  const drawer = page.getByRole('dialog')
  await drawer.getByText('2 rows kept as they were before and after').waitFor()
  await drawer.getByRole('button', { name: en.snapshot.open }).click()
  const row = drawer.getByRole('table', { name: 'Row 1' })
  await row.locator('mark', { hasText: 'Somebody else' }).waitFor()
  await row.getByText('Customer 7').waitFor()
  assert.equal(await row.getByText(en.snapshot.hidden, { exact: true }).count(), 4)
  assert.ok(!(await drawer.innerText()).includes('zq7'))
  await picture(page, 'audit-snapshot')
  await drawer.getByRole('button', { name: en.snapshot.restore }).click()
  const copied = (await page.evaluate('navigator.clipboard.readText()')) as string
  assert.match(
    copied,
    /^-- without hidden columns: email, phone\nUPDATE "public"\."customers" SET "name" = 'Customer 7' WHERE "id" = '7';/,
  )
  assert.deepEqual(troubles, [])
  await context.close()
})
