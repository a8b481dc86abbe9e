// The gateway's own login at real targets, and at hostile ones: every method, every TLS mode, every way to fail.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { generate } from 'selfsigned'
import { type Mariadb, startMariadb } from '../../../test/support/mariadb.ts'
import { type RunningMysql56, startMysql56 } from '../../../test/support/mysql56.ts'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { Target } from '../../core/target.ts'
import type { TargetTrial } from '../protocol.ts'
import { capability, has } from './capabilities.ts'
import { encodeError, encodeOk } from './codec.ts'
import { Exchange } from './exchange.ts'
import { decodeClientAnswer, encodeAuthMoreData, encodeAuthSwitch, encodeGreeting } from './handshake.ts'
import { encodeShortPacket, readPacket } from './packets.ts'
import { noWishes } from './target-faces.ts'
import { logInToTarget } from './target-login.ts'
import { tryTarget } from './try-target.ts'

let plain: Mariadb
let secure: Mariadb
let old: RunningMysql56
let tlsCa: string
const servers: { stop(): Promise<void> }[] = []

const long = 'a password of more than thirty-two bytes, with ü'

before(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  tlsCa = made.cert
  // One after the other: who was started before another one fails is stopped too.
  servers.push((plain = await startMariadb()))
  servers.push((secure = await startMariadb({ cert: made.cert, key: made.private })))
  servers.push((old = await startMysql56()))
  for (const server of [plain, secure])
    await server.asRoot(
      "install soname 'auth_ed25519'",
      `create user ed@'127.0.0.1' identified via ed25519 using password('${long}')`,
      "create user short@'127.0.0.1' identified via ed25519 using password('x')",
      "create user nopass@'127.0.0.1'",
      `create user either@'127.0.0.1' identified via unix_socket or mysql_native_password using password('${long}')`,
      "create user locked@'127.0.0.1' identified by 'x' account lock",
    )
  await secure.asRoot("create user onlytls@'127.0.0.1' identified by 'x' require ssl")
  await old.asRoot(
    "create user sha@'127.0.0.1' identified with sha256_password",
    'set old_passwords = 2',
    `set password for sha@'127.0.0.1' = password('${long}')`,
  )
})
after(() => Promise.all(servers.map(server => server.stop())))

const targetAt = (port: number, change: Partial<Target> = {}) => ({
  name: 'shop',
  protocol: 'mysql' as const,
  host: '127.0.0.1',
  port,
  database: '',
  account: 'sekisho',
  tls: 'disable' as const,
  tlsCa: undefined,
  tags: {},
  disabled: false,
  ...change,
})

const short = { ...limits, targetConnectTimeoutMs: 5000 }

const attempt = (
  server: { readonly port: number; readonly password?: string },
  change: Partial<Target> = {},
  password = server.password ?? '',
): Promise<TargetTrial> => tryTarget(targetAt(server.port, change), new Secret(password), short)

const whyNot = async (...given: Parameters<typeof attempt>): Promise<string> => {
  const trial = await attempt(...given)
  assert.equal(trial.kind, 'failed')
  const password = given[2] ?? given[0].password ?? ''
  assert.ok(password === '' || !trial.message.includes(password), 'the password is told')
  return trial.message
}

test('native passwords, at MariaDB and at MySQL, with and without TLS', async () => {
  const mariadb = await attempt(plain, { database: 'sekisho' })
  assert.equal(mariadb.kind, 'reached')
  assert.match(mariadb.serverVersion, /^10\.11\..*MariaDB/)
  assert.equal(mariadb.tls, undefined)
  const mysql = await attempt(old, { database: 'sekisho' })
  assert.equal(mysql.kind, 'reached')
  assert.equal(mysql.serverVersion, '5.6.24')
  for (const tls of ['prefer', 'require'] as const) {
    const trial = await attempt(secure, { tls })
    assert.equal(trial.kind, 'reached')
    assert.match(trial.tls ?? '', /^TLSv1\.3, TLS_/)
  }
  assert.equal((await attempt(plain, { account: 'either' }, long)).kind, 'reached')
  assert.equal((await attempt(plain, { account: 'nopass' }, '')).kind, 'reached')
})

