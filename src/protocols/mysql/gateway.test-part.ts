// A gateway in front of one target, as `main` would set it up: a port, a certificate, one user with one token.

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { limits, type Limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import type { Gate } from '../../gate/gate.ts'
import type { ProtocolContext } from '../protocol.ts'
import { fakeGate, testUser, type FakeGate } from '../fake-gate.test-part.ts'
import { mysql } from './index.ts'

export interface TestGateway {
  readonly port: number
  readonly gate: FakeGate
  readonly token: string
  readonly certificate: string
  /** What was logged, `level message code`. */
  readonly logged: string[]
  readonly context: ProtocolContext
  /** Settles when every session so far is over. */
  allServed(): Promise<void>
  stop(): Promise<void>
}

let certificate: Promise<{ cert: string; private: string }> | undefined

const sha = (kind: 'sha1' | 'sha256', data: string | Buffer) => createHash(kind).update(data).digest()

function verifierOf(label: string, token: string, salt: Buffer) {
  const salted = pbkdf2Sync(token, salt, 4096, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  return {
    label,
    storedKey: sha('sha256', clientKey),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
    mysqlNative: sha('sha1', sha('sha1', token)),
    mysqlSha2: sha('sha256', sha('sha256', token)),
    used: () => undefined,
  }
}

export async function startGateway(
  target: Target,
  password: string,
  change: Partial<Limits> = {},
  realGate?: Gate,
): Promise<TestGateway> {
  certificate ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
  const { cert, private: key } = await certificate
  const secureContext: SecureContext = createSecureContext({ cert, key })
  const gate = fakeGate()
  const token = 'skk_test'
  const salt = Buffer.from('0123456789abcdef')
  const verifiers = [verifierOf('another', 'another token', salt), verifierOf('laptop', token, salt)]
  const logged: string[] = []
  const log = (level: string) => (facts: object, message: string) => {
    logged.push(
      `${level} ${message} ${'code' in facts ? String(facts.code) : ''} ${'err' in facts ? (facts.err as Error).stack : ''}`,
    )
  }
  const context: ProtocolContext = {
    gate: realGate ?? gate,
    limits: { ...limits, ...change },
    clientTls: () => secureContext,
    findVerifiers: userName =>
      Promise.resolve({
        user: userName === testUser.name ? testUser : undefined,
        salt,
        iterations: 4096,
        verifiers,
      }),
    targetPassword: () => Promise.resolve(new Secret(password)),
    log: { info: log('info'), warn: log('warn'), error: log('error') },
  }
  const sessions = new Set<Promise<void>>()
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    const served = mysql.serve(socket, { kind: 'network', address: '127.0.0.1' }, target, context)
    sessions.add(served)
    void served.finally(() => sessions.delete(served))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    gate,
    token,
    certificate: cert,
    logged,
    context,
    async allServed() {
      await Promise.all(sessions)
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await Promise.all(sessions)
    },
  }
}
