// Takes pictures of the main pages over the demo data, in both themes and both languages: `npm run screenshots [-- name …]`.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './support/chromium.ts'
import { settled, signInAt, visitConsole } from './support/console-visitor.ts'
import { type Person, type RunningSekisho, startSekisho } from './support/sekisho.ts'

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url))
const viewport = { width: 1280, height: 800 }
const quality = 72
const bytesMax = 150_000
/** Only these pages; none: all. */
const wanted = process.argv.slice(2)

const query = `select c.id, c.name, c.email, c.country, count(o.id) as orders
from customers c join orders o on o.customer_id = c.id
group by c.id, c.name, c.email, c.country
order by orders desc
limit 50`

interface Shot {
  readonly name: string
  readonly path: (ids: Ids) => string
  readonly as: 'admin' | 'hana'
  /** What is done before the picture. */
  readonly before?: (page: Page) => Promise<void>
}

interface Ids {
  readonly target: string
}

const shots: readonly Shot[] = [
  { name: 'home', path: () => '/', as: 'admin' },
  { name: 'home-user', path: () => '/', as: 'hana' },
  {
    name: 'palette',
    path: () => '/',
    as: 'admin',
    async before(page) {
      await page.keyboard.press('Control+k')
      await page.locator('.palette__input:focus').waitFor()
      await page.keyboard.type('a')
    },
  },
  {
    name: 'sql',
    path: ({ target }) => `/sql?target=${target}`,
    as: 'hana',
    async before(page) {
      await page.locator('.cm-content').first().fill(query)
      await page.keyboard.press('Control+Enter')
      await page.getByRole('grid').first().waitFor()
      await settled(page)
    },
  },
  {
    name: 'audit',
    path: () => '/audit?figures=true',
    as: 'admin',
    before: page => page.locator('.time-chart').waitFor(),
  },
  {
    name: 'audit-entry',
    path: () => '/audit?user=hana',
    as: 'admin',
    async before(page) {
      await page.getByRole('row').nth(2).click()
      await page.locator('.story').waitFor()
    },
  },
  { name: 'targets', path: () => '/targets', as: 'admin' },
  {
    name: 'target-tables',
    path: ({ target }) => `/targets/${target}?tab=tables`,
    as: 'admin',
    async before(page) {
      await page.getByRole('option', { name: 'customers' }).first().click()
      await page.locator('.column-table').waitFor()
    },
  },
  {
    name: 'policies',
    path: () => '/policies?policy=analysts-read-demo',
    as: 'admin',
    async before(page) {
      await page.locator('.cm-content').waitFor()
      await settled(page)
    },
  },
  { name: 'reach', path: ({ target }) => `/reach?ask=what&user=hana&target=${target}`, as: 'admin' },
  { name: 'requests', path: () => '/requests', as: 'admin' },
  { name: 'sessions', path: () => '/sessions', as: 'admin' },
  { name: 'users', path: () => '/users', as: 'admin' },
  { name: 'health', path: () => '/health', as: 'admin' },
]

const kinds = [
  { locale: 'en-US', language: 'en', scheme: 'light' },
  { locale: 'en-US', language: 'en', scheme: 'dark' },
  { locale: 'ja-JP', language: 'ja', scheme: 'light' },
  { locale: 'ja-JP', language: 'ja', scheme: 'dark' },
] as const

/** WebP keeps them a third as large as PNG would. */
async function picture(page: Page): Promise<Buffer> {
  // Editors measure their lines with the next drawing.
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality })
  await session.detach()
  return Buffer.from(data, 'base64')
}

/** A morning at the demo shop. */
async function work(sekisho: RunningSekisho, hana: Person, target: string): Promise<void> {
  const texts = [
    'select count(*) from orders',
    'select id, name, email from customers order by id limit 20',
    `select country, count(*) from customers group by country order by 2 desc`,
    'select name, card_number from customers where id = 7',
    'delete from customers where id = 1',
    `select * from orders where placed_at > now() - interval '7 days' limit 100`,
    'drop table orders',
  ]
  for (const text of [...texts, ...texts.slice(0, 4)]) await hana.api.query(target, text)
  for (const text of texts.slice(0, 3)) await sekisho.admin.query(target, text)
  await sekisho.auditCarried()
}

async function takeAll(browser: Browser, sekisho: RunningSekisho, hana: Person, ids: Ids): Promise<void> {
  for (const { locale, language, scheme } of kinds) {
    for (const as of ['admin', 'hana'] as const) {
      const visitor = await visitConsole(browser, { locale, scheme, viewport })
      const password = as === 'admin' ? sekisho.adminPassword : hana.password
      await signInAt(visitor.page, sekisho.url, as, password)
      for (const shot of shots.filter(
        one => one.as === as && (wanted.length === 0 || wanted.includes(one.name)),
      )) {
        await visitor.page.goto(sekisho.url + shot.path(ids))
        await visitor.page.locator('main').first().waitFor()
        await settled(visitor.page)
        await shot.before?.(visitor.page).catch((error: unknown) => console.error(shot.name, error))
        const bytes = await picture(visitor.page)
        const name = `${shot.name}.${language}.${scheme}.webp`
        writeFileSync(join(folder, name), bytes)
        const note = bytes.length > bytesMax ? ' TOO LARGE' : ''
        console.log(`${name} ${Math.round(bytes.length / 1_000)} kB${note}`)
      }
      await visitor.context.close()
    }
  }
}

const sekisho = await startSekisho({ environment: { SEKISHO_DEMO: 'true' } })
try {
  const [target] = (await sekisho.admin.call('GET /api/targets', {})).targets
  if (target === undefined) throw new Error('there is no demo target')
  const hana = await sekisho.addPerson('hana', ['analysts'])
  const user = (await sekisho.admin.call('GET /api/users')).find(one => one.name === 'hana')
  await sekisho.admin.call('PUT /api/users/:id', { displayName: '佐藤 花' }, { id: user?.id ?? '' })
  await work(sekisho, hana, target.id)
  if (wanted.length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const browser = await launchChromium()
  await takeAll(browser, sekisho, hana, { target: target.id })
  await browser.close()
} finally {
  await sekisho.stop()
}