test('Ed25519 at MariaDB, with passwords of any length', async () => {
  for (const server of [plain, secure]) {
    assert.equal((await attempt(server, { account: 'ed', tls: 'prefer' }, long)).kind, 'reached')
    assert.equal((await attempt(server, { account: 'short', tls: 'prefer' }, 'x')).kind, 'reached')
    assert.match(await whyNot(server, { account: 'ed' }, `${long}!`), /account or password is wrong/)
  }
})

test('verify-full checks chain and name', async () => {
  const tls = 'verify-full'
  assert.equal((await attempt(secure, { tls, tlsCa, host: 'localhost' })).kind, 'reached')
  assert.match(await whyNot(secure, { tls, tlsCa }), /certificate is for another host name/)
  assert.match(await whyNot(secure, { tls, host: 'localhost' }), /not signed by an authority/)
  assert.equal((await attempt(secure, { tls: 'require', tlsCa })).kind, 'reached')
  assert.match(await whyNot(plain, { tls: 'require' }), /does not offer TLS/)
  assert.match(await whyNot(old, { tls: 'require' }), /does not offer TLS/)
  assert.equal((await attempt(plain, { tls: 'prefer' })).kind, 'reached')
  assert.equal((await attempt(secure, { account: 'onlytls', tls: 'require' }, 'x')).kind, 'reached')
  assert.match(await whyNot(secure, { account: 'onlytls' }, 'x'), /without TLS/)
})

test('what is wrong is told plainly', async () => {
  for (const server of [plain, secure, old])
    assert.match(await whyNot(server, {}, 'wrong-password'), /account or password is wrong/)
  assert.match(await whyNot(plain, { account: 'nobody' }), /account or password is wrong/)
  assert.match(await whyNot(plain, { database: 'sekisho_nosuch' }), /database does not exist/)
  assert.match(await whyNot(plain, { database: 'mysql' }), /may not use the database/)
  assert.match(await whyNot(plain, { account: 'locked' }, 'x'), /the account is locked/)
  // This build of MySQL has neither TLS nor RSA: it says nothing that could be answered.
  assert.equal((await attempt(old, { account: 'sha' }, long)).kind, 'failed')
  assert.match(await whyNot({ port: 1 }), /nothing listens on this port/)
  assert.match(await whyNot(plain, { host: 'nosuch.invalid' }), /host name is not known/)
})

test('the session has what the client agreed on, as far as the target has it', async () => {
  const wanted = capability.deprecateEof | capability.sessionTrack | capability.mariadbExtendedMetadata
  const capabilities = noWishes.capabilities | wanted
  const wishes = { ...noWishes, capabilities, database: 'sekisho', program: 'dbeaver' }
  const session = await logInToTarget(targetAt(plain.port), new Secret(plain.password), wishes, short)
  assert.equal(session.capabilities & wanted, wanted)
  assert.ok(!has(session.capabilities, 'multiStatements'))
  const [row] = await plain.asRoot("select db from information_schema.processlist where user = 'sekisho'")
  assert.equal(row?.['db'], 'sekisho')
  // Ping: an OK, and the numbers begin anew.
  session.stream.write(encodeShortPacket(Buffer.of(0x0e), 0))
  const { sequence, payload } = await readPacket(session.stream, 1000)
  assert.deepEqual([sequence, payload[0]], [1, 0])
  session.stream.destroy()
  // MySQL 5.6 has none of these: whoever counts on them must connect anew.
  await assert.rejects(
    logInToTarget(targetAt(old.port), new Secret(old.password), wishes, short),
    /less than it could before/,
  )
})

