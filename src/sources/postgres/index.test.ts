// The source against real servers: everything in the picture is as the server has it, and failures say what to do.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import {
  embeddedPostgresPrograms,
  type RunningPostgres,
  startPostgres,
} from '../../../test/support/postgres.ts'
import { systemClock } from '../../core/clock.ts'
import { limits } from '../../core/limits.ts'
import { Secret } from '../../core/secret.ts'
import type { Relation, SchemaSnapshot } from '../../sql/schema.ts'
import type { SourceFacts } from '../source.ts'
import { postgres, readPostgresSchema } from './index.ts'

const world = readFileSync(new URL('world.sql', import.meta.url), 'utf8')
const golden = JSON.parse(
  readFileSync(new URL('golden/snapshot.json', import.meta.url), 'utf8'),
) as SchemaSnapshot

const factsOf = (server: RunningPostgres, change: Partial<SourceFacts> = {}): SourceFacts => ({
  host: server.host,
  port: server.port,
  database: server.database,
  account: server.user,
  password: new Secret(server.password),
  tls: 'disable',
  tlsCa: undefined,
  ...change,
})

/** What must be equal on every version: numbers and the spelling of stored queries differ. */
function essence(relation: Relation, withText: boolean): unknown {
  const { oid: _, definition, ...rest } = relation
  const text = withText ? definition : definition !== undefined
  return JSON.parse(JSON.stringify({ ...rest, text }))
}

for (const [name, options] of [
  ['PostgreSQL of the system', {}],
  ['PostgreSQL 18', { programs: embeddedPostgresPrograms() }],
] as const) {
  describe(name, () => {
    let server: RunningPostgres
    before(async () => {
      server = await startPostgres(options)
      await server.run(world)
    })
    after(() => server.stop())

    test('gives the golden picture', async () => {
      const taken = await readPostgresSchema(factsOf(server))
      const withText = name !== 'PostgreSQL 18'
      const own = taken.relations.filter(
        r => golden.schemas.includes(r.schema) && !/^pg_|^info/.test(r.schema),
      )
      assert.deepEqual(
        own.map(relation => essence(relation, withText)),
        golden.relations.map(relation => essence(relation, withText)),
      )
      assert.deepEqual(taken.schemas, golden.schemas)
      assert.deepEqual(
        taken.callables.filter(callable => callable.schema === 'public'),
        golden.callables,
      )
    })

    test('lists the server own catalog, and what extensions brought', async () => {
      const taken = await readPostgresSchema(factsOf(server))
      const find = (schema: string, relation: string): Relation | undefined =>
        taken.relations.find(r => r.schema === schema && r.name === relation)
      assert.equal(find('pg_catalog', 'pg_class')?.kind, 'table')
      assert.match(find('pg_catalog', 'pg_stats')?.definition ?? '', /pg_statistic/)
      assert.equal(find('information_schema', 'columns')?.kind, 'view')
      const similarity = taken.routines.find(routine => routine.name === 'similarity')
      assert.equal(similarity?.extension, 'pg_trgm')
      assert.equal(similarity?.language, 'c')
      assert.ok(taken.callables.some(callable => callable.name === '%' && callable.schema === 'other'))
      assert.ok(!taken.routines.some(routine => routine.schema === 'pg_catalog'))
    })

    test('changes its version with the content only', async () => {
      const first = await readPostgresSchema(factsOf(server))
      assert.equal((await readPostgresSchema(factsOf(server))).version, first.version)
      await server.run('CREATE TABLE one_more (n integer); ANALYZE customers')
      assert.notEqual((await readPostgresSchema(factsOf(server))).version, first.version)
      await server.run('DROP TABLE one_more')
      assert.equal((await readPostgresSchema(factsOf(server))).version, first.version)
    })

    test('resolves the default search path of the account', async () => {
      await server.run(`
        CREATE ROLE joe LOGIN PASSWORD 'joe';
        CREATE SCHEMA joe AUTHORIZATION joe;
        ALTER ROLE joe SET search_path = "$user", missing, other, pg_catalog, public;
        GRANT USAGE ON SCHEMA other TO joe`)
      const joe = factsOf(server, { account: 'joe', password: new Secret('joe') })
      const taken = await readPostgresSchema(joe)
      assert.deepEqual(taken.searchPath, ['joe', 'other', 'public'])
      assert.equal(taken.account, 'joe')
      assert.equal(taken.privileged, false)
      await server.run('GRANT pg_read_server_files TO joe')
      assert.equal((await readPostgresSchema(joe)).privileged, true)
    })

    test('is not misled by settings of the account', async () => {
      await server.run(`
        CREATE ROLE odd LOGIN SUPERUSER PASSWORD 'odd';
        ALTER ROLE odd SET quote_all_identifiers = on;
        ALTER ROLE odd SET standard_conforming_strings = off;
        ALTER ROLE odd SET search_path = public, other`)
      const odd = await readPostgresSchema(factsOf(server, { account: 'odd', password: new Secret('odd') }))
      const admin = await readPostgresSchema(factsOf(server))
      // Not compared as a whole, which would print megabytes.
      for (const [index, relation] of odd.relations.entries())
        assert.deepEqual(relation, admin.relations[index])
      assert.equal(odd.relations.length, admin.relations.length)
      assert.equal(odd.privileged, true)
    })
  })
}

