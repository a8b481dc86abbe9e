// The gateway's own login at real targets: every way a password is asked for, every TLS mode, every way to fail.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { after, before, test } from 'node:test'
import { startPostgres, type RunningPostgres } from '../../../test/support/postgres.ts'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import type { TargetTrial } from '../protocol.ts'
import { testTarget } from '../fake-gate.test-part.ts'
import { postgres } from './index.ts'

let plain: RunningPostgres
let md5: RunningPostgres
let clear: RunningPostgres
let secure: RunningPostgres

before(async () => {
  ;[plain, md5, clear, secure] = await Promise.all([
    startPostgres(),
    startPostgres({ auth: 'md5' }),
    startPostgres({ auth: 'password' }),
    startPostgres({ auth: 'password', tls: 'localhost' }),
  ])
})
after(() => Promise.all([plain, md5, clear, secure].map(server => server.stop())))

const attempt = (
  server: { port: number; user: string; password: string; database: string },
  change: Partial<Target> = {},
  password = server.password,
  targetConnectTimeoutMs = 5000,
): Promise<TargetTrial> =>
  postgres.tryTarget(
    testTarget({ port: server.port, account: server.user, database: server.database, ...change }),
    new Secret(password),
    { ...limits, targetConnectTimeoutMs },
  )

const whyNot = async (...given: Parameters<typeof attempt>): Promise<string> => {
  const trial = await attempt(...given)
  assert.equal(trial.kind, 'failed')
  assert.ok(!trial.message.includes(given[2] ?? given[0].password), 'the password is told')
  return trial.message
}

test('SCRAM, MD5, and clear passwords where that was chosen or TLS protects them', async () => {
  for (const server of [plain, md5, clear]) {
    const trial = await attempt(server)
    assert.equal(trial.kind, 'reached')
    assert.match(trial.serverVersion, /^\d+/)
    assert.equal(trial.tls, undefined)
  }
  assert.match(await whyNot(clear, { tls: 'prefer' }), /password in clear over a connection without TLS/)
  for (const tls of ['prefer', 'require'] as const) {
    const trial = await attempt(secure, { tls })
    assert.equal(trial.kind, 'reached')
    assert.match(trial.tls ?? '', /^TLSv1\.3, TLS_/)
  }
})

test('verify-full checks chain and name', async () => {
  const tlsCa = secure.tlsCa
  assert.equal((await attempt(secure, { tls: 'verify-full', tlsCa, host: 'localhost' })).kind, 'reached')
  assert.match(await whyNot(secure, { tls: 'verify-full', tlsCa }), /certificate is for another host name/)
  assert.match(await whyNot(secure, { tls: 'verify-full', host: 'localhost' }), /not signed by an authority/)
  assert.equal((await attempt(secure, { tls: 'require', tlsCa })).kind, 'reached')
  assert.match(await whyNot(plain, { tls: 'require' }), /does not offer TLS/)
  assert.equal((await attempt(plain, { tls: 'prefer' })).kind, 'reached')
})

test('what is wrong is told plainly', async () => {
  for (const server of [plain, md5, clear])
    assert.match(await whyNot(server, {}, 'wrong-password'), /account or password is wrong/)
  assert.match(await whyNot(plain, { database: 'nosuch' }), /database does not exist/)
  assert.match(await whyNot(plain, { port: 1 }), /nothing listens on this port/)
  assert.match(await whyNot(plain, { host: 'nosuch.invalid' }), /host name is not known/)
})

async function standIn(answer: string | undefined): Promise<{ port: number; server: Server }> {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.on('data', () => (answer === undefined ? undefined : socket.end(answer)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

test('what is no PostgreSQL, or says nothing, is told too', async () => {
  const account = { user: 'admin', password: 'secret-word', database: 'shop' }
  const cases = [
    [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'disable',
      /did not ask for a login|not understood|closed|during login/,
    ],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'prefer', /does not speak the PostgreSQL protocol|before TLS/],
    // What comes in clear behind the S must not be read as if it had come through TLS.
    ['SE\0\0\0\x08junk', 'require', /before TLS/],
    ['', 'prefer', /closed the connection at once/],
    [undefined, 'prefer', /did not answer in time/],
    [undefined, 'disable', /did not finish the login in time/],
  ] as const
  for (const [answer, tls, expected] of cases) {
    const { port, server } = await standIn(answer)
    assert.match(await whyNot({ ...account, port }, { tls }, undefined, 200), expected)
    server.close()
  }
})