/** A target that says what it likes. */
async function playing(
  script: (exchange: Exchange, socket: Socket) => Promise<void> | void,
): Promise<Server> {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    const over = () => undefined
    // What comes afterwards is of no interest, but the end must be seen.
    Promise.resolve(script(new Exchange(socket), socket)).then(() => socket.resume(), over)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const greeting = (plugin: string, more: Partial<Parameters<typeof encodeGreeting>[0]> = {}): Buffer =>
  encodeGreeting({
    version: '8.4.0',
    connectionId: 7,
    nonce: Buffer.from('01234567890123456789'),
    capabilities:
      noWishes.capabilities | capability.mysql | capability.pluginAuth | capability.pluginAuthLenenc,
    characterSet: 45,
    status: 2,
    plugin,
    ...more,
  })

const rude: Readonly<
  Record<string, readonly [(exchange: Exchange, socket: Socket) => Promise<void> | void, RegExp]>
> = {
  'is none': [(_, socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), /MySQL or MariaDB/],
  'closes at once': [(_, socket) => void socket.end(), /closed the connection/],
  'says nothing': [() => undefined, /did not finish the login in time/],
  'is full': [
    exchange => exchange.write(encodeError({ code: 1040, sqlState: '08004', message: 'Too many' }, false)),
    /no free connections/,
  ],
  'greets without an end': [
    (_, socket) =>
      void socket.write(Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0), Buffer.alloc(100_000, 10)])),
    /not understood/,
  ],
  'is from before MySQL 4.1': [
    exchange => exchange.write(greeting('mysql_native_password', { capabilities: capability.protocol41 })),
    /too old/,
  ],
  'asks for clear text': [
    async exchange => {
      exchange.write(greeting('mysql_native_password'))
      await exchange.read(1000)
      exchange.write(encodeAuthSwitch({ plugin: 'mysql_clear_password', data: Buffer.alloc(0) }))
      const answered = await exchange.read(1000)
      heard.push(answered)
    },
    /password in clear/,
  ],
  'names a method from before 4.1': [
    async exchange => {
      exchange.write(greeting('mysql_native_password'))
      await exchange.read(1000)
      exchange.write(Buffer.of(0xfe))
    },
    /not supported \(mysql_old_password\)/,
  ],
  'names a method that every object has': [
    async exchange => {
      exchange.write(greeting('constructor'))
      await exchange.read(1000)
      exchange.write(encodeAuthSwitch({ plugin: 'constructor', data: Buffer.alloc(20, 65) }))
    },
    /not supported \(constructor\)/,
  ],
  'switches for ever': [
    async exchange => {
      exchange.write(greeting('mysql_native_password'))
      for (;;) {
        await exchange.read(1000)
        exchange.write(encodeAuthSwitch({ plugin: 'mysql_native_password', data: Buffer.alloc(20, 65) }))
      }
    },
    /one kind of login after the other/,
  ],
  'asks for a file': [
    async exchange => {
      exchange.write(greeting('mysql_native_password'))
      await exchange.read(1000)
      exchange.write(Buffer.from('\xfb/etc/passwd', 'latin1'))
      heard.push(await exchange.read(1000))
    },
    /something that no login needs/,
  ],
  'says yes for ever': [
    async exchange => {
      exchange.write(greeting('caching_sha2_password'))
      await exchange.read(1000)
      for (let count = 0; count < 50; count++) exchange.write(encodeAuthMoreData(Buffer.of(3)))
    },
    /asks for too much/,
  ],
  'has a weak key': [
    async exchange => {
      exchange.write(greeting('caching_sha2_password'))
      await exchange.read(1000)
      exchange.write(encodeAuthMoreData(Buffer.of(4)))
      await exchange.read(1000)
      exchange.write(encodeAuthMoreData(Buffer.from(weakKey)))
      heard.push(await exchange.read(1000))
    },
    /public key is not RSA with 2048 bits/,
  ],
  'wants a signature of its own words': [
    async exchange => {
      exchange.write(greeting('mysql_native_password'))
      await exchange.read(1000)
      exchange.write(encodeAuthSwitch({ plugin: 'client_ed25519', data: Buffer.from('pay 100 to me') }))
    },
    /no nonce/,
  ],
  'counts wrongly': [
    (_, socket) => void socket.write(encodeShortPacket(greeting('mysql_native_password'), 5)),
    /not understood/,
  ],
}

