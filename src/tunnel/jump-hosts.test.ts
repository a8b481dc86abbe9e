// Ways by a real OpenSSH server: shared, confirmed, given up in time, and in plain words when they fail.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type RunningSshd, startSshd } from '../../test/support/sshd.ts'
import { joinKey } from '../core/jump-secret.ts'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { JumpHost } from '../core/target.ts'
import { askHostKey } from './host-key.ts'
import { createJumpHosts, type JumpHosts } from './jump-hosts.ts'

const otherKey = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 9)]).toString('base64')}`

describe('jump hosts', () => {
  let sshd: RunningSshd
  let echo: Server
  let to: { host: string; port: number }
  let jumps: JumpHosts
  let logged: string[]
  /** What was asked to be called back, for a test to call. */
  let timers: Map<number, Set<() => void>>

  before(async () => {
    sshd = await startSshd()
    echo = createServer(socket => socket.on('error', () => undefined).pipe(socket))
    await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', resolve))
    to = { host: '127.0.0.1', port: (echo.address() as AddressInfo).port }
  })
  after(async () => {
    echo.close()
    await sshd.stop()
  })
  beforeEach(() => {
    logged = []
    timers = new Map()
    const log = (level: string) => (facts: object, message: string) => {
      logged.push(`${level} ${message} ${JSON.stringify(facts)}`)
    }
    jumps = createJumpHosts({
      limits,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      after(ms, call) {
        const calls = timers.get(ms) ?? new Set()
        timers.set(ms, calls.add(call))
        return () => calls.delete(call)
      },
    })
  })
  afterEach(() => jumps.close())

  const jump = (change: Partial<JumpHost> = {}): JumpHost => ({
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    hostKey: sshd.hostKey,
    auth: 'key',
    ...change,
  })
  const open = (change: Partial<JumpHost> = {}, place = to): Promise<Duplex> =>
    jumps.open(jump(change), new Secret(sshd.privateKey), place)
  const logins = (): number => sshd.log().split('Accepted publickey').length - 1
  async function say(stream: Duplex, text: string): Promise<string> {
    stream.write(text)
    const [answer] = (await once(stream, 'data')) as [Buffer]
    return answer.toString()
  }
  const unreachable = (message: RegExp) => ({ code: 'target.unreachable', message })

  it('carries bytes both ways, many streams over one connection', async () => {
    const before = logins()
    const streams = await Promise.all([open(), open(), open()])
    for (const [at, stream] of streams.entries())
      assert.equal(await say(stream, `hello ${at}`), `hello ${at}`)
    assert.equal(logins(), before + 1)
    for (const stream of streams) {
      stream.end()
      await once(stream.resume(), 'close')
    }
    // Unused now: the connection goes when the time is over, and not before.
    assert.equal(await say(await open(), 'again'), 'again')
    assert.equal(logins(), before + 1)
  })

  it('closes a connection that nobody uses', async () => {
    const before = logins()
    const stream = await open()
    stream.destroy()
    await once(stream, 'close')
    const idle = timers.get(limits.jumpIdleMs)
    assert.equal(idle?.size, 1)
    for (const call of idle ?? []) call()
    assert.equal(await say(await open(), 'x'), 'x')
    assert.equal(logins(), before + 2)
  })

  it('a use takes back that it will be closed', async () => {
    const first = await open()
    first.destroy()
    await once(first, 'close')
    await open()
    assert.equal(timers.get(limits.jumpIdleMs)?.size, 0)
  })

  it('knows the host by the fingerprint of its key too', async () => {
    assert.equal(await say(await open({ hostKey: sshd.fingerprint }), 'x'), 'x')
  })

  for (const [name, hostKey] of [
    ['another key', () => otherKey],
    ['another fingerprint', () => `SHA256:${'A'.repeat(43)}`],
    ['a key of another kind', () => `ssh-rsa ${'A'.repeat(60)}`],
    ['nothing', () => ''],
  ] as const) {
    it(`refuses a host of which ${name} was confirmed, before it says who it is`, async () => {
      const from = sshd.log().length
      await assert.rejects(open({ hostKey: hostKey() }), unreachable(/host key/))
      await assert.rejects(open({ hostKey: hostKey() }), unreachable(/host key/))
      assert.ok(!/userauth-request|Accepted/.test(sshd.log().slice(from)))
      if (name !== 'a key of another kind')
        assert.match(logged.join('\n'), /error A JUMP HOST SHOWED ANOTHER/)
    })
  }

  it('takes a key with a passphrase, and says so where it is missing or wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sekisho-key-'))
    const file = join(folder, 'key')
    try {
      await writeFile(file, sshd.privateKey, { mode: 0o600 })
      await promisify(execFile)('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'a long phrase 鍵', '-f', file])
      const locked = await readFile(file, 'utf8')
      const opened = (secret: string) => jumps.open(jump(), new Secret(secret), to)
      const stream = await opened(joinKey(locked, 'a long phrase 鍵'))
      assert.equal(await say(stream, 'hello'), 'hello')
      stream.destroy()
      await assert.rejects(opened(locked), unreachable(/has a passphrase/))
      await assert.rejects(opened(joinKey(locked, 'another')), unreachable(/cannot be read/))
      assert.ok(!logged.join('').includes('phrase'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('says what is wrong', async () => {
    const wrongKey = await startSshd()
    const opened = (secret: string, change: Partial<JumpHost> = {}) =>
      jumps.open(jump(change), new Secret(secret), to)
    await assert.rejects(opened(wrongKey.privateKey), unreachable(/does not accept the user/))
    await assert.rejects(opened('a password', { auth: 'password' }), unreachable(/does not accept the user/))
    await assert.rejects(opened('no key at all'), unreachable(/cannot be read/))
    await assert.rejects(open({}, { host: '127.0.0.1', port: 1 }), unreachable(/cannot reach it/))
    await assert.rejects(open({ host: 'no.such.host.invalid' }), unreachable(/name of the SSH jump host/))
    await wrongKey.halt()
    await assert.rejects(open({ port: wrongKey.port }), unreachable(/nothing listens/))
    await wrongKey.stop()
    assert.ok(!logged.join('').includes('PRIVATE KEY'))
  })

  it('says that the host does not permit it', async () => {
    const closed = await startSshd(['AllowTcpForwarding no'])
    const { port, hostKey, privateKey } = closed
    await assert.rejects(
      jumps.open(jump({ port, hostKey }), new Secret(privateKey), to),
      unreachable(/does not permit forwarding/),
    )
    await closed.stop()
  })

  it('connects anew after the host went away', async () => {
    const stream = await open()
    const closed = once(stream.resume(), 'close')
    await sshd.halt()
    await closed
    await assert.rejects(open(), unreachable(/nothing listens/))
    await sshd.resume()
    assert.equal(await say(await open(), 'back'), 'back')
  })

  it('gives up a host that does not answer', async () => {
    const silent = createServer(socket => socket.on('error', () => undefined).resume())
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const hurried = createJumpHosts({
      limits: { ...limits, jumpConnectTimeoutMs: 200 },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      after: () => () => undefined,
    })
    await assert.rejects(
      hurried.open(jump({ port }), new Secret(sshd.privateKey), to),
      unreachable(/in time/),
    )
    await new Promise(resolve => silent.close(resolve))
  })

  it('gives up a way that does not open, and the connection with it', async () => {
    const first = await open()
    const waiting = open()
    // Before the answer is there.
    await new Promise(resolve => setImmediate(resolve))
    for (const call of timers.get(limits.targetConnectTimeoutMs) ?? []) call()
    await assert.rejects(waiting, unreachable(/no answer in time/))
    await once(first.resume(), 'close')
    assert.equal(await say(await open(), 'x'), 'x')
  })

  it('asks for the key that a host shows, to be confirmed', async () => {
    const shown = await askHostKey(sshd, 5_000)
    assert.equal(shown.fingerprint, sshd.fingerprint)
    assert.equal(shown.key, sshd.hostKey.split(' ').slice(0, 2).join(' '))
    await assert.rejects(askHostKey({ host: '127.0.0.1', port: 1 }, 5_000), unreachable(/nothing listens/))
  })
})
