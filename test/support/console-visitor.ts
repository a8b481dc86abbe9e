// A browser at the console: signed in, watching what goes wrong in the page and how long its requests take.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong in the page itself: errors, and what its security policy stopped. */
  readonly troubles: string[]
  /** Requests to the API that were answered, with how long they took until the first byte. */
  readonly requests: { readonly route: string; readonly ms: number }[]
}

export interface VisitOptions {
  readonly locale?: 'en-US' | 'ja-JP'
  readonly scheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly permissions?: readonly ('clipboard-read' | 'clipboard-write')[]
}

const waitMs = 30_000

export async function visitConsole(browser: Browser, options: VisitOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-US',
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: [...(options.permissions ?? [])],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(waitMs)
  const troubles: string[] = []
  const requests: { route: string; ms: number }[] = []
  page.on('pageerror', error => troubles.push(error.message))
  page.on('console', message => {
    if (message.text().includes('Content Security Policy')) troubles.push(message.text())
  })
  page.on('requestfinished', request => {
    const url = new URL(request.url())
    const { responseStart, requestStart } = request.timing()
    if (url.pathname.startsWith('/api/'))
      requests.push({ route: `${request.method()} ${url.pathname}`, ms: responseStart - requestStart })
  })
  return { page, context, troubles, requests }
}

export async function signInAt(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(url)
  await page.locator('input[name=username]').fill(name)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('main h1').waitFor()
}

/** Pages that watch something are never idle; these have what they asked for by then. */
const settleMs = 2_500

/** Waits until a page has what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: settleMs }).catch(() => undefined)
}

/** Where `SEKISHO_TEST_PICTURES` names a folder, tests leave pictures of what they see there, to be looked at. */
const pictures = process.env['SEKISHO_TEST_PICTURES']
const drawnMs = 500

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.waitForTimeout(drawnMs)
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}
