// Starts Debian's Chromium for tests of pages. A missing browser is a failure, not a skip.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** @throws Error if there is no Chromium on this machine */
export async function launchChromium(): Promise<Browser> {
  const executablePath = places.find(place => existsSync(place))
  if (executablePath === undefined) {
    throw new Error("Chromium is missing: install Debian's package `chromium`, then run the tests again.")
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
