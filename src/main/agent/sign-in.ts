// How this device gets its papers: by the browser that comes back to it, or by a code typed in any browser.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { signedText } from '../../access/device-proof.ts'
import type { DevicePass } from '../../console/devices/device-contract.ts'
import type { ConsoleClient } from './console-client.ts'

export interface Ask {
  readonly console: ConsoleClient
  readonly name: string
  readonly system: string
  /** Says something to whoever waits. */
  readonly tell: (text: string) => void
}

export interface Papers {
  readonly pass: DevicePass
  /** PEM. */
  readonly key: string
}

/** How long somebody may take in the browser. */
const browserMs = 10 * 60 * 1000

/**
 * @param openBrowser  shows an address
 * @throws Error  somebody refused, or nobody answered in time
 */
export async function signInByBrowser(ask: Ask, openBrowser: (url: string) => void): Promise<Papers> {
  const { verifier, challenge } = newVerifier()
  const state = randomBytes(16).toString('base64url')
  const back = await awaitReturn(state)
  const page = new URL('/device/authorize', ask.console.url)
  const asked = { name: ask.name, system: ask.system, challenge, redirect: back.url, state }
  for (const [name, value] of Object.entries(asked)) page.searchParams.set(name, value)
  ask.tell(`Allow this device in your browser:\n  ${page.href}`)
  openBrowser(page.href)
  return claim(ask.console, await back.code, verifier)
}

/** RFC 8628: shows a code, and asks until somebody typed it. @throws Error */
export async function signInByCode(ask: Ask): Promise<Papers> {
  const { verifier, challenge } = newVerifier()
  const { name, system } = ask
  const begun = await ask.console.call('POST /api/device/code', { name, system, challenge })
  ask.tell(`Open ${ask.console.url}${begun.page} in any browser and type this code:\n  ${begun.userCode}`)
  const keys = newKeys()
  for (;;) {
    await pause(begun.intervalMs)
    const answer = await ask.console.call('POST /api/device/token', claimOf(begun.code, verifier, keys))
    if (answer.state === 'allowed') return { pass: answer.pass, key: pemOf(keys.privateKey) }
    if (answer.state === 'refused') throw new Error('The sign-in of this device was refused.')
  }
}

async function claim(console: ConsoleClient, code: string, verifier: string): Promise<Papers> {
  const keys = newKeys()
  const answer = await console.call('POST /api/device/token', claimOf(code, verifier, keys))
  if (answer.state !== 'allowed') throw new Error('The sign-in of this device was refused.')
  return { pass: answer.pass, key: pemOf(keys.privateKey) }
}

interface Keys {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Made with the key of the device: the server takes it for nobody else. */
export const proofOf = (key: KeyObject, ...facts: Parameters<typeof signedText>): string =>
  sign('sha256', Buffer.from(signedText(...facts)), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')

const claimOf = (code: string, verifier: string, { publicKey, privateKey }: Keys) => ({
  code,
  verifier,
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  proof: proofOf(privateKey, 'sign-in', code),
})

function newVerifier(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

const page = (title: string, text: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Sekisho</title><body style="font:16px system-ui;margin:4rem auto;max-width:30rem"><h1>${title}</h1><p>${text}</p>`

/** A door on this computer alone, for the one answer with the right state. */
async function awaitReturn(state: string): Promise<{ readonly url: string; readonly code: Promise<string> }> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const code = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('Nobody allowed this device in time. Try again.')),
      browserMs,
    )
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const given = url.searchParams.get('code')
      const isOurs = url.pathname === '/callback' && url.searchParams.get('state') === state
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('connection', 'close')
      if (!isOurs) {
        response
          .writeHead(404)
          .end(page('Nothing here', 'This page belongs to a sign-in that is not going on.'))
        return
      }
      clearTimeout(timer)
      const [title, text] =
        given === null
          ? ['Not allowed', 'This device was not let in.']
          : ['Signed in', 'You may close this page and go back to the terminal.']
      response.end(page(title ?? '', text ?? ''), () => {
        if (given === null) reject(new Error('The sign-in of this device was refused.'))
        else resolve(given)
      })
    })
  }).finally(() => {
    server.close()
    server.closeAllConnections()
  })
  code.catch(() => undefined)
  return { url: `http://127.0.0.1:${port}/callback`, code }
}