const weakKey = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDdlatRjRjogo3WojgGHFHYLugdUWAY9iR3fy4arWNA1KoS8kVw33cJibXr8bvwUAUparCwlvdbH6dvEOfou0/gCFQsHUfQrSDv+MuSUMAe8jzKE4qW+jK+xQU9a03GUnKHkkle+Q0pX/g6jXZ7r1/xAK5Do2kQ+X5xK9cipRgEKwIDAQAB
-----END PUBLIC KEY-----
`

/** What a rude target got to hear that it should not have. */
const heard: Buffer[] = []

for (const [what, [script, message]] of Object.entries(rude))
  test(`a target that ${what} gets nothing and ends only this login`, async () => {
    const server = await playing(script)
    try {
      const { port } = server.address() as AddressInfo
      const trial = await tryTarget(
        targetAt(port, { tls: what === 'has a weak key' ? 'disable' : 'prefer' }),
        new Secret('the-password'),
        {
          ...limits,
          targetConnectTimeoutMs: what === 'says nothing' ? 100 : 5000,
        },
      )
      assert.equal(trial.kind, 'failed')
      assert.match(trial.message, message)
      assert.deepEqual(heard.splice(0), [])
    } finally {
      server.close()
    }
  })

test('bytes in front of TLS are noticed', async () => {
  const server = await playing((_, socket) => {
    const packet = encodeShortPacket(
      greeting('mysql_native_password', { capabilities: noWishes.capabilities | capability.ssl }),
      0,
    )
    socket.write(Buffer.concat([packet, Buffer.from('injected')]))
  })
  const { port } = server.address() as AddressInfo
  assert.match(await whyNot({ port }, { tls: 'require' }, 'x'), /sent bytes before TLS began/)
  server.close()
})

test('a key that nobody vouches for gets no password where TLS was wished for', async () => {
  for (const plugin of ['caching_sha2_password', 'sha256_password']) {
    const heard: Buffer[] = []
    const server = await playing(async exchange => {
      exchange.write(greeting(plugin))
      await exchange.read(1000)
      if (plugin === 'caching_sha2_password') exchange.write(encodeAuthMoreData(Buffer.of(4)))
      heard.push(await exchange.read(1000))
    })
    const { port } = server.address() as AddressInfo
    assert.match(await whyNot({ port }, { tls: 'prefer' }, long), /key that nobody vouches for/)
    assert.deepEqual(heard, [])
    server.close()
  }
})

test('an OK after RSA: the password arrives encrypted', async () => {
  const { decryptPassword, ownPublicKey } = await import('./auth-rsa.ts')
  for (const plugin of ['caching_sha2_password', 'sha256_password']) {
    let got: string | undefined
    const server = await playing(async exchange => {
      exchange.write(greeting(plugin))
      const answer = decodeClientAnswer(await exchange.read(1000))
      assert.equal(answer.kind, 'response')
      if (plugin === 'caching_sha2_password') {
        exchange.write(encodeAuthMoreData(Buffer.of(4)))
        assert.deepEqual(await exchange.read(1000), Buffer.of(2))
      } else assert.deepEqual(answer.response.proof, Buffer.of(1))
      exchange.write(encodeAuthMoreData(Buffer.from(await ownPublicKey())))
      got = await decryptPassword(await exchange.read(1000), Buffer.from('01234567890123456789'))
      exchange.write(encodeOk({}, noWishes.capabilities))
    })
    const { port } = server.address() as AddressInfo
    assert.equal((await attempt({ port }, {}, long)).kind, 'reached')
    assert.equal(got, long)
    server.close()
  }
})
