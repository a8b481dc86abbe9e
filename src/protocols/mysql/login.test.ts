// Real clients log in: every method, with TLS and without, in front of every kind of server that we imitate.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { type ConnectionOptions, createConnection } from 'mysql2/promise'
import { generate } from 'selfsigned'
import { GatewayError } from '../../core/errors.ts'
import type { UserId } from '../../core/ids.ts'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { User } from '../../core/user.ts'
import type { FindVerifiers } from '../protocol.ts'
import { type Capabilities, capability, has } from './capabilities.ts'
import { command, encodeError, encodeOk, status } from './codec.ts'
import { testTarget } from '../fake-gate.test-part.ts'
import { Exchange } from './exchange.ts'
import { logInClient, openClient, type OpenedClient, type TargetFace } from './login.ts'
import { encodeShortPacket, readPacket } from './packets.ts'
import { logInToTarget } from './target-login.ts'
import { noWishes } from './target-faces.ts'

const run = promisify(execFile)

const allOfMysql = (1n << 32n) - 1n
const face = (version: string, capabilities: Capabilities): TargetFace => ({
  version,
  capabilities,
  characterSet: 45,
  status: status.autocommit,
})

const faces = {
  'MariaDB 10.11': face('5.5.5-10.11.19-MariaDB', ((1n << 38n) - 1n) & ~capability.mysql),
  'MySQL 5.6': face('5.6.24', allOfMysql & ~capability.deprecateEof & ~capability.sessionTrack),
  'MySQL 8.4': face('8.4.3', allOfMysql),
} as const

const user: User = {
  id: '018f0000-0000-7000-8000-000000000001' as UserId,
  name: 'hana',
  displayName: 'Hana',
  email: undefined,
  role: 'user',
  groups: [],
  disabled: false,
}

const token = 'skk_the_token_of_hana'
const before2026 = 'skk_made_before_mysql_was_spoken'
const salt = Buffer.from('0123456789abcdef')
const used: string[] = []

function verifierOf(label: string, secret: string, withMysql: boolean) {
  const hash = (name: string, data: string | Buffer) => createHash(name).update(data).digest()
  const salted = pbkdf2Sync(secret, salt, 4096, 32, 'sha256')
  const storedKey = hash('sha256', createHmac('sha256', salted).update('Client Key').digest())
  const mysqlNative = hash('sha1', hash('sha1', secret))
  const mysqlSha2 = hash('sha256', hash('sha256', secret))
  return {
    label,
    storedKey,
    serverKey: Buffer.alloc(32),
    ...(withMysql && { mysqlNative, mysqlSha2 }),
    used: () => void used.push(label),
  }
}

const verifiers = [
  verifierOf('other', 'skk_other', true),
  verifierOf('laptop', token, true),
  verifierOf('old', before2026, false),
]

const findVerifiers: FindVerifiers = name =>
  Promise.resolve(
    name === 'hana'
      ? { user, salt, iterations: 4096, verifiers }
      : { user: undefined, salt, iterations: 4096, verifiers: [] },
  )

/** What a client said and how it ended, newest last. */
const seen: { opened?: OpenedClient; tls?: boolean; label?: string; error?: unknown }[] = []

let current: TargetFace
let secureContext: SecureContext
let port: number
let server: Server
let folder: string

