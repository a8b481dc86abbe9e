// What administrators do in the console, done with a mouse and a keyboard: targets, tags, tokens, policies, users, groups.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import pg from 'pg'
import { en } from '../../web/src/locales/en.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import type { RunningSekisho } from '../support/sekisho.ts'

export interface ConsoleWorld {
  readonly sekisho: RunningSekisho
  readonly shop: RunningPostgres
  /** A page of its own, on which an administrator is signed in. */
  visitAsAdministrator(): Promise<{ page: Page; context: BrowserContext; troubles: readonly string[] }>
}

/** Adds the tests; the world is there when they run. */
export function testAdministration(world: () => ConsoleWorld): void {
  const inRoom = (name: string, room: string, act: (page: Page, world: ConsoleWorld) => Promise<void>) => {
    void test(name, async () => {
      const there = world()
      const { page, context, troubles } = await there.visitAsAdministrator()
      await page.goto(`${there.sekisho.url}/${room}`)
      await page.locator('main h1').waitFor()
      await act(page, there)
      assert.deepEqual(troubles, [])
      await context.close()
    })
  }
  inRoom('a target is tried before it is added, and changed later', 'targets', addTarget)
  inRoom('a token is shown once, and a client connects with it', 'tokens', makeToken)
  inRoom('a policy is checked while it is typed, saved, and compared', 'policies', writePolicy)
  inRoom('a user is added, gets a new password, and is shut out', 'users', keepUser)
  inRoom('a group has members', 'groups', keepGroup)
  inRoom('a tag is defined, and shows what its mask keeps', 'tags', defineTag)
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

async function addTarget(page: Page, { shop, sekisho }: ConsoleWorld): Promise<void> {
  await page.getByRole('region', { name: en.steps.title }).waitFor()
  await button(page, en.targets.add).first().click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: en.common.save }).click()
  await form.getByText(en.targetForm.invalidName).waitFor()
  await field(page, en.targetForm.name).fill('second')
  await field(page, en.targetForm.host).fill(shop.host)
  await field(page, en.targetForm.port).fill(String(shop.port))
  await field(page, en.targetForm.database).fill(shop.database)
  await field(page, en.targetForm.account).fill(shop.user)
  await field(page, en.targetForm.password).fill('not the password')
  await page.getByRole('combobox', { name: en.targetForm.tls }).click()
  await page.getByRole('option', { name: en.targetForm.tlsPrefer }).click()
  const tryIt = form.getByRole('button', { name: en.targets.test })
  await tryIt.click()
  await form.getByText(en.targets.testFailed).waitFor()
  assert.doesNotMatch((await form.textContent()) ?? '', /not the password/)
  await field(page, en.targetForm.password).fill(shop.password)
  await tryIt.click()
  await form.getByText(/^Connected in/).waitFor()
  await form.getByRole('button', { name: en.common.save }).click()
  await page.getByRole('heading', { name: 'second' }).waitFor()
  await page.getByRole('tab', { name: en.targets.tabSettings }).click()
  const tags = page.getByPlaceholder(en.targetForm.tagsAdd)
  await tags.fill('env=prod')
  await tags.press('Enter')
  await button(page, en.common.save).click()
  await page.getByText(en.common.saved, { exact: true }).waitFor()
  const { targets: rows } = await sekisho.admin.call('GET /api/targets')
  const second = rows.find(row => row.name === 'second')
  assert.deepEqual(second?.tags, { env: 'prod' })
  assert.equal(second.admin?.tls, 'prefer')
}

async function makeToken(page: Page, { shop, sekisho }: ConsoleWorld): Promise<void> {
  const { current } = await sekisho.admin.call('GET /api/policies')
  await sekisho.savePolicies(`${current.text}
    @id("administrators-read")
    permit(principal, action in [Action::"connect", Action::"select"], resource)
    when { principal.role == "administrator" };
  `)
  await button(page, en.tokens.add).first().click()
  const dialog = page.getByRole('dialog')
  await field(page, en.connect.tokenLabel).fill('a program')
  await dialog.getByRole('button', { name: en.connect.makeToken }).click()
  await dialog.getByText(en.common.shownOnce).waitFor()
  const secret = (await dialog.locator('code').first().textContent()) ?? ''
  await dialog.getByRole('button', { name: en.common.done }).click()
  await dialog.waitFor({ state: 'hidden' })
  assert.ok(secret.length > 20)
  assert.doesNotMatch(await page.content(), new RegExp(secret))
  const target = (await sekisho.admin.call('GET /api/targets')).targets.find(row => row.name === 'shop')
  const connection = { host: '127.0.0.1', port: target?.listenPort ?? 0, database: shop.database }
  const client = new pg.Client({ ...connection, user: 'admin', password: secret })
  await client.connect()
  assert.deepEqual((await client.query('select count(*)::int from orders')).rows, [{ count: 5000 }])
  await client.end()
  const wrong = new pg.Client({ ...connection, user: 'admin', password: `${secret}x` })
  await assert.rejects(wrong.connect(), /connection token is not right/)
  await button(page, `${en.tokens.revoke}: a program`).click()
  await page.getByRole('dialog').getByRole('button', { name: en.tokens.revoke }).click()
  await page.getByText(en.tokens.revoked).waitFor()
  const late = new pg.Client({ ...connection, user: 'admin', password: secret })
  await assert.rejects(late.connect(), /connection token is not right/)
}

