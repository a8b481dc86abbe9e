// The small parts of the user agent: which console it trusts, which proxy it takes, what it keeps and where.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'
import { version } from './command-line.ts'
import { completion } from './completion.ts'
import { ConsoleProblem, createConsoleClient, parseConsole } from './console-client.ts'
import { usualPort } from './local-ports.ts'
import { NotSignedIn, openProfiles, type Profile } from './profile.ts'
import { proxyFor } from './proxy-for.ts'

describe('the address of a console', () => {
  it('is HTTPS, except on this computer', () => {
    assert.equal(parseConsole('sekisho.example.com'), 'https://sekisho.example.com')
    assert.equal(parseConsole('https://sekisho.example.com:8443/targets'), 'https://sekisho.example.com:8443')
    assert.equal(parseConsole('http://127.0.0.1:8080/'), 'http://127.0.0.1:8080')
    assert.throws(() => parseConsole('http://sekisho.example.com'), /Without HTTPS/)
    assert.throws(() => parseConsole('ftp://sekisho.example.com'), /not the address/)
    assert.throws(() => parseConsole('https://me:secret@sekisho.example.com'), /not the address/)
  })
})

describe('a console by HTTPS', () => {
  let url: string
  let cert: string
  let close: () => void
  before(async () => {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    })
    cert = made.cert
    const server = createServer({ cert, key: made.private }, (request, response) => {
      const problem = { code: 'sign-in.required', message: 'Please sign in.', detail: '' }
      const isTunnel = request.url === '/api/device/tunnel'
      response.statusCode = isTunnel ? 200 : 401
      response.end(JSON.stringify(isTunnel ? { port: 9_000 } : problem))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => {
      server.close()
      server.closeAllConnections()
    }
  })
  after(() => close())

  it('is trusted only if its certificate is', async () => {
    const stranger = createConsoleClient(url, undefined, {})
    await assert.rejects(stranger.call('GET /api/device/tunnel'), /is not trusted here .*--ca FILE/s)
    const known = createConsoleClient(url, cert, {})
    assert.equal((await known.call('GET /api/device/tunnel')).port, 9_000)
    await assert.rejects(
      known.call('POST /api/device/renew', { deviceId: 'x', atMs: 1, proof: 'x' }),
      (error: unknown) => error instanceof ConsoleProblem && error.code === 'sign-in.required',
    )
  })
})

describe('the proxy', () => {
  const environment = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'inside.example, .corp.example' }
  it('stands in front of all but what is excepted, and never of this computer', () => {
    assert.equal(proxyFor('sekisho.example.com', environment)?.host, 'proxy:3128')
    for (const host of ['inside.example', 'db.inside.example', 'a.corp.example', 'localhost', '127.0.0.1'])
      assert.equal(proxyFor(host, environment), undefined, host)
    assert.equal(proxyFor('notinside.example', environment)?.host, 'proxy:3128')
    assert.equal(proxyFor('any', { ...environment, NO_PROXY: '*' }), undefined)
    assert.equal(proxyFor('any', {}), undefined)
    assert.throws(() => proxyFor('any', { HTTPS_PROXY: 'socks5://proxy' }), /http:\/\/HOST:PORT/)
  })
})

describe('profiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-profiles-'))
  after(() => rmSync(folder, { recursive: true }))
  const profile: Profile = {
    name: 'work',
    console: 'https://sekisho.example.com',
    tunnel: { host: 'sekisho.example.com', port: 9_000 },
    authority: 'PEM',
    fingerprint: 'SHA256:x',
    userName: 'hana',
    device: { id: '1', name: 'laptop', key: 'PEM', certificate: 'PEM', expiresAtMs: 1, signedInUntilMs: 2 },
    ports: {},
  }

  it('are kept for their owner alone, and the current one is meant', () => {
    const profiles = openProfiles({ XDG_CONFIG_HOME: folder })
    assert.throws(() => profiles.read(undefined), NotSignedIn)
    profiles.write(profile)
    profiles.write({ ...profile, name: 'home' })
    assert.deepEqual(profiles.list(), ['home', 'work'])
    profiles.use('work')
    assert.deepEqual(openProfiles({ XDG_CONFIG_HOME: folder }).read(undefined), profile)
    assert.equal(
      openProfiles({ XDG_CONFIG_HOME: folder, SEKISHO_PROFILE: 'home' }).read(undefined).name,
      'home',
    )
    const file = join(folder, 'sekisho', 'profiles', 'work.json')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'sekisho')).mode & 0o777, 0o700)
    assert.deepEqual(profiles.problems(), [])
    for (const name of ['../work', '', '.hidden', 'a/b']) assert.throws(() => profiles.find(name), /named by/)
    writeFileSync(file, '{')
    assert.throws(() => profiles.read('work'), /sign in again/)
  })
})

it('the command says its version', () => {
  const command = fileURLToPath(new URL('../cli.ts', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, [command, '--version'], { encoding: 'utf8' })
  assert.deepEqual([stdout, status], [`${version}\n`, 0])
})

describe('local ports and completion', () => {
  it('a target has the same port on every computer, in the range', () => {
    const id = '0193a6c0-0000-7000-8000-000000000001'
    assert.equal(usualPort(id), usualPort(id))
    for (let each = 0; each < 500; each++) {
      const port = usualPort(`${id}${each}`)
      assert.ok(port >= 41_000 && port < 45_000)
    }
  })

  it('there is a script for each shell', () => {
    for (const shell of ['bash', 'zsh', 'fish']) assert.match(completion(shell), /sekisho ls/)
    assert.throws(() => completion('csh'), /bash, zsh and fish/)
  })
})