before(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
  })
  secureContext = createSecureContext({ cert, key })
  folder = await mkdtemp(join(tmpdir(), 'sekisho-login-'))
  await writeFile(join(folder, 'cert.pem'), cert)
  server = createServer(socket => {
    socket.on('error', () => undefined)
    const exchange = new Exchange(socket)
    answerClient(exchange).then(
      () => exchange.stream.end(),
      () => socket.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

/** Logs in, then says OK to everything. */
async function answerClient(exchange: Exchange): Promise<void> {
  const record: (typeof seen)[number] = {}
  seen.push(record)
  const entry = { kind: 'network', address: '127.0.0.1' } as const
  const tls = () => secureContext
  try {
    const opened = await openClient(exchange, entry, current, 77, limits, tls, stream =>
      stream.on('error', () => undefined),
    )
    record.opened = opened
    record.tls = exchange.stream instanceof TLSSocket
    const target = testTarget({ protocol: 'mysql' })
    const loggedIn = await logInClient(exchange, opened, entry, target, limits, findVerifiers)
    record.label = loggedIn.credential
    exchange.write(encodeOk({}, opened.capabilities))
    for (;;) {
      const { sequence, payload } = await readPacket(exchange.stream, 10_000)
      if (payload[0] === command.quit) return
      exchange.stream.write(encodeShortPacket(encodeOk({}, opened.capabilities), sequence + 1))
    }
  } catch (error) {
    record.error = error
    if (!(error instanceof GatewayError)) throw error
    const refusal = { code: 1045, sqlState: '28000', message: `Refused: ${error.code}` }
    exchange.write(encodeError(refusal, record.opened !== undefined))
  }
}

interface Attempt {
  readonly user: string
  readonly password: string
  readonly tls: boolean
}

/** Resolves if it got in; rejects with what the client says. */
type Client = (attempt: Attempt) => Promise<unknown>

const mysql2With =
  (more: ConnectionOptions): Client =>
  async ({ user: name, password, tls }) => {
    const connection = await createConnection({
      host: '127.0.0.1',
      port,
      user: name,
      password,
      database: 'shop',
      connectAttributes: { program_name: 'a test' },
      ...(tls && { ssl: { rejectUnauthorized: false } }),
      ...more,
    })
    await connection.ping()
    await connection.end()
  }

const python = `
import pymysql, sys
host, port, user, password, tls = sys.argv[1:]
ssl = {'check_hostname': False} if tls == 'true' else None
c = pymysql.connect(host=host, port=int(port), user=user, password=password, database='shop', ssl=ssl, program_name='a test')
c.ping(reconnect=False)
c.close()
`

const php = `
mysqli_report(MYSQLI_REPORT_ERROR);
[$_, $host, $port, $user, $password, $tls] = $argv;
$c = mysqli_init();
$flags = $tls === 'true' ? MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT : 0;
if (!$c->real_connect($host, $user, $password, 'shop', (int) $port, null, $flags)) { fwrite(STDERR, $c->connect_error); exit(1); }
if (!$c->query('do 1')) exit(2);
`

const cli =
  (...more: readonly string[]): Client =>
  ({ user: name, password, tls }) =>
    run('mariadb', [
      '--no-defaults',
      '--host=127.0.0.1',
      `--port=${port}`,
      `--user=${name}`,
      `--password=${password}`,
      tls ? '--ssl' : '--skip-ssl',
      ...more,
      '--execute=do 1',
      'shop',
    ])

const args = ({ user: name, password, tls }: Attempt) => [
  '127.0.0.1',
  String(port),
  name,
  password,
  String(tls),
]

const clients: Readonly<Record<string, Client>> = {
  mysql2: mysql2With({}),
  PyMySQL: attempt => run('/usr/bin/python3', ['-c', python, ...args(attempt)]),
  PHP: attempt => run('php', ['-r', php, '--', ...args(attempt)]),
  mariadb: cli(),
}

for (const [product, imitated] of Object.entries(faces))
  describe(product, () => {
    before(() => {
      current = imitated
    })
    for (const [name, connect] of Object.entries(clients))
      for (const tls of [false, true])
        test(`${name} ${tls ? 'with' : 'without'} TLS`, async () => {
          seen.length = 0
          used.length = 0
          await connect({ user: 'hana', password: token, tls })
          const [record] = seen
          assert.equal(record?.label, 'laptop')
          assert.equal(record.tls, tls)
          assert.equal(record.opened?.userName, 'hana')
          assert.equal(record.opened.database, 'shop')
          if (name !== 'PHP') assert.notEqual(record.opened.program, '')
          assert.ok(!has(record.opened.capabilities, 'compress'))
          assert.equal(used.pop(), 'laptop')
          // The wrong token, somebody else, nobody: all the same.
          for (const [who, password] of [
            ['hana', 'wrong'],
            ['hana', ''],
            ['ken', token],
          ] as const) {
            seen.length = 0
            await assert.rejects(connect({ user: who, password, tls }), (error: Error) => {
              const said = `${error.message} ${String((error as { stderr?: string }).stderr)}`
              return (
                /1045|28000|Refused|requires secure connection|cleartext/i.test(said) || assert.fail(said)
              )
            })
            assert.equal(seen[0]?.label, undefined)
          }
          assert.deepEqual(used, [])
        })
  })

describe('methods that the client chooses', () => {
  test('SHA-2 where the server would say native, and native where it would say SHA-2', async () => {
    current = faces['MariaDB 10.11']
    for (const tls of [false, true]) {
      seen.length = 0
      await cli('--default-auth=caching_sha2_password')({ user: 'hana', password: token, tls })
      assert.deepEqual([seen[0]?.opened?.plugin, seen[0]?.label], ['caching_sha2_password', 'laptop'])
    }
    current = faces['MySQL 8.4']
    seen.length = 0
    await cli('--default-auth=mysql_native_password')({ user: 'hana', password: token, tls: false })
    assert.deepEqual([seen[0]?.opened?.plugin, seen[0]?.label], ['mysql_native_password', 'laptop'])
  })

  test('the token in clear inside of TLS, and never without', async () => {
    for (const imitated of Object.values(faces)) {
      current = imitated
      const clear = cli('--default-auth=mysql_clear_password')
      seen.length = 0
      await clear({ user: 'hana', password: token, tls: true })
      assert.equal(seen[0]?.label, 'laptop')
      await assert.rejects(clear({ user: 'hana', password: 'wrong', tls: true }), /1045/)
      await assert.rejects(clear({ user: 'ken', password: token, tls: true }), /1045/)
      // It is asked for another proof in place of it.
      seen.length = 0
      await clear({ user: 'hana', password: token, tls: false })
      assert.equal(seen[0]?.label, 'laptop')
    }
  })

  test('an unknown method is replaced by the usual one', async () => {
    current = faces['MariaDB 10.11']
    await cli('--default-auth=client_ed25519')({ user: 'hana', password: token, tls: false })
  })

  test('a token from before MySQL was spoken passes where it is sent itself', async () => {
    current = faces['MySQL 8.4']
    for (const tls of [false, true]) {
      seen.length = 0
      await clients['mysql2']?.({ user: 'hana', password: before2026, tls })
      assert.equal(seen[0]?.label, 'old')
      seen.length = 0
      await clients['PyMySQL']?.({ user: 'hana', password: before2026, tls })
      assert.equal(seen[0]?.label, 'old')
    }
    await assert.rejects(
      cli('--default-auth=mysql_native_password')({ user: 'hana', password: before2026, tls: false }),
      /1045/,
    )
  })

  test('our own login at a target gets in too', async () => {
    for (const imitated of Object.values(faces))
      for (const tls of ['disable', 'require'] as const)
        for (const secret of imitated === faces['MySQL 8.4'] ? [token, before2026] : [token]) {
          current = imitated
          const target = testTarget({ protocol: 'mysql', port, account: 'hana', tls })
          const session = await logInToTarget(target, new Secret(secret), noWishes, limits)
          assert.equal(session.greeting.version, imitated.version)
          session.stream.destroy()
        }
  })
})

describe('what no login is', () => {
  const answers = async (...packets: readonly Buffer[]): Promise<unknown> => {
    const { connect } = await import('node:net')
    current = faces['MariaDB 10.11']
    seen.length = 0
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await readPacket(socket, 1000)
    for (const packet of packets) socket.write(packet)
    socket.resume()
    await once(socket, 'close')
    return seen[0]?.error
  }
  const violation = (error: unknown) =>
    assert.ok(error instanceof GatewayError && error.code === 'protocol.violation', String(error))

  test('ends with an error', async () => {
    violation(await answers(encodeShortPacket(Buffer.from('GET / HTTP/1.1\r\n'), 1)))
    violation(await answers(encodeShortPacket(Buffer.alloc(0), 1)))
    violation(await answers(encodeShortPacket(Buffer.alloc(40), 7)))
    // From before MySQL 4.1.
    violation(await answers(encodeShortPacket(Buffer.from('8510000000686f6e6100', 'hex'), 1)))
    const endless = await answers(Buffer.of(0xff, 0xff, 0xff, 1))
    assert.ok(endless instanceof GatewayError && endless.code === 'limit.exceeded')
  })
})