async function writePolicy(page: Page, { sekisho }: ConsoleWorld): Promise<void> {
  const { current } = await sekisho.admin.call('GET /api/policies')
  await page.getByText(en.policies.view_text, { exact: true }).click()
  const editor = page.getByRole('textbox', { name: en.policies.editor })
  const save = button(page, en.policies.save)
  await editor.fill(
    `${current.text}\n@id("readers")\npermit(principal in Group::"readers", action == Action::"selekt", resource);`,
  )
  await page.getByText(/^\d problems?$/).waitFor()
  assert.equal(await save.isEnabled(), false)
  await editor.fill(
    `${current.text}\n@id("readers")\npermit(principal in Group::"readers", action == Action::"select", resource);`,
  )
  await page.getByText(/Members of the group readers may/).waitFor()
  await save.click()
  await field(page, en.policies.saveNote).fill('Readers read')
  await page.getByRole('dialog').getByRole('button', { name: en.common.save }).click()
  const version = current.version + 1
  await page.getByText(`Version ${version} in force`).waitFor()
  await page.getByText(en.policies.view_versions, { exact: true }).click()
  await page.getByText('Readers read').waitFor()
  await button(page, `View version ${version}`).click()
  const changes = page.getByRole('region', { name: en.policies.changes })
  await changes.locator('[data-kind=added]').filter({ hasText: '@id("readers")' }).waitFor()
  assert.equal(await changes.locator('[data-kind=removed]').count(), 0)
  assert.match((await sekisho.admin.call('GET /api/policies')).current.text, /readers/)
}

async function keepUser(page: Page, { sekisho }: ConsoleWorld): Promise<void> {
  await button(page, en.users.add).first().click()
  const drawer = page.getByRole('dialog')
  await field(page, en.users.name).fill('kenji')
  await field(page, en.users.displayName).fill('Kenji')
  await field(page, en.users.email).fill('kenji@example.jp')
  await drawer.getByRole('button', { name: en.users.add }).click()
  await drawer.getByText(en.common.shownOnce).waitFor()
  const first = await drawer.locator('code').first().textContent()
  await drawer.getByRole('button', { name: en.common.done }).click()
  const kenji = async () => (await sekisho.admin.call('GET /api/users')).find(user => user.name === 'kenji')
  assert.equal((await kenji())?.email, 'kenji@example.jp')
  await button(page, 'Edit kenji').click()
  await field(page, en.users.email).fill('')
  await drawer.getByRole('button', { name: en.common.save }).click()
  await drawer.waitFor({ state: 'hidden' })
  assert.equal((await kenji())?.email, undefined)
  await button(page, 'Edit kenji').click()
  await button(page, en.users.reset).click()
  const sure = page.getByRole('dialog', { name: en.users.reset })
  await sure.getByRole('button', { name: en.users.reset }).click()
  await page.getByText(en.common.shownOnce).waitFor()
  assert.notEqual(await drawer.locator('code').first().textContent(), first)
  await drawer.getByRole('button', { name: en.common.done }).click()
  await button(page, 'Edit kenji').click()
  await button(page, en.users.disable).click()
  await page
    .getByRole('dialog', { name: en.users.disable })
    .getByRole('button', { name: en.users.disable })
    .click()
  await button(page, en.users.enable).waitFor()
  assert.equal((await kenji())?.disabled, true)
}

async function keepGroup(page: Page, { sekisho }: ConsoleWorld): Promise<void> {
  await button(page, en.groups.add).first().click()
  const drawer = page.getByRole('dialog')
  await field(page, en.groups.name).fill('readers')
  await field(page, en.common.description).fill('People who read')
  await drawer.getByLabel(en.groups.members).first().click()
  await page.getByRole('option', { name: 'hana', exact: true }).click()
  await page.keyboard.press('Tab')
  await drawer.getByRole('button', { name: en.common.save }).click()
  await page.getByRole('row').filter({ hasText: 'readers' }).getByText('hana').waitFor()
  const groups = await sekisho.admin.call('GET /api/groups')
  assert.deepEqual(groups.find(group => group.name === 'readers')?.members, ['hana'])
}

async function defineTag(page: Page, { sekisho }: ConsoleWorld): Promise<void> {
  const tag = async (name: string) =>
    (await sekisho.admin.call('GET /api/tags')).find(one => one.name === name)
  await button(page, en.tags.add).click()
  const drawer = page.getByRole('dialog')
  await field(page, en.tags.name).fill('pii.email')
  await drawer.getByText(en.tags.taken).waitFor()
  await field(page, en.tags.name).fill('pii.plate')
  await page.getByRole('combobox', { name: en.tags.mask }).click()
  await page.getByRole('option', { name: en.mask.hash }).click()
  await drawer.getByText(en.maskKeeps.hash).waitFor()
  await drawer.getByRole('button', { name: en.common.save }).click()
  await drawer.waitFor({ state: 'hidden' })
  assert.deepEqual(await tag('pii.plate'), {
    name: 'pii.plate',
    description: '',
    sensitive: true,
    mask: 'hash',
  })
  await button(page, 'Edit pii.plate').click()
  await page.getByRole('switch', { name: en.tags.sensitive }).click()
  await drawer.getByText(en.tags.revealWarning).waitFor()
  await drawer.getByRole('button', { name: en.common.save }).click()
  await drawer.waitFor({ state: 'hidden' })
  assert.equal((await tag('pii.plate'))?.sensitive, false)
}