describe('connecting', () => {
  test('bytes that the driver throws at end the question, and nothing else', async () => {
    const welcome = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')
    // A row of 255 columns with nothing in it.
    const broken = Buffer.from('D\0\0\0\x06\0\xff', 'latin1')
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write(welcome)
        socket.once('data', () => socket.write(broken))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const facts: SourceFacts = {
      host: '127.0.0.1',
      port,
      database: 'shop',
      account: 'app',
      password: new Secret('x'),
      tls: 'disable',
      tlsCa: undefined,
    }
    await assert.rejects(readPostgresSchema(facts), { code: 'target.schema-unavailable' })
    server.close()
  })

  let plain: RunningPostgres
  let secure: RunningPostgres
  before(async () => {
    ;[plain, secure] = await Promise.all([startPostgres(), startPostgres({ tls: 'localhost' })])
  })
  after(() => Promise.all([plain.stop(), secure.stop()]))

  test('TLS modes', async () => {
    const works = async (facts: SourceFacts): Promise<void> => void (await readPostgresSchema(facts))
    await works(factsOf(plain, { tls: 'prefer' }))
    await works(factsOf(secure, { tls: 'prefer' }))
    await works(factsOf(secure, { tls: 'require' }))
    await works(factsOf(secure, { tls: 'verify-full', tlsCa: secure.tlsCa, host: 'localhost' }))
    await refused(factsOf(plain, { tls: 'require' }), /does not offer TLS/)
    await refused(factsOf(secure, { tls: 'verify-full' }), /authority/)
    await refused(factsOf(secure, { tls: 'verify-full', tlsCa: secure.tlsCa }), /another host name/)
  })

  test('failures say what to do', async () => {
    await refused(factsOf(plain, { password: new Secret('wrong') }), /password of the account/)
    await refused(factsOf(plain, { database: 'missing' }), /no such database/)
    await refused(factsOf(plain, { port: 1 }), /nothing listens/)
    await refused(factsOf(plain, { host: 'no.such.host.invalid' }), /host name/)
  })

  test('a server that never answers is given up in time', async () => {
    const silent = createServer(socket => socket.resume())
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const context = { clock: systemClock, limits: { ...limits, schemaTimeoutMs: 200 } }
    await assert.rejects(readPostgresSchema(factsOf(plain, { port }), context), {
      code: 'target.schema-unavailable',
      message: /within 0.2 seconds/,
    })
    // The connection was given up too, or this would wait for ever.
    await new Promise(resolve => silent.close(resolve))
  })

  test('a password in clear is not given to somebody in between', async () => {
    const heard: Buffer[] = []
    const between = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', (opening: Buffer) => {
        // A request for TLS is refused; then it asks with AuthenticationCleartextPassword.
        socket.write(opening.length === 8 ? 'N' : Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
        socket.on('data', (bytes: Buffer) => heard.push(bytes))
      })
    })
    await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve))
    const { port } = between.address() as { port: number }
    await refused(factsOf(plain, { port, tls: 'prefer' }), /in clear/)
    await new Promise(resolve => between.close(resolve))
    assert.ok(!Buffer.concat(heard).includes(plain.password))
  })

  test('a server that dies in between ends the question', async () => {
    const dying = createServer(socket => socket.once('data', () => socket.destroy()))
    await new Promise<void>(resolve => dying.listen(0, '127.0.0.1', resolve))
    const { port } = dying.address() as { port: number }
    await assert.rejects(readPostgresSchema(factsOf(plain, { port })), { code: 'target.schema-unavailable' })
    await new Promise(resolve => dying.close(resolve))
  })

  test('the seam harvests one picture', async () => {
    assert.deepEqual(postgres.offers, ['schema'])
    const kinds: string[] = []
    for await (const harvested of postgres.harvest(factsOf(plain), { clock: systemClock, limits }))
      kinds.push(harvested.kind)
    assert.deepEqual(kinds, ['schema'])
  })

  test('ten thousand tables take seconds', async () => {
    await plain.run(`DO $$ BEGIN FOR i IN 1..10000 LOOP
      EXECUTE format('CREATE TABLE t%s (id integer, a text, b varchar(20), c numeric(10,2), d date, e jsonb)', i);
      IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END $$`)
    const began = performance.now()
    const taken = await readPostgresSchema(factsOf(plain))
    assert.ok(taken.relations.length > 10_000)
    assert.ok(performance.now() - began < 5_000)
  })
})

async function refused(facts: SourceFacts, message: RegExp): Promise<void> {
  await assert.rejects(readPostgresSchema(facts), { code: 'target.schema-unavailable', message })
}
