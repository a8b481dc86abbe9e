// What is sent in place of a statement must be taken by real servers, MariaDB and the genuine MySQL 5.6, in every usual
// sql_mode and for every usual character set of a connection, and must answer with the same columns.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Connection, type FieldPacket, createConnection } from 'mysql2/promise'
import type { HiddenColumn, MaskShape, Sight } from '../../src/core/verdict.ts'
import { Secret } from '../../src/core/secret.ts'
import type { SchemaIndex, SqlState } from '../../src/sql/dialect.ts'
import { mysqlDialect, mysqlState, withFacts } from '../../src/sql/mysql/index.ts'
import { readMysqlSchema } from '../../src/sources/mysql/index.ts'
import { startMariadb } from '../support/mariadb.ts'
import { startMysql56 } from '../support/mysql56.ts'

const shapes: readonly MaskShape[] = [
  'email',
  'phone',
  'card',
  'name',
  'date',
  'number',
  'null',
  'constant',
  'hash',
]

const types: readonly string[] = [
  'varchar(80)',
  'char(16)',
  'char(2)',
  'text',
  'varchar(40) character set latin1',
  'varchar(40) character set sjis',
  'varchar(40) collate utf8mb4_bin',
  'varbinary(40)',
  'blob',
  'date',
  'datetime',
  'timestamp null',
  'int',
  'bigint unsigned',
  'decimal(10,2)',
  'double',
  "enum('a','b')",
  'year',
  'time',
]

const settings: readonly string[] = [
  "set sql_mode = ''",
  "set sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY'",
  "set sql_mode = 'ANSI_QUOTES'",
  "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
  "set sql_mode = 'PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE'",
  "set sql_mode = 'ANSI'",
  "set time_zone = '+13:00'",
  "set time_zone = '-12:00'",
  'set names utf8',
  'set collation_connection = utf8mb4_unicode_ci',
  'set collation_connection = utf8mb4_bin',
  'set character_set_connection = latin1',
  'set character_set_connection = ascii',
  "set lc_time_names = 'ja_JP'",
]

/** How people write what they want to know of a table of which much is hidden. */
const queries: readonly string[] = [
  'SELECT * FROM secrets ORDER BY id',
  'SELECT s.* FROM secrets AS s WHERE s.id > 1 ORDER BY s.id',
  'SELECT sekisho.secrets.c0_email, secrets.id FROM sekisho.secrets ORDER BY id',
  "SELECT id, c0_email e FROM secrets USE INDEX (PRIMARY) WHERE c0_email LIKE _latin1'%@%' ORDER BY id LIMIT 3",
  'SELECT a.c0_email, b.plain FROM secrets a JOIN others b ON b.id = a.id AND a.c0_name <> b.plain ORDER BY b.id',
  'SELECT a.id FROM others a WHERE EXISTS (SELECT 1 FROM secrets s WHERE s.id = a.id AND s.c0_hash IS NOT NULL) ORDER BY 1',
  'SELECT id, c0_name FROM secrets UNION ALL SELECT id, plain FROM others ORDER BY 1, 2',
  'SELECT count(*), max(c0_constant), min(c12_hash) FROM secrets GROUP BY c9_date ORDER BY 1',
  'SELECT * FROM secrets NATURAL LEFT JOIN others ORDER BY id',
  'SELECT * FROM secrets LEFT JOIN others USING (id) ORDER BY id',
  'SELECT id, (SELECT c0_phone FROM secrets s WHERE s.id = o.id) AS p FROM others o ORDER BY id',
  'SELECT * FROM v_secrets ORDER BY id',
  "SELECT id FROM secrets WHERE c0_email = 'x' FOR UPDATE",
  'SELECT id, @n := c0_name FROM secrets ORDER BY id',
  'SELECT concat(c4_name, c5_name, c6_name) FROM secrets ORDER BY id',
  "SELECT id FROM secrets WHERE c4_email = '日本' OR c5_constant = 'x' ORDER BY id",
]

interface Server {
  readonly connect: () => Promise<Connection>
  readonly product: 'mysql' | 'mariadb'
  readonly snapshot: () => ReturnType<typeof readMysqlSchema>
  readonly stop: () => Promise<void>
}

const hiddenOf = new Map<string, HiddenColumn>(
  types.flatMap((_type, at) =>
    shapes.map((mask): [string, HiddenColumn] => [`c${at}_${mask}`, { mask, tag: `pii.${mask}` }]),
  ),
)

