// Signing a device in with a browser: the page asks, the agent is back at once, and the list takes the device out again.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { en } from '../../web/src/locales/en.ts'
import { type Agent, createAgent } from '../support/agent.ts'
import { launchChromium } from '../support/chromium.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'

const waitMs = 15_000

let sekisho: RunningSekisho
let browser: Browser
let page: Page
let hana: Person
let agent: Agent
let fingerprint: string

before(async () => {
  sekisho = await startSekisho()
  hana = await sekisho.addPerson('hana', [])
  browser = await launchChromium()
  page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  page.setDefaultTimeout(waitMs)
  // Something that is there and opens nothing: the test looks at the address itself.
  agent = createAgent({ BROWSER: 'true' })
  ;({ fingerprint } = await hana.api.call('GET /api/device/tunnel'))
})

after(async () => {
  agent?.remove()
  await browser?.close()
  await sekisho?.stop()
})

const login = (...more: readonly string[]) =>
  agent.start(['login', sekisho.url, '--fingerprint', fingerprint, '--name', 'test laptop', ...more])

test('the browser asks who is signed in, and goes back to the agent', async () => {
  const running = login()
  const [address] = await running.said(/http\S+\/device\/authorize\S+/)
  await page.goto(address)
  await page.locator('input[name=username]').fill('hana')
  await page.locator('input[name=password]').fill(hana.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: en.devices.allowTitle }).waitFor()
  assert.ok((await page.getByRole('cell', { name: 'test laptop' }).count()) > 0)
  await page.getByRole('button', { name: en.devices.allow }).click()
  await page.getByRole('heading', { name: 'Signed in' }).waitFor()
  await running.said(/Signed in at .* as hana/)
  assert.equal((await agent.run(['status'])).code, 0)
})

test('a code that was typed lets one in, or keeps it out', async () => {
  const other = createAgent()
  const begin = () => other.start(['login', sekisho.url, '--no-browser', '--fingerprint', fingerprint])
  const answer = async (code: string, button: string) => {
    await page.goto(`${sekisho.url}/device`)
    await page.getByLabel(en.devices.code).fill(code.toLowerCase())
    await page.getByRole('button', { name: en.devices.next }).click()
    await page.getByRole('button', { name: button, exact: true }).click()
  }
  try {
    const refused = begin()
    const [, first = ''] = await refused.said(/\b([A-Z]{4}-[A-Z]{4})\b/)
    await answer(first, en.devices.refuse)
    await refused.said(/was refused/)
    const allowed = begin()
    const [, second = ''] = await allowed.said(/\b([A-Z]{4}-[A-Z]{4})\b/)
    await answer(second, en.devices.allow)
    await allowed.said(/Signed in at/)
  } finally {
    other.remove()
  }
})

test('the list shows devices, and takes one out alone', async () => {
  await page.goto(`${sekisho.url}/devices`)
  await page.getByText(fingerprint).waitFor()
  await page.getByRole('button', { name: `${en.devices.revoke}: test laptop` }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.devices.revoke }).click()
  await page.getByText(en.devices.revoked).waitFor()
  assert.equal((await agent.run(['status'])).code, 3)
  assert.equal((await hana.api.call('GET /api/devices')).length, 1)
})
