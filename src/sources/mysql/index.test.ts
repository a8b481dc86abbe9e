// The source against real servers: everything in the picture is as the server has it, and failures say what to do.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Mariadb, startMariadb } from '../../../test/support/mariadb.ts'
import { type RunningMysql56, startMysql56 } from '../../../test/support/mysql56.ts'
import { systemClock } from '../../core/clock.ts'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { Relation, SchemaSnapshot } from '../../sql/schema.ts'
import type { SourceFacts } from '../source.ts'
import { mysql, readMysqlSchema } from './index.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const statementsOf = (name: string): readonly string[] =>
  read(name)
    .split(/;\n/)
    .filter(text => text.trim() !== '')
const golden = JSON.parse(read('golden/snapshot.json')) as SchemaSnapshot

type Running = Mariadb | RunningMysql56

const factsOf = (server: Running, change: Partial<SourceFacts> = {}): SourceFacts => ({
  host: server.host,
  port: server.port,
  database: server.database,
  account: server.user,
  password: new Secret(server.password),
  tls: 'disable',
  tlsCa: undefined,
  ...change,
})

const find = (picture: SchemaSnapshot, schema: string, name: string): Relation | undefined =>
  picture.relations.find(relation => relation.schema === schema && relation.name === name)

/** What must be equal on every product: numbers, and the spelling of stored texts and of types differ. */
function essence(relation: Relation): unknown {
  const { oid: _, definition, triggerModes: _modes, columns, ...rest } = relation
  const shapes = columns.map(({ type, collation, charset, ...column }) => ({
    ...column,
    type: type.replace(/int\(\d+\)/, 'int'),
    collation: collation?.replace('utf8mb3', 'utf8'),
    charset: charset?.replace('utf8mb3', 'utf8'),
  }))
  return JSON.parse(JSON.stringify({ ...rest, columns: shapes, text: definition !== undefined }))
}

