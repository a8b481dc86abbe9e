// A server that lies: what the agent pins, what it takes as its own, what it writes on the terminal and gives to clients.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fingerprintOf } from '../../access/authority-fingerprint.ts'
import { type DeviceAuthority, openDeviceAuthority } from '../../access/device-authority.ts'
import type { DeviceId, StoredAuthority } from '../../access/device-store.ts'
import type { UserId } from '../../core/ids.ts'
import { Secret } from '../../core/secret.ts'
import { hint, mysqlArgs, psqlEnvironment } from './client-words.ts'
import { checkPass, pinnable } from './pinned.ts'
import { printable, printableLine } from './printable.ts'
import { openProfiles, type Profile } from './profile.ts'

async function openAuthority(): Promise<DeviceAuthority> {
  let stored: StoredAuthority | undefined
  return openDeviceAuthority({
    store: {
      get: () => Promise.resolve(stored),
      add: added => Promise.resolve(void (stored = added)),
    },
    // The sealing has tests of its own.
    vault: { seal: secret => secret.reveal(), open: sealed => new Secret(sealed) },
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    randomBytes,
  })
}

let real: DeviceAuthority
let forged: DeviceAuthority
before(async () => {
  ;[real, forged] = await Promise.all([openAuthority(), openAuthority()])
})

const placeOf = (authority: string, fingerprint: string) => ({
  host: '127.0.0.1',
  port: 9_000,
  authority,
  fingerprint,
})

describe('what is pinned', () => {
  it('is the certificate that has the fingerprint, not one that stands beside it', () => {
    assert.equal(pinnable(placeOf(real.certificate, real.fingerprint)).fingerprint, real.fingerprint)
    assert.throws(() => pinnable(placeOf(forged.certificate, real.fingerprint)), /not of its authority/)
    assert.throws(() => pinnable(placeOf('no certificate', real.fingerprint)), /cannot be read/)
  })

  it('is that one alone, whatever follows it', () => {
    const two = pinnable(placeOf(`${real.certificate}\n${forged.certificate}`, real.fingerprint))
    assert.equal(two.authority.match(/BEGIN/g)?.length, 1)
    assert.equal(fingerprintOf(new X509Certificate(two.authority).raw), real.fingerprint)
  })

  it('stops a login at a server that shows the right fingerprint with an authority of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-hostile-'))
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(JSON.stringify(placeOf(forged.certificate, real.fingerprint)))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const command = fileURLToPath(new URL('../cli.ts', import.meta.url))
      const args = [command, 'login', url, '--no-browser', '--fingerprint', real.fingerprint]
      const child = spawn(process.execPath, args, {
        env: { PATH: process.env['PATH'], HOME: folder, XDG_CONFIG_HOME: folder },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr.on('data', part => (said += String(part)))
      const [code] = (await once(child, 'close')) as [number | null]
      assert.equal(code, 2)
      assert.match(said, /not of its authority/)
      assert.deepEqual(asked, ['/api/device/tunnel'])
      assert.equal(existsSync(join(folder, 'sekisho')), false)
    } finally {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true })
    }
  })
})

it('a certificate is taken only for the own key and from the pinned authority', async () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (key: typeof keys) => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const device = {
    id: 'laptop' as DeviceId,
    userId: 'hana' as UserId,
    publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
  const certificate = await real.issue(device, Date.now() + 1_000_000)
  checkPass({ certificate }, pem(keys), real.certificate)
  assert.throws(() => checkPass({ certificate }, pem(other), real.certificate), /not for this device/)
  assert.throws(() => checkPass({ certificate }, pem(keys), forged.certificate), /not for this device/)
  assert.throws(() => checkPass({ certificate: '' }, pem(keys), real.certificate), /cannot be read/)
})

it('nothing that a server says drives the terminal', () => {
  assert.equal(printable('a\u001b[2J\u009b31mb\rc\u202ed\nok'), 'a\ufffd[2J\ufffd31mb\ufffdc\ufffdd\nok')
  assert.equal(printable('関所 – é 😀'), '関所 – é 😀')
  assert.equal(printableLine('a\nb'), 'a b')
})

describe('clients', () => {
  const at = (protocol: 'postgres' | 'mysql', database: string) => ({
    target: { protocol, database },
    port: 41_000,
  })

  it('take no name for an option', () => {
    for (const database of ['--pager=touch /tmp/x', '-e system id', '--init-command=x']) {
      const args = mysqlArgs(at('mysql', database), '--plugin-dir=/tmp')
      assert.ok(args.includes(`--database=${database}`))
      assert.ok(args.includes('--user=--plugin-dir=/tmp'))
    }
  })

  it('go where the port is, whatever the environment says', () => {
    const own = { PATH: '/bin', PGSERVICE: 'other', PGHOSTADDR: '10.0.0.1', PGCHANNELBINDING: 'require' }
    const environment = psqlEnvironment(own, at('postgres', 'shop'), 'hana')
    assert.deepEqual(environment, {
      PATH: '/bin',
      PGHOST: '127.0.0.1',
      PGPORT: '41000',
      PGDATABASE: 'shop',
      PGUSER: 'hana',
      PGSSLMODE: 'disable',
      PGGSSENCMODE: 'disable',
    })
  })

  it('are shown as they may be typed, and nothing else is run by that', () => {
    assert.equal(
      hint(at('postgres', 'shop'), 'hana'),
      'psql "host=127.0.0.1 port=41000 dbname=shop user=hana sslmode=disable"',
    )
    const [bad, name] = [`x" $(id) 'y`, 'a b']
    assert.equal(
      hint(at('mysql', bad), name),
      `mysql --protocol=tcp -h 127.0.0.1 -P 41000 -u 'a b' -D 'x" $(id) '\\''y'`,
    )
    assert.match(hint(at('postgres', bad), name), /^psql 'host=.* dbname='\\''x" \$\(id\) \\'\\''y'\\'' /)
  })
})

it('a profile is never written through what somebody else put in its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-profiles-'))
  try {
    const profiles = openProfiles({ XDG_CONFIG_HOME: folder })
    const profile: Profile = {
      name: 'work',
      console: 'https://sekisho.example.com',
      tunnel: { host: 'sekisho.example.com', port: 9_000 },
      authority: 'PEM',
      fingerprint: 'SHA256:x',
      userName: 'hana',
      device: { id: '1', name: 'laptop', key: 'KEY', certificate: 'PEM', expiresAtMs: 1, signedInUntilMs: 2 },
      ports: {},
    }
    profiles.write(profile)
    const file = join(folder, 'sekisho', 'profiles', 'work.json')
    const elsewhere = join(folder, 'elsewhere')
    writeFileSync(elsewhere, '', { mode: 0o666 })
    symlinkSync(elsewhere, `${file}.${process.pid}`)
    profiles.write(profile)
    assert.equal(statSync(elsewhere).size, 0)
    assert.equal(statSync(file).mode & 0o777, 0o600)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