const sight: Sight = {
  version: 'oracle',
  hidesAnything: true,
  table: (schema, table) =>
    schema === 'sekisho' && table === 'secrets' ? { hidden: hiddenOf, rowFilter: undefined } : undefined,
}

const texts = [
  'alice@example.com',
  '4111 1111-1111 1111',
  '090-1234-5678',
  '',
  'Üñ@dömain.jp',
  '日本@例え.テスト',
  null,
]

const nothing = texts.map(() => null)

/** Columns, and what is left of `texts` in them. */
const kept: readonly (readonly [string, readonly (string | null)[]])[] = [
  ['c0_email', ['a***@***.com', '4***@***', '0***@***', '***@***', 'Ü***@***.jp', '日***@***', null]],
  ['c0_phone', ['***', '***11', '***78', '***', '***', '***', null]],
  ['c0_card', ['**** **** ****', '**** **** **** 1111', ...Array<string>(4).fill('**** **** ****'), null]],
  ['c1_card', ['************', '************1111', ...Array<string>(4).fill('************'), null]],
  ['c0_name', ['a***', '4***', '0***', '***', 'Ü***', '日***', null]],
  ['c0_constant', [...Array<string>(6).fill('***'), null]],
  ['c2_constant', [...Array<string>(6).fill('**'), null]],
  ['c0_number', nothing],
  ['c12_number', nothing],
  ['c14_hash', nothing],
  ['c9_date', texts.map(() => '2020-01-01')],
  ['c11_date', texts.map(() => '2020-01-01 00:00:00')],
]

async function fill(connection: Connection): Promise<void> {
  await connection.query("set names utf8mb4, sql_mode = ''")
  const columns = types.flatMap((type, at) => shapes.map(shape => `c${at}_${shape} ${type}`))
  await connection.query(
    `create table secrets (id int primary key, ${columns.join(', ')}, key by_name (c0_name)) default character set utf8mb4`,
  )
  await connection.query(
    'create table others (id int primary key, plain varchar(40)) default character set utf8mb4',
  )
  await connection.query(
    'create view v_secrets as select id, upper(c0_email) as shouted, c12_number from secrets',
  )
  const perType = (text: string | null): readonly unknown[] => [
    ...Array<unknown>(7).fill(text),
    ...Array<unknown>(2).fill(text === null ? null : Buffer.from(text).subarray(0, 40)),
    '2020-05-06',
    text === '' ? '0000-00-00' : '2020-05-06 07:08:09',
    '2020-12-31 23:30:00',
    7,
    8,
    1.5,
    2.5,
    'a',
    2020,
    '10:00:00',
  ]
  for (const [id, text] of texts.entries()) {
    const values = [id, ...perType(text).flatMap(value => Array<unknown>(shapes.length).fill(value))]
    await connection.query(`insert into secrets values (${values.map(() => '?').join(', ')})`, values)
    await connection.query('insert into others values (?, ?)', [id, text])
  }
}

async function mariadb(): Promise<Server> {
  const server = await startMariadb()
  return serverOf('mariadb', server)
}

async function mysql56(): Promise<Server> {
  const server = await startMysql56({ settings: { 'character-set-server': 'utf8mb4' } })
  return serverOf('mysql', server)
}

function serverOf(
  product: Server['product'],
  server: {
    host: string
    port: number
    user: string
    password: string
    database: string
    stop(): Promise<void>
  },
): Server {
  const { host, port, user, password, database } = server
  return {
    product,
    connect: () => createConnection({ host, port, user, password, database, charset: 'utf8mb4' }),
    snapshot: () =>
      readMysqlSchema({
        host,
        port,
        database,
        account: user,
        password: new Secret(password),
        tls: 'disable',
        tlsCa: undefined,
      }),
    stop: () => server.stop(),
  }
}