for (const [product, start] of [
  ['mariadb', () => startMariadb()],
  ['mysql', () => startMysql56()],
] as const) {
  describe(product, () => {
    let server: Running
    const own = golden.relations.filter(
      relation => product === 'mariadb' || !['made', 'versioned', 'counter'].includes(relation.name),
    )
    before(async () => {
      server = await start()
      const files = product === 'mariadb' ? ['world.sql', 'world-mariadb.sql'] : ['world.sql']
      await server.asRoot('use sekisho', ...files.flatMap(statementsOf))
    })
    after(() => server.stop())

    test('gives the golden picture', async () => {
      const taken = await readMysqlSchema(factsOf(server))
      assert.equal(taken.product, product)
      assert.match(taken.serverVersion, product === 'mariadb' ? /^1\d\.\d+\.\d+$/ : /^5\.6\.\d+$/)
      assert.deepEqual(
        taken.relations.filter(relation => relation.schema === 'sekisho').map(essence),
        own.map(essence),
      )
      assert.deepEqual(
        taken.routines.map(({ name, kind, argumentTypes, securityDefiner }) => ({
          name,
          kind,
          argumentTypes,
          securityDefiner,
        })),
        golden.routines.map(({ name, kind, argumentTypes, securityDefiner }) => ({
          name,
          kind,
          argumentTypes,
          securityDefiner,
        })),
      )
      assert.deepEqual(taken.searchPath, ['sekisho'])
      assert.equal(taken.mysql?.lowerCaseTableNames, 0)
    })

    test("lists the server's own catalog", async () => {
      const taken = await readMysqlSchema(factsOf(server))
      assert.ok(taken.schemas.includes('information_schema'))
      assert.equal(find(taken, 'information_schema', 'COLUMNS')?.kind, 'table')
      assert.ok((find(taken, 'information_schema', 'TABLES')?.columns.length ?? 0) > 15)
    })

    test('changes its version with the content only', async () => {
      const first = await readMysqlSchema(factsOf(server))
      assert.equal((await readMysqlSchema(factsOf(server))).version, first.version)
      await server.asRoot('use sekisho', 'CREATE TABLE one_more (n INT)', 'ANALYZE TABLE customers')
      assert.notEqual((await readMysqlSchema(factsOf(server))).version, first.version)
      await server.asRoot('use sekisho', 'DROP TABLE one_more')
      assert.equal((await readMysqlSchema(factsOf(server))).version, first.version)
    })

    test('an account that sees all is told bodies and numbers, which stay over a rename', async () => {
      await server.asRoot(
        `CREATE USER chief@'127.0.0.1' IDENTIFIED BY 'chief'`,
        `GRANT ALL ON *.* TO chief@'127.0.0.1'`,
        'CREATE TABLE sekisho.`odd-name` (id INT) ENGINE=InnoDB',
      )
      const chief = factsOf(server, { account: 'chief', password: new Secret('chief') })
      const before = await readMysqlSchema(chief)
      assert.equal(before.privileged, true)
      assert.equal(before.account, 'chief@127.0.0.1')
      assert.match(
        before.routines.find(routine => routine.name === 'tell')?.source ?? '',
        /^SELECT email INTO/i,
      )
      assert.ok(find(before, 'mysql', 'user'))
      const { oid } = find(before, 'sekisho', 'odd-name') ?? {}
      assert.ok(oid !== undefined && oid < 2 ** 40)
      assert.ok((find(before, 'sekisho', 'days')?.oid ?? Infinity) < 2 ** 40)
      await server.asRoot('RENAME TABLE sekisho.`odd-name` TO sekisho.renamed')
      assert.equal(find(await readMysqlSchema(chief), 'sekisho', 'renamed')?.oid, oid)
      await server.asRoot('DROP TABLE sekisho.renamed')
    })

    test('what an account may not see is unknown, not missing', async () => {
      await server.asRoot(
        `CREATE USER joe@'127.0.0.1' IDENTIFIED BY 'joe'`,
        `GRANT SELECT, INSERT, EXECUTE ON sekisho.* TO joe@'127.0.0.1'`,
      )
      const joe = await readMysqlSchema(factsOf(server, { account: 'joe', password: new Secret('joe') }))
      const orders = find(joe, 'sekisho', 'orders')
      assert.equal(orders?.hasTriggers, true)
      assert.equal(orders?.triggersUnknown, true)
      assert.equal(orders?.triggers, undefined)
      assert.equal(find(joe, 'sekisho', 'names')?.definition, undefined)
      assert.equal(find(joe, 'sekisho', 'names')?.kind, 'view')
      assert.equal(joe.routines.find(routine => routine.name === 'tell')?.source, '')
      assert.equal(find(joe, 'mysql', 'user'), undefined)
    })

    const onlyMariadb = product === 'mariadb' ? test : () => undefined
    void onlyMariadb('an account with a method of MariaDB alone', async () => {
      await server.asRoot(
        `INSTALL SONAME 'auth_ed25519'`,
        `CREATE USER ed@'127.0.0.1' IDENTIFIED VIA ed25519 USING PASSWORD('a secret')`,
        `GRANT SELECT ON sekisho.* TO ed@'127.0.0.1'`,
      )
      const ed = factsOf(server, { account: 'ed', password: new Secret('a secret') })
      assert.ok(find(await readMysqlSchema(ed), 'sekisho', 'orders'))
      await refused({ ...ed, password: new Secret('another') }, /does not accept the account/)
    })

    test('a view that does not work any more is left out, the others stay', async () => {
      await server.asRoot(
        'use sekisho',
        'CREATE TABLE base (n INT)',
        'CREATE VIEW broken AS SELECT n FROM base',
        'DROP TABLE base',
      )
      const taken = await readMysqlSchema(factsOf(server))
      assert.equal(find(taken, 'sekisho', 'broken'), undefined)
      assert.ok(find(taken, 'sekisho', 'names'))
      await server.asRoot('DROP VIEW sekisho.broken')
    })

    test('a usual server takes less than a second', async () => {
      const statements = Array.from(
        { length: 300 },
        (_, at) =>
          `CREATE TABLE sekisho_many.t${at} (id INT PRIMARY KEY, a TEXT, b VARCHAR(20) UNIQUE, c DATE)`,
      )
      await server.asRoot('CREATE DATABASE sekisho_many', ...statements)
      const began = performance.now()
      const taken = await readMysqlSchema(
        factsOf(server, { account: 'chief', password: new Secret('chief') }),
      )
      const tookMs = performance.now() - began
      assert.ok(taken.relations.length > 400)
      // Generous: other tests run beside it.
      assert.ok(tookMs < 3_000, `it took ${tookMs} ms`)
      await server.asRoot('DROP DATABASE sekisho_many')
    })
  })
}

