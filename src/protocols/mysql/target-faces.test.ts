// How targets greet is learnt once, and a target that is not there keeps nobody waiting.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, test } from 'node:test'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import { capability } from './capabilities.ts'
import { encodeOk } from './codec.ts'
import { Exchange } from './exchange.ts'
import { testTarget } from '../fake-gate.test-part.ts'
import { encodeGreeting } from './handshake.ts'
import { ownVersion, TargetFaces } from './target-faces.ts'

let server: Server
let connections: number
afterEach(() => server.close())

async function startTarget(version: string | undefined): Promise<number> {
  connections = 0
  server = createServer(socket => {
    connections++
    socket.on('error', () => undefined)
    if (version === undefined) {
      socket.resume()
      return
    }
    const exchange = new Exchange(socket)
    const capabilities = capability.protocol41 | capability.secureConnection | capability.pluginAuth
    const nonce = Buffer.alloc(20, 'n')
    const facts = { version, connectionId: 1, nonce, capabilities, characterSet: 8, status: 2 }
    exchange.write(encodeGreeting({ ...facts, plugin: 'mysql_native_password' }))
    void exchange.read(1000).then(() => {
      exchange.write(encodeOk({}, 0n))
      socket.resume()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const password = () => Promise.resolve(new Secret('x'))

test('it is asked once, however many wait for it, and again when it moved or did not fit', async () => {
  const target = testTarget({ protocol: 'mysql', port: await startTarget('11.4.2-MariaDB') })
  const faces = new TargetFaces()
  const seen = await Promise.all([1, 2, 3].map(() => faces.of(target, password, limits)))
  assert.deepEqual(new Set(seen.map(({ version }) => version)), new Set(['11.4.2-MariaDB']))
  await faces.of(target, password, limits)
  assert.equal(connections, 1)
  faces.forget(target)
  await faces.of(target, password, limits)
  assert.equal(connections, 2)
  await faces.of({ ...target, host: 'localhost' }, password, limits)
  assert.equal(connections, 3)
})

test('a silent target delays the greeting by so much, and then for a while not at all', async () => {
  const target = testTarget({ protocol: 'mysql', port: await startTarget(undefined) })
  let nowMs = 0
  const faces = new TargetFaces({ nowMs: () => nowMs, monotonicMs: () => nowMs })
  const hurried = { ...limits, targetGreetingWaitMs: 20, targetConnectTimeoutMs: 60 }
  assert.match((await faces.of(target, password, hurried)).version, /unknown/)
  const patient = { ...hurried, targetGreetingWaitMs: 5000 }
  // The same attempt is still under way, and fails.
  assert.match((await faces.of(target, password, patient)).version, /unknown/)
  assert.equal(connections, 1)
  nowMs = limits.targetGreetingRetryMs - 1
  assert.match((await faces.of(target, password, patient)).version, /unknown/)
  assert.equal(connections, 1)
  nowMs = limits.targetGreetingRetryMs
  assert.match((await faces.of(target, password, patient)).version, /unknown/)
  assert.equal(connections, 2)
})

test('the own version of MariaDB', () => {
  assert.equal(ownVersion('5.5.5-10.11.19-MariaDB-log'), '10.11.19-MariaDB-log')
  assert.equal(ownVersion('11.4.2-MariaDB'), '11.4.2-MariaDB')
  assert.equal(ownVersion('5.5.5-m3'), '5.5.5-m3')
})