for (const [name, start] of [
  ['MariaDB', mariadb],
  ['MySQL 5.6', mysql56],
] as const) {
  describe(name, () => {
    let server: Server | undefined
    let connection: Connection | undefined
    let schema: SchemaIndex | undefined

    before(async () => {
      server = await start()
      connection = await server.connect()
      await fill(connection)
      schema = mysqlDialect.index(await server.snapshot())
    })

    after(async () => {
      await connection?.end()
      await server?.stop()
    })

    test('masks keep what they say and no more', async () => {
      assert.ok(server && connection && schema)
      await connection.query("set names utf8mb4, sql_mode = '', time_zone = '+00:00'")
      const state = await stateOf(connection, schema, server.product)
      for (const [column, expected] of kept) {
        const sent = rewritten(`SELECT ${column} FROM secrets ORDER BY id`, schema, state)
        const values: readonly unknown[] = await textsOf(connection, sent)
        assert.deepEqual(values, expected, column)
      }
    })

    for (const setting of settings) {
      test(`what is sent is taken: ${setting}`, async () => {
        assert.ok(server && connection && schema)
        await connection.query("set names utf8mb4, sql_mode = '', time_zone = '+00:00'")
        const plain = await answers(connection, schema, server.product)
        await connection.query(setting)
        const set = await answers(connection, schema, server.product)
        for (const one of set) {
          const other = plain.find(found => found.text === one.text)
          // Some mixes of character sets the server takes of nobody.
          if (other) assert.deepEqual(one.masked, other.masked, one.text)
        }
        assert.ok(set.length >= queries.length - 2)
        for (const one of set) assert.deepEqual(one.names, one.namesOfOwn, one.text)
        assert.deepEqual(
          set.flatMap(one => one.warnings),
          [],
        )
      })
    }
  })
}

interface Answer {
  readonly text: string
  readonly names: readonly string[]
  readonly namesOfOwn: readonly string[]
  /** Values of the masked columns, as bytes; without what the setting itself changes. */
  readonly masked: readonly (string | null)[][]
  readonly warnings: readonly unknown[]
}

async function answers(
  connection: Connection,
  schema: SchemaIndex,
  product: Server['product'],
): Promise<readonly Answer[]> {
  const made: Answer[] = []
  const state = await stateOf(connection, schema, product)
  for (const text of queries) {
    const own = await ask(connection, text).catch((error: unknown) => error)
    const sent = rewritten(text, schema, state)
    if (own instanceof Error) {
      // What the server does not take of the person it may not take of us: a mode, or a mix of character sets.
      await assert.rejects(ask(connection, sent), text)
      continue
    }
    assert.notEqual(sent, text, `nothing was hidden in: ${text}`)
    const masked = await ask(connection, sent)
    made.push({
      text,
      names: masked.fields.map(field => field.name),
      namesOfOwn: (own as Answered).fields.map(field => field.name),
      masked: masked.rows,
      warnings: masked.warnings,
    })
  }
  return made
}

interface Answered {
  readonly rows: (string | null)[][]
  readonly fields: readonly FieldPacket[]
  readonly warnings: readonly unknown[]
}

async function ask(connection: Connection, sql: string): Promise<Answered> {
  const [rows, fields] = await connection.query({
    sql,
    rowsAsArray: true,
    typeCast: field => field.buffer()?.toString('hex') ?? null,
  })
  const [warnings] = await connection.query('show warnings')
  return { rows: rows as (string | null)[][], fields, warnings: warnings as unknown[] }
}

/** The first column of every row, as the server writes it. */
async function textsOf(connection: Connection, sql: string): Promise<readonly unknown[]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true, typeCast: field => field.string() })
  return (rows as unknown[][]).map(([value]) => value)
}

async function stateOf(
  connection: Connection,
  schema: SchemaIndex,
  product: Server['product'],
): Promise<SqlState> {
  const [rows] = await connection.query(
    'select @@sql_mode m, @@character_set_client c, @@character_set_connection n',
  )
  const [facts] = rows as { m: string; c: string; n: string }[]
  assert.ok(facts)
  const told = {
    sqlMode: facts.m,
    characterSet: facts.c,
    connectionCharacterSet: facts.n,
    database: 'sekisho',
  }
  const begun = mysqlState({ ...told, product, version: schema.snapshot.serverVersion })
  return withFacts(begun, told)
}

function rewritten(text: string, schema: SchemaIndex, state: SqlState): string {
  const reading = mysqlDialect.read(text, schema, state)
  if (reading.kind === 'unreadable') assert.fail(reading.problem.message)
  const made = mysqlDialect.rewrite(reading, schema, state, sight, {
    maskKey: 'c0ffee11',
    rowLimit: undefined,
  })
  if (made.kind === 'refused') assert.fail(made.problem.message)
  return made.text
}
