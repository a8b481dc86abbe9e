// Rows to picture, against golden files; and what is told about rights, expressions and numbers.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { SchemaRows } from './catalog-rows.ts'
import { convertSchema } from './convert.ts'
import { expressionColumns } from './expression-columns.ts'
import { rightsOf } from './rights.ts'
import { nameNumber, tableNumbers } from './table-numbers.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'))
const rows = read('rows.json') as SchemaRows

test('rows of a real server make the golden picture', () => {
  const made: unknown = JSON.parse(JSON.stringify(convertSchema(rows, 0)))
  assert.deepEqual(made, read('snapshot.json'))
})

test('the version tells content apart, and nothing else', () => {
  const version = convertSchema(rows, 0).version
  assert.equal(convertSchema(rows, 5_000).version, version)
  const mixed = { ...rows, relations: rows.relations.toReversed(), columns: rows.columns.toReversed() }
  assert.equal(convertSchema(mixed, 0).version, version)
  const changed = { ...rows, facts: { ...rows.facts, sqlMode: 'ANSI_QUOTES' } }
  assert.notEqual(convertSchema(changed, 0).version, version)
})

test('a kind that is not known is not taken for something else', () => {
  const [first] = rows.relations
  assert.ok(first)
  const odd = { ...rows, relations: [{ ...first, type: 'CUBE' }, ...rows.relations.slice(1)] }
  assert.throws(() => convertSchema(odd, 0), /'CUBE'/)
})

test('products and their versions', () => {
  const of = (version: string) => {
    const { product, serverVersion } = convertSchema({ ...rows, facts: { ...rows.facts, version } }, 0)
    return [product, serverVersion]
  }
  assert.deepEqual(of('10.11.19-MariaDB-0+deb12u1'), ['mariadb', '10.11.19'])
  assert.deepEqual(of('5.5.5-10.6.4-MariaDB-log'), ['mariadb', '10.6.4'])
  assert.deepEqual(of('5.6.24-log'), ['mysql', '5.6.24'])
  assert.deepEqual(of('8.4.0'), ['mysql', '8.4.0'])
})

test('what MySQL 8 tells in its own way', () => {
  const place = { schema: 'sekisho', relation: 'memo' }
  const column = {
    ...place,
    position: 2,
    type: 'varchar(9)',
    nullable: 'YES' as const,
    charset: null,
    collation: null,
    default: null,
    generated: null,
  }
  const picture = convertSchema(
    {
      ...rows,
      facts: { ...rows.facts, version: '8.4.0' },
      columns: [
        ...rows.columns,
        { ...column, name: 'g', extra: 'VIRTUAL GENERATED', generated: "concat(`id`,_utf8mb4\\'x\\')" },
        { ...column, name: 'd', extra: 'DEFAULT_GENERATED INVISIBLE', default: '(`id` + 1)' },
        { ...column, name: 'p', extra: '', default: '`id`' },
      ],
      keys: [...rows.keys, { ...place, key: 'f', position: 1, column: null, expression: 'lower(`g`)' }],
    },
    0,
  )
  const memo = picture.relations.find(relation => relation.name === 'memo')
  assert.deepEqual(memo?.columns.slice(1), [
    {
      name: 'g',
      place: 2,
      type: 'varchar(9)',
      notNull: false,
      generated: "concat(`id`,_utf8mb4'x')",
      followsUpdates: false,
    },
    {
      name: 'd',
      place: 2,
      type: 'varchar(9)',
      notNull: false,
      generated: undefined,
      followsUpdates: false,
      invisible: true,
      defaultExpression: '(`id` + 1)',
    },
    { name: 'p', place: 2, type: 'varchar(9)', notNull: false, generated: undefined, followsUpdates: false },
  ])
  assert.deepEqual(memo?.uniqueKeys, [['g'], ['id']])
})

test('names of tables in keys are found without case where the server finds them so', () => {
  const foreignKeys = rows.foreignKeys.map(key => ({ ...key, referencedRelation: 'CUSTOMERS' }))
  const facts = { ...rows.facts, lowerCaseTableNames: 2 }
  const orders = convertSchema({ ...rows, facts, foreignKeys }, 0).relations.find(
    one => one.name === 'orders',
  )
  assert.equal(orders?.foreignKeys[0]?.references.name, 'customers')
})

test('columns of expressions: rather one too many', () => {
  const columns = ['a', 'Name', 'odd `x`', 'b']
  assert.deepEqual(expressionColumns('`a` > 0', columns), ['a'])
  assert.deepEqual(expressionColumns("lower(`NAME`) <> 'b'", columns), ['Name', 'b'])
  assert.deepEqual(expressionColumns('`odd ``x``` + 1', columns), ['odd `x`'])
  assert.deepEqual(expressionColumns('rand() > 1', columns), columns)
  assert.deepEqual(expressionColumns('', columns), columns)
})

test('rights are those of the account and its roles, on what their patterns name', () => {
  const grant = (
    grantee: string,
    right: string,
    schemaPattern: string | null,
    relation: string | null = null,
  ) => ({
    grantee,
    right,
    schemaPattern,
    relation,
  })
  const of = (...rights: ReturnType<typeof grant>[]) =>
    rightsOf({ facts: { ...rows.facts, account: "o'n@b@%" }, roles: [{ role: 'reader' }], rights })
  const self = "'o'n@b'@'%'"
  const sees = (rights: ReturnType<typeof of>) =>
    ['shop', 'shop_1', 'shopx1'].filter(schema => rights.seesTriggers(schema, 't'))
  assert.deepEqual(sees(of(grant(self, 'TRIGGER', null))), ['shop', 'shop_1', 'shopx1'])
  assert.deepEqual(sees(of(grant(self, 'TRIGGER', 'shop\\_1'))), ['shop_1'])
  assert.deepEqual(sees(of(grant(self, 'TRIGGER', 'shop_%'))), ['shop_1', 'shopx1'])
  assert.deepEqual(sees(of(grant(self, 'TRIGGER', 'shop', 't'))), ['shop'])
  assert.deepEqual(sees(of(grant(self, 'TRIGGER', 'shop', 'other'))), [])
  assert.deepEqual(sees(of(grant("'else'@'%'", 'TRIGGER', null))), [])
  assert.deepEqual(sees(of(grant("'reader'@''", 'TRIGGER', 'shop'))), ['shop'])
  assert.equal(of(grant(self, 'USAGE', null)).privileged, false)
  assert.equal(of(grant(self, 'FILE', null)).privileged, true)
  assert.equal(of(grant("'else'@'%'", 'SUPER', null)).privileged, false)
})

test("numbers are InnoDB's, or made of the name", () => {
  const numbers = tableNumbers([
    { name: 'shop/plain', id: 7 },
    { name: 'shop/days#P#p1#SP#s0', id: 12 },
    { name: 'shop/days#p#p0#sp#s0', id: 11 },
    { name: 'odd@002dname/t@0020@00e9', id: 9 },
    { name: 'shop/caf@0l', id: 10 },
    { name: 'SYS_TABLES', id: 1 },
  ])
  assert.deepEqual(
    [...numbers],
    [
      ['shop\0plain', 7],
      ['shop\0days', 11],
      ['odd-name\0t é', 9],
    ],
  )
  const made = nameNumber('relation', 'shop', 'plain')
  assert.ok(Number.isSafeInteger(made) && made > 2 ** 51)
  assert.equal(nameNumber('relation', 'shop', 'plain'), made)
  assert.notEqual(nameNumber('relation', 'sho', 'pplain'), made)
})
