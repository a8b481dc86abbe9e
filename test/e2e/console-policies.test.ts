// Policies in the console, worked on as administrators do: form, text and meaning in step, tried, replayed, compared, rolled
// back; and the page about who reaches what. Chromium, the real server, a real PostgreSQL.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { ja } from '../../web/src/locales/ja.ts'
import { launchChromium } from '../support/chromium.ts'
import { signInAt, visitConsole } from '../support/console-visitor.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { shopTags, startShop } from './shop.ts'

let shop: RunningPostgres
let sekisho: RunningSekisho
let browser: Browser
let shopId = ''

before(async () => {
  ;[shop, sekisho, browser] = await Promise.all([startShop(), startSekisho(), launchChromium()])
  shopId = (await sekisho.addTarget('shop', shop, { tags: { env: 'demo' } })).id
  for (const tag of shopTags) await sekisho.admin.call('PUT /api/targets/:id/tags', tag, { id: shopId })
  const ann = await sekisho.addPerson('ann', ['analysts'])
  await sekisho.addPerson('pia', ['privacy-officers', 'analysts'])
  const client = new pg.Client(ann.connection('shop'))
  await client.connect()
  for (let id = 1; id <= 5; id++) await client.query(`select email from customers where id = ${id}`)
  await client.query('select count(*) from orders')
  await client.end()
})

after(async () => {
  await browser?.close()
  await sekisho?.stop()
  await shop?.stop()
})

type Act = (page: Page) => Promise<void>

