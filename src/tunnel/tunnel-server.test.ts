// The tunnel with both ends: who is let in, who is told why not, and what limits hold.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { tunnelName } from '../access/tunnel-name.ts'
import { encodeOpening } from './framing.ts'
import { asked, codeOf, type OpenedTunnel, openTunnel } from './tunnel.test-part.ts'
import { createTunnelClient } from './tunnel-client.ts'

const hello = encodeOpening({ kind: 'hello', agent: 'test' })

describe('tunnel', () => {
  const tunnels: OpenedTunnel[] = []
  const open = async (...change: Parameters<typeof openTunnel>): Promise<OpenedTunnel> => {
    const opened = await openTunnel(...change)
    tunnels.push(opened)
    return opened
  }
  afterEach(() => {
    for (const each of tunnels.splice(0)) each.close()
  })
  const ended = (stream: TLSSocket) => {
    stream.resume()
    return once(stream, 'close')
  }
  const clientOf = async (tunnel: OpenedTunnel, device = 'laptop') => {
    const papers = await tunnel.papers(device)
    return createTunnelClient({
      host: '127.0.0.1',
      port: tunnel.port,
      authority: tunnel.authority.certificate,
      serverName: tunnelName,
      papers: () => papers,
      timeoutMs: 5_000,
      answerBytesMax: 10_000,
    })
  }
  const connect = { kind: 'connect', agent: 'test', target: 'shop' } as const

  test('a certificate that has run out is worth nothing, also by a handshake that resumes a good one', async () => {
    const tunnel = await open()
    const papers = await tunnel.papers('laptop')
    const first = await tunnel.dial(papers)
    const session = once(first, 'session') as Promise<[Buffer]>
    assert.equal(codeOf(await asked(first, hello)), 'ok')
    const [kept] = await session
    const again = await tunnel.dial(papers, { session: kept })
    assert.equal(again.isSessionReused(), true)
    assert.equal(codeOf(await asked(again, hello)), 'ok')
    tunnel.aheadMs = 3_700_000
    const late = await tunnel.dial(papers, { session: kept })
    assert.equal(late.isSessionReused(), true)
    assert.equal(codeOf(await asked(late, hello)), 'device.expired')
    assert.equal(codeOf(await asked(await tunnel.dial(papers), hello)), 'device.expired')
    tunnel.aheadMs = 0
    assert.deepEqual(tunnel.away, ['device.expired', 'device.expired'])
    const over = await tunnel.papers('laptop', Date.now() - 1_000)
    assert.equal(codeOf(await asked(await tunnel.dial(over), hello)), 'device.expired')
  })

  test('a device that is not known any more is refused, also by a handshake that resumes a good one', async () => {
    const tunnel = await open()
    const papers = await tunnel.papers('laptop')
    const first = await tunnel.dial(papers)
    const session = once(first, 'session') as Promise<[Buffer]>
    assert.equal(codeOf(await asked(first, hello)), 'ok')
    tunnel.revoked.add('laptop')
    const again = await tunnel.dial(papers, { session: (await session)[0] })
    assert.equal(codeOf(await asked(again, hello)), 'device.unknown')
  })

  test('papers of another authority are refused, and its server by the device', async () => {
    const [ours, other] = [await open(), await open()]
    const stranger = await other.papers('laptop')
    assert.equal(codeOf(await asked(await ours.dial(stranger), hello)), 'device.unknown')
    // The tunnel's own certificate is not one of a device.
    const { certificate, key } = await ours.authority.issueTunnel()
    const itself = await ours.dial({ certificate, key: key.reveal() })
    assert.notEqual(codeOf(await asked(itself, hello)), 'ok')
    const client = await clientOf({ ...ours, port: other.port })
    await assert.rejects(client.open(connect), /is not the server that was signed in to/)
  })

  test('only TLS 1.3', async () => {
    const tunnel = await open()
    const papers = await tunnel.papers('laptop')
    await assert.rejects(tunnel.dial(papers, { maxVersion: 'TLSv1.2' }))
  })

  test('who says nothing is cut, before TLS and after it', async () => {
    const tunnel = await open({ tunnelHandshakeTimeoutMs: 1_000 })
    const silent = connectTcp(tunnel.port, '127.0.0.1')
    silent.on('error', () => undefined).resume()
    const secure = await tunnel.dial(await tunnel.papers('laptop'))
    const half = await tunnel.dial(await tunnel.papers('laptop'))
    half.write(hello.subarray(0, 9))
    await Promise.all([once(silent, 'close'), ended(secure), ended(half)])
  })

  test('what is too long or no opening is told', async () => {
    const tunnel = await open({ tunnelOpeningBytesMax: 100 })
    const papers = await tunnel.papers('laptop')
    const long = encodeOpening({ kind: 'hello', agent: 'x'.repeat(100) })
    assert.equal(codeOf(await asked(await tunnel.dial(papers), long)), 'request.invalid')
    const path = encodeOpening({ kind: 'connect', agent: 'x', target: '../shop' })
    assert.equal(codeOf(await asked(await tunnel.dial(papers), path)), 'request.invalid')
  })

  test('one device has so many streams, and strangers so many places', async () => {
    const tunnel = await open({ tunnelStreamsPerDeviceMax: 2, tunnelPendingMax: 3 })
    const client = await clientOf(tunnel)
    const two = [await client.open(connect), await client.open(connect)]
    assert.deepEqual(
      two.map(({ answer }) => codeOf(answer)),
      ['ok', 'ok'],
    )
    assert.equal(codeOf((await client.open(connect)).answer), 'limit.exceeded')
    assert.equal(codeOf((await (await clientOf(tunnel, 'desktop')).open(connect)).answer), 'ok')
    two[0]?.stream.destroy()
    // The oldest of those who say nothing makes room.
    const strangers = Array.from({ length: 4 }, () => connectTcp(tunnel.port, '127.0.0.1').resume())
    for (const one of strangers) one.on('error', () => undefined)
    await Promise.race(strangers.map(one => once(one, 'close')))
    for (const one of strangers) one.destroy()
    assert.equal(codeOf((await client.open(connect)).answer), 'ok')
  })

  test('what a device has open is cut, and nothing of others', async () => {
    const tunnel = await open()
    const [lost, other] = [await clientOf(tunnel, 'lost'), await clientOf(tunnel, 'other')]
    const streams = [await lost.open(connect), await lost.open(connect)]
    const stays = await other.open(connect)
    const startedMs = performance.now()
    tunnel.server.cut('lost')
    await Promise.all(streams.map(({ stream }) => ended(stream)))
    assert.ok(performance.now() - startedMs < 1_000)
    stays.stream.write('still here')
    const [said] = (await once(stays.stream, 'data')) as [Buffer]
    assert.equal(String(said), 'still here')
  })

  test('a device that is revoked while it is looked up does not stay', async () => {
    const tunnel = await open()
    const stream = await tunnel.dial(await tunnel.papers('lost'))
    tunnel.looked = () => {
      tunnel.revoked.add('lost')
      tunnel.looked = () => Promise.resolve()
      tunnel.server.cut('lost')
      return Promise.resolve()
    }
    assert.equal(codeOf(await asked(stream, encodeOpening(connect))), 'device.unknown')
    await ended(stream)
  })

  test('an answer that nobody takes is not kept, nor the place of who stays behind it', async () => {
    const tunnel = await open({ tunnelHandshakeTimeoutMs: 300, tunnelStreamsPerDeviceMax: 1 })
    tunnel.answer = () => Promise.resolve({ ok: true, text: 'x'.repeat(900_000) })
    const papers = await tunnel.papers('laptop')
    const greedy = await tunnel.dial(papers, { allowHalfOpen: true } as object)
    greedy.pause().write(hello)
    // It never reads, and never closes.
    const until = performance.now() + 10_000
    for (;;) {
      const next = await tunnel.dial(papers)
      const code = codeOf(await asked(next, hello).finally(() => next.destroy()))
      if (code === 'ok') break
      assert.equal(code, 'limit.exceeded')
      assert.ok(performance.now() < until, 'its place was never free again')
    }
    greedy.destroy()
  })

  test('who is connected to two of our addresses from one of theirs is who it is at each', async () => {
    const tunnel = await open({}, '0.0.0.0')
    const papers = await tunnel.papers('laptop')
    const localPort = 20_000 + (process.pid % 10_000)
    const at = (host: string) => tunnel.dial(papers, { host, localPort, localAddress: '127.0.0.1' } as object)
    const [one, two] = [await at('127.0.0.1'), await at('127.0.0.3')]
    one.destroy()
    await once(one, 'close')
    assert.equal(codeOf(await asked(two, hello)), 'ok')
    assert.deepEqual(tunnel.origins, ['127.0.0.3'])
  })

  test('what an agent calls itself is one line', async () => {
    const tunnel = await open()
    const papers = await tunnel.papers('laptop')
    const bad = encodeOpening({ kind: 'hello', agent: '1.0\u001b[2J\n' })
    assert.equal(codeOf(await asked(await tunnel.dial(papers), bad)), 'request.invalid')
  })

  test('two hundred streams at once bring back every byte, whoever reads slowly', async () => {
    const tunnel = await open()
    const client = await clientOf(tunnel)
    await client.open(connect)
    // Nobody reads this one: it must stall nobody else.
    const slow = await client.open(connect)
    const flood = Buffer.alloc(64 * 1024)
    const write = (): void =>
      void (slow.stream.writable && slow.stream.write(flood, () => setImmediate(write)))
    for (let each = 0; each < 4; each++) write()
    const one = async (): Promise<boolean> => {
      const { stream } = await client.open(connect)
      const bytes = randomBytes(100_000)
      const [sent, heard] = [createHash('sha256').update(bytes), createHash('sha256')]
      let count = 0
      const all = new Promise<void>(resolve => {
        stream.on('data', (part: Buffer) => {
          heard.update(part)
          count += part.length
          if (count === bytes.length) resolve()
        })
      })
      stream.write(bytes)
      await all
      const isResumed = stream.isSessionReused()
      stream.destroy()
      return sent.digest('hex') === heard.digest('hex') && isResumed
    }
    const answers = await Promise.all(Array.from({ length: 200 }, one))
    assert.deepEqual(
      answers.filter(whole => !whole),
      [],
    )
    slow.stream.destroy()
    assert.deepEqual(tunnel.logged, [])
  })

  test('a server that fails says nothing of why', async () => {
    const tunnel = await open()
    tunnel.answer = () => Promise.reject(new Error('secret detail'))
    const stream = await tunnel.dial(await tunnel.papers('laptop'))
    const heard: Buffer[] = []
    stream.on('data', (part: Buffer) => heard.push(part))
    stream.write(hello)
    await once(stream, 'close')
    assert.equal(Buffer.concat(heard).includes('secret'), false)
    assert.deepEqual(tunnel.logged, ['a stream of the tunnel failed'])
  })
})