describe('connecting', () => {
  let plain: Mariadb
  let secure: Mariadb
  let certificate: { readonly cert: string; readonly key: string }
  before(async () => {
    certificate = selfSigned()
    ;[plain, secure] = await Promise.all([startMariadb(), startMariadb(certificate)])
  })
  after(() => Promise.all([plain.stop(), secure.stop()]))

  test('TLS modes', async () => {
    const works = async (facts: SourceFacts): Promise<void> => void (await readMysqlSchema(facts))
    const tlsCa = certificate.cert
    await works(factsOf(plain, { tls: 'prefer' }))
    await works(factsOf(secure, { tls: 'prefer' }))
    await works(factsOf(secure, { tls: 'require' }))
    await works(factsOf(secure, { tls: 'verify-full', tlsCa, host: 'localhost' }))
    await refused(factsOf(plain, { tls: 'require' }), /does not offer TLS/)
    await refused(factsOf(secure, { tls: 'verify-full', host: 'localhost' }), /authority/)
    // An address must be in the certificate as well.
    await refused(factsOf(secure, { tls: 'verify-full', tlsCa }), /another host name/)
  })

  test('failures say what to do', async () => {
    await refused(factsOf(plain, { password: new Secret('wrong') }), /does not accept the account/)
    await refused(factsOf(plain, { database: 'sekisho_missing' }), /no such database/)
    await refused(factsOf(plain, { database: 'mysql' }), /may not use the database/)
    await refused(factsOf(plain, { port: 1 }), /nothing listens/)
    await refused(factsOf(plain, { host: 'no.such.host.invalid' }), /host name/)
  })

  test('a server that never answers is given up in time', async () => {
    const silent = createServer(socket => socket.resume())
    const port = await listening(silent)
    const context = { clock: systemClock, limits: { ...limits, schemaTimeoutMs: 200 } }
    await assert.rejects(readMysqlSchema(factsOf(plain, { port }), context), {
      code: 'target.schema-unavailable',
      message: /within 0.2 seconds/,
    })
    // The connection was given up too, or this would wait for ever.
    await new Promise(resolve => silent.close(resolve))
  })

  for (const [plugin, tls] of [
    ['mysql_clear_password', 'disable'],
    ['mysql_clear_password', 'prefer'],
    ['caching_sha2_password', 'prefer'],
    ['sha256_password', 'prefer'],
  ] as const) {
    test(`a password is not given by ${plugin} to somebody in between (${tls})`, async () => {
      const heard: Buffer[] = []
      const between = createServer(socket => {
        socket.on('error', () => {})
        socket.write(greeting)
        let packets = 0
        socket.on('data', (bytes: Buffer) => {
          heard.push(bytes)
          packets += 1
          // A switch of the method, then whatever makes it go on.
          if (packets === 1) {
            const body = Buffer.concat([
              Buffer.from([0xfe]),
              Buffer.from(`${plugin}\0`),
              Buffer.alloc(20, 7),
              Buffer.from([0]),
            ])
            socket.write(packet(2, body))
          } else if (plugin === 'caching_sha2_password' && packets === 2) {
            socket.write(packet(4, Buffer.from([1, 4])))
          } else socket.write(packet(packets * 2, Buffer.concat([Buffer.from([1]), Buffer.from(rsaKey)])))
        })
      })
      const port = await listening(between)
      await refused(factsOf(plain, { port, tls }), /in clear/).finally(() => between.close())
      const all = Buffer.concat(heard)
      assert.ok(!all.includes(plain.password))
      // What is sealed with the stranger's key has its length.
      assert.ok(heard.every(bytes => bytes.length < 256))
    })
  }

  test('a server that dies in between ends the question', async () => {
    const dying = createServer(socket => socket.destroy())
    const port = await listening(dying)
    await assert.rejects(readMysqlSchema(factsOf(plain, { port })), { code: 'target.schema-unavailable' })
    await new Promise(resolve => dying.close(resolve))
  })

  test('the seam harvests one picture', async () => {
    assert.deepEqual(mysql.offers, ['schema'])
    const kinds: string[] = []
    for await (const harvested of mysql.harvest(factsOf(plain), { clock: systemClock, limits }))
      kinds.push(harvested.kind)
    assert.deepEqual(kinds, ['schema'])
  })
})

async function refused(facts: SourceFacts, message: RegExp): Promise<void> {
  await assert.rejects(readMysqlSchema(facts), { code: 'target.schema-unavailable', message })
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

function packet(sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(body.length, 0, 3)
  header[3] = sequence
  return Buffer.concat([header, body])
}

/** Protocol 10, without TLS, with methods that can be changed. */
const greeting = packet(
  0,
  Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.alloc(8, 7),
    Buffer.from([0]),
    // 41, transactions, secure connection, plugin auth.
    Buffer.from([0x00, 0xa2]),
    Buffer.from([45, 2, 0]),
    Buffer.from([0x08, 0x00]),
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.alloc(12, 7),
    Buffer.from([0]),
    Buffer.from('mysql_native_password\0'),
  ]),
)

const rsaKey = execFileSync('openssl', ['rsa', '-pubout'], {
  input: execFileSync('openssl', ['genrsa', '2048'], { stdio: ['ignore', 'pipe', 'ignore'] }),
  stdio: ['pipe', 'pipe', 'ignore'],
}).toString()

function selfSigned(): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-certificate-'))
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
        -keyout ${key} -out ${cert}`.split(/\s+/),
      { stdio: 'ignore' },
    )
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