/** On a page of its own, on which nothing may go wrong. */
function onPage(name: string, path: string, act: Act, locale: 'en-US' | 'ja-JP' = 'en-US'): void {
  void test(name, async () => {
    const viewport = { width: 1360, height: 860 }
    const { page, context, troubles } = await visitConsole(browser, { locale, viewport })
    await signInAt(page, sekisho.url, 'admin', sekisho.adminPassword)
    await page.goto(`${sekisho.url}${path}`)
    await page.locator('main h1').waitFor()
    await act(page)
    assert.deepEqual(troubles, [])
    await context.close()
  })
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const view = (page: Page, name: string) => page.getByText(name, { exact: true }).first()
const body = (page: Page) => field(page, en.policies.oneEditor)
const policies = async () => (await sekisho.admin.call('GET /api/policies')).current

async function save(page: Page, note: string): Promise<void> {
  await button(page, en.policies.save).click()
  const dialog = page.getByRole('dialog')
  await field(page, en.policies.saveNote).fill(note)
  await dialog.getByRole('button', { name: en.common.save, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

onPage('form, Cedar and meaning stay in step', '/policies?policy=analysts-read-demo', async page => {
  const form = page.getByRole('region', { name: en.policyForm.title })
  await form.getByText('insert', { exact: true }).click()
  await page
    .getByText(/may connect to every target, and read and add rows to every table/)
    .last()
    .waitFor()
  assert.match((await body(page).textContent()) ?? '', /Action::"insert"/)
  await form.getByText(en.policyForm.forbid, { exact: true }).click()
  await page
    .getByText(/may not connect to any target/)
    .last()
    .waitFor()
  await body(page).fill(
    '@id("analysts-read-demo") permit(principal in Group::"analysts", action == Action::"select", resource) when { context.localHour >= 9 };',
  )
  await form.getByText(en.policyForm.kind_time, { exact: true }).waitFor()
  assert.equal(await form.getByRole('textbox', { name: en.policyForm.value }).inputValue(), '9')
  await page
    .getByText(/if the hour \(local\) is at least 9|at least 9/)
    .last()
    .waitFor()
})

onPage(
  'what no form can say is kept as text, with its errors marked',
  '/policies?policy=analysts-read-demo',
  async page => {
    const form = page.getByRole('region', { name: en.policyForm.title })
    const text = '@id("analysts-read-demo") permit(principal is User, action == Action::"select", resource);'
    await body(page).fill(text)
    await form.getByText(en.policyForm.onlyAsText).waitFor()
    assert.equal(await body(page).textContent(), text)
    await body(page).fill(text.replace('"select"', '"selekt"'))
    await page.locator('.one-policy .cm-problem--error').first().waitFor()
    assert.equal(await button(page, en.policies.save).isEnabled(), false)
  },
)

onPage(
  'a policy is added by the form, and what it changes is said before it is saved',
  '/policies',
  async page => {
    const before = await policies()
    await button(page, en.policies.add).click()
    const form = page.getByRole('region', { name: en.policyForm.title })
    await form.getByRole('textbox', { name: en.policyForm.name }).fill('analysts-see-mail')
    for (const action of ['connect', 'select', 'reveal'])
      await form.getByText(action, { exact: true }).click()
    const where = form
      .locator(
        '.mantine-TagsInput-root input.mantine-TagsInput-inputField, .mantine-TagsInput-root input:not([type=hidden])',
      )
      .first()
    await where.fill('#pii.email')
    await where.press('Enter')
    await page
      .getByText('Members of the group analysts may see the columns tagged pii.email.')
      .last()
      .waitFor()
    await button(page, en.policies.save).click()
    await page.getByText('The group analysts gains reveal on 1 column of 1 table of shop.').waitFor()
    await field(page, en.policies.saveNote).fill('Analysts write to customers')
    await page.getByRole('dialog').getByRole('button', { name: en.common.save, exact: true }).click()
    await page.getByText(`Version ${before.version + 1} in force`).waitFor()
    const { text } = await policies()
    assert.ok(text.startsWith(before.text.trimEnd()))
    assert.match(
      text,
      /@id\("analysts-see-mail"\)\npermit \(\n {2}principal in Group::"analysts",\n {2}action == Action::"reveal",\n {2}resource in Tag::"pii\.email"\n\);/,
    )
  },
)

onPage(
  'the list is searched, policies are switched off, removed, and brought back',
  '/policies',
  async page => {
    const list = page.getByRole('navigation', { name: en.policies.list })
    await list.getByRole('searchbox').fill('privacy')
    await list.getByText('privacy-officers-reveal').waitFor()
    assert.equal(await list.getByRole('listitem').count(), 1)
    assert.match(page.url(), /q=privacy/)
    const menu = button(page, en.policies.more.replace('{{name}}', 'privacy-officers-reveal'))
    await menu.click()
    await page.getByRole('menuitem', { name: en.policies.switchOff }).click()
    await list.getByText(en.policies.off, { exact: true }).waitFor()
    await menu.click()
    await page.getByRole('menuitem', { name: en.policies.remove }).click()
    await list.getByText(en.common.noMatch).waitFor()
    await button(page, en.policies.undo).last().click()
    await list.getByText(en.policies.off, { exact: true }).waitFor()
    await save(page, 'Nobody sees hidden columns this week')
    const reach = await sekisho.admin.call('POST /api/reach/who', { targetId: shopId })
    assert.equal(reach.people.find(({ name }) => name === 'pia')?.cells.reveal?.some?.permitted, 1)
  },
)

onPage(
  'statements are tried under the draft, and under what is in force',
  '/policies?view=text',
  async page => {
    const editor = field(page, en.policies.editor)
    const { text } = await policies()
    await editor.fill(
      `${text}\n@id("no-orders") forbid(principal, action, resource == Table::"shop/public/orders");`,
    )
    await page
      .getByText(/may not do anything|Nobody may/)
      .first()
      .waitFor()
    await view(page, en.policies.view_try).click()
    const tester = page.getByRole('region', { name: en.tester.title })
    await tester.getByRole('combobox', { name: en.tester.user }).fill('ann')
    await page.getByRole('option', { name: 'ann', exact: true }).click()
    await tester
      .getByRole('textbox', { name: en.tester.statements })
      .fill('select phone from customers; select count(*) from orders')
    await tester.getByRole('button', { name: en.tester.run }).click()
    const trials = tester.getByRole('article')
    await trials.nth(1).getByText(en.tester.stopped).waitFor()
    await trials
      .nth(0)
      .getByText(/public\.customers\.phone/)
      .first()
      .waitFor()
    assert.ok((await trials.nth(0).locator('ins').count()) > 0)
    await tester.getByText(en.tester.inForce, { exact: true }).click()
    await tester.getByRole('button', { name: en.tester.run }).click()
    await trials.nth(1).getByText(en.tester.passed).waitFor()
    assert.equal((await policies()).text, text)
  },
)

onPage('a draft is replayed from the save dialog', '/policies?view=text', async page => {
  await sekisho.auditCarried()
  const { text } = await policies()
  await field(page, en.policies.editor).fill(
    `${text}\n@id("no-orders") forbid(principal, action, resource == Table::"shop/public/orders");`,
  )
  await page.getByText('no-orders', { exact: true }).waitFor()
  await button(page, en.policies.save).click()
  await button(page, en.policies.replayFirst).click()
  const replay = page.getByRole('region', { name: en.replay.title })
  await replay.getByRole('button', { name: en.replay.run }).click()
  const row = replay.getByRole('row').filter({ hasText: 'select count(*) from orders' })
  await row.getByText(en.replay.refused).waitFor()
  await replay.getByText(/^1 of 6 statements of \d kinds would fare otherwise/).waitFor()
  await row.getByText('select count(*) from orders').first().click()
  await row
    .getByText(/no-orders/)
    .first()
    .waitFor()
})

onPage(
  'versions are compared in words, and one is put in force again',
  '/policies?view=versions',
  async page => {
    const { version } = await policies()
    await button(page, `View version ${version}`).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/loses reveal on 2 columns of 1 table of shop|gains|loses/)
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await button(page, en.policies.rollBack).last().click()
    await dialog.getByRole('region', { name: en.difference.title }).waitFor()
    await dialog
      .getByRole('button', { name: en.policies.rollBackDo.replace('{{version}}', String(version + 1)) })
      .click()
    await dialog.waitFor({ state: 'hidden' })
    const [now, first] = [
      await policies(),
      await sekisho.admin.call('GET /api/policies/:version', undefined, { version: '1' }),
    ]
    assert.equal(now.version, version + 1)
    assert.equal(now.text, first.text)
    assert.match(now.note, /Back to version 1/)
  },
)

onPage('who reaches a target and why, a column, and what somebody reaches', '/reach', async page => {
  await page.getByRole('combobox', { name: en.reach.target }).click()
  await page.getByRole('option', { name: 'shop', exact: true }).click()
  const cell = page.getByRole('button', { name: 'ann, select: yes' })
  await cell.click()
  await page.getByText('through analysts').waitFor()
  await page.getByRole('link', { name: 'analysts-read-demo' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: en.reach.table }).click()
  await page.getByRole('option', { name: 'public.customers', exact: true }).click()
  await page.getByRole('combobox', { name: en.reach.column }).click()
  await page.getByRole('option', { name: 'email', exact: true }).click()
  await page.getByRole('button', { name: 'pia, reveal: yes' }).waitFor()
  assert.match(page.url(), /column=email/)
  await page.getByText(en.reach.what, { exact: true }).click()
  await page.getByRole('combobox', { name: en.reach.user }).click()
  await page.getByRole('option', { name: 'pia', exact: true }).click()
  await button(page, en.reach.open.replace('{{name}}', 'shop')).click()
  await button(page, en.reach.open.replace('{{name}}', 'public.customers')).click()
  await page.getByRole('button', { name: /^phone, reveal: (yes|no)$/ }).waitFor()
  await page.goto(`${sekisho.url}/reach?target=${shopId}&at=1700000000000`)
  await page.getByText(en.reach.note_no_policies_then).waitFor()
})

onPage(
  'the same in Japanese, with messages of Cedar',
  '/policies?policy=analysts-read-demo',
  async page => {
    await page.getByRole('region', { name: ja.policyForm.title }).getByText(ja.policyForm.where).waitFor()
    const text =
      '@id("analysts-read-demo") permit(principal, action == Action::"select", resource) when { context.nothing };'
    await field(page, ja.policies.oneEditor).fill(text)
    await page
      .getByText(/context に属性 nothing がありません/)
      .first()
      .waitFor()
    await field(page, ja.policies.oneEditor).fill(text.replace('"select"', '"selekt"'))
    await page
      .getByText(/操作 selekt はありません/)
      .first()
      .waitFor()
    await page.goto(`${sekisho.url}/reach?target=${shopId}`)
    await page.getByRole('button', { name: 'ann, select：可' }).waitFor()
  },
  'ja-JP',
)
