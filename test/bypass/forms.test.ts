// What is judged once by form must be what reading and rewriting each text anew says, to the last byte: literals varied by chance.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { formOf, passedAs } from '../../src/gate/form.ts'
import type { Passed } from '../../src/gate/gate.ts'
import type { Dialect, Lifted, SchemaIndex, Splice } from '../../src/sql/dialect.ts'
import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import { corpus } from './corpus.ts'
import { harmless } from './harmless.ts'
import { type Chance, createChance, randomQuery } from './random-query.ts'
import type { Sent } from './wire.ts'
import { maskKey, sight } from './world.ts'
import { type RunningWorld, startWorld } from './worlds.ts'

let world: RunningWorld
let schema: SchemaIndex
let dialect: Dialect

before(async () => {
  dialect = await loadPostgresDialect()
  world = await startWorld('A')
  schema = dialect.index(await world.snapshot())
})
after(() => world.server.stop())

interface Whole {
  readonly passed: Passed
  readonly hidden: readonly string[]
  readonly splices: readonly Splice[] | undefined
}

/** All of the way, nothing remembered. */
function judgeWhole(text: string, rowLimit: number | undefined): Whole | string {
  const state = dialect.initialState
  const reading = dialect.read(text, schema, state)
  if (reading.kind === 'unreadable') return `unreadable: ${reading.problem.message}`
  const rewritten = dialect.rewrite(reading, schema, state, sight, { maskKey, rowLimit })
  if (rewritten.kind === 'refused') return `refused: ${rewritten.problem.message}`
  const { hidden, reduceErrors, splices } = rewritten
  const plan = {
    shape: reading.shape,
    verb: '',
    tables: [],
    hidden,
    verdict: 'allowed',
    decidedBy: [],
  } as const
  const passed: Passed = {
    kind: 'passed',
    original: text,
    text: rewritten.text,
    reading,
    reduceErrors,
    plan: { ...plan, code: undefined, reason: undefined },
    strength: 'written',
  }
  return { passed, hidden, splices }
}

const strings =
  `'' 'x' 'it''s' '日本語' '--' '/*' ';' 'a"b' '\\' '''' '(' '$' 'email' 'public.customers' '1' '%k%' ')' '%' 't'`.split(
    ' ',
  )
const integers = ['0', '1', '2', '7', '30', '007', '999999', '2147483647']
const bigIntegers = ['2147483648', '9223372036854775807', '0003000000000']
const hugeIntegers = ['9223372036854775808', '12345678901234567890123']
const decimals = ['1.5', '0.0', '100.', '3.14159', '99999999999.5']

/** Another value of the same kind and range. */
function another(literal: string, chance: Chance): string {
  if (literal.startsWith("'")) return chance.pick(strings)
  if (literal.includes('.')) return chance.pick(decimals)
  const value = BigInt(literal)
  if (value > 9223372036854775807n) return chance.pick(hugeIntegers)
  return chance.pick(value > 2147483647n ? bigIntegers : integers)
}

function vary(text: string, { literals }: Lifted, chance: Chance): string {
  let varied = ''
  let from = 0
  for (let index = 0; index < literals.length; index += 2) {
    const start = literals[index] ?? 0
    const end = literals[index + 1] ?? 0
    varied += text.slice(from, start) + another(text.slice(start, end), chance)
    from = end
  }
  return varied + text.slice(from)
}

const textsOf = (sent: Sent): readonly string[] =>
  typeof sent === 'string' ? [sent] : 'text' in sent ? [sent.text] : []

/** What only the changes of literals could tell apart. */
const known = (passed: Passed) => ({
  sent: passed.text,
  original: passed.original,
  reduceErrors: passed.reduceErrors,
  plan: passed.plan,
  action: passed.reading.action,
  shape: passed.reading.shape,
  text: passed.reading.text,
  changes: [passed.reading.changesState, passed.reading.changesSchema],
})

function compare(texts: readonly string[], rowLimit: number | undefined, turns = 4): Record<string, number> {
  const counts = { texts: 0, lifted: 0, inert: 0, compared: 0, rewritten: 0 }
  for (const [seed, text] of texts.entries()) {
    counts.texts += 1
    const lifted = dialect.lift?.(text, dialect.initialState)
    if (!lifted || lifted.literals.length === 0) continue
    counts.lifted += 1
    const whole = judgeWhole(text, rowLimit)
    const form =
      typeof whole === 'string' || !whole.splices ? undefined : formOf(whole.passed, lifted, whole.splices)
    if (!form) continue
    counts.inert += 1
    const chance = createChance(seed * 31 + 7)
    for (let turn = 0; turn < turns; turn += 1) {
      const other: string = turn === 0 ? text : vary(text, lifted, chance)
      const otherLifted: Lifted | undefined = dialect.lift?.(other, dialect.initialState)
      assert.equal(otherLifted?.form, lifted.form, other)
      const anew = judgeWhole(other, rowLimit)
      if (typeof anew === 'string') assert.fail(`${anew}\n${text}\n${other}`)
      assert.deepEqual(known(passedAs(form, other, otherLifted)), known(anew.passed), other)
      counts.compared += 1
      if (anew.passed.text !== other) counts.rewritten += 1
    }
  }
  return counts
}

const written = [
  ...corpus.flatMap(row => row.statements.flatMap(textsOf)),
  ...harmless.flatMap(session => session.statements.flatMap(textsOf)),
]

/** Places in which a value could matter to the grammar, to us or to the rewriting. */
const odd = `
SELECT * FROM customers WHERE id = 5
SELECT id, email FROM customers WHERE country = 'JP' AND id IN (1, 2, 3) ORDER BY 2 LIMIT 10 OFFSET 5
SELECT id FROM customers LIMIT 5
SELECT email FROM customers WHERE id = 1 LIMIT 5 FOR UPDATE
SELECT email FROM customers WHERE id = 1 OFFSET 3 FOR SHARE
SELECT country, count(*) FROM customers GROUP BY 1 HAVING count(*) > 3 ORDER BY 2 DESC FETCH FIRST 3 ROWS ONLY
SELECT -5, - 5, +5, -(5), - - 5, 2147483648, -9223372036854775808, 1.5 FROM customers WHERE email <> 'x'
SELECT 'a'
  'b', email FROM customers
SELECT customers.email::varchar(10), id::float(20), now()::timestamp(3) FROM customers WHERE id = 1
SELECT interval '1 day', date '2020-01-01', '1'::int, 'customers'::regclass, email FROM customers
SELECT U&"em!0061il" UESCAPE '!' FROM customers WHERE id = 1
SELECT email FROM customers TABLESAMPLE BERNOULLI (10) REPEATABLE (5) WHERE id = 1
SELECT substring(email from 1 for 3), overlay(email placing 'x' from 2), extract(year from birthday), left(email, 2) FROM customers
SELECT email, 'é', id FROM customers WHERE name = '日本' AND country = 'JP'
SELECT "id", 'x' AS "é", email FROM customers AS "顧客" WHERE "顧客".id = 3
SELECT set_config('search_path', 'crm', false), email FROM customers
SELECT current_setting('search_path', true), email FROM customers
UPDATE customers SET country = 'X' WHERE id = 5
UPDATE customers SET country = 'X' WHERE id = 5 RETURNING email, 3
UPDATE customers SET country = 'X' WHERE 1 = 1
DELETE FROM orders WHERE 1 = 2 OR id = 5
DELETE FROM orders WHERE id = 5 AND status = 'new'
DELETE FROM orders WHERE status LIKE 'n%'
DELETE FROM orders WHERE 'f'::boolean
UPDATE orders SET status = 'x' WHERE 'new' = status OR 3 = 4
MERGE INTO orders USING (SELECT 1 AS n) x ON 1 = 2 WHEN MATCHED THEN DELETE
MERGE INTO orders USING (SELECT 1 AS n) x ON orders.id = 1 AND status LIKE 'new' WHEN MATCHED THEN DELETE
MERGE INTO orders USING (SELECT 1 AS n) x ON orders.id = x.n WHEN MATCHED AND status = 'old' THEN UPDATE SET status = 'x'
INSERT INTO orders (id, customer_id, amount, status) VALUES (1, 2, 3.5, 'new'), (2, 3, 4.5, 'old') RETURNING id
SELECT 1; SELECT email FROM customers WHERE id = 2; SELECT 'x'
WITH a AS (SELECT email FROM customers WHERE id = 3) SELECT *, 4 FROM a
SELECT subject FROM tickets WHERE id = 3
SELECT json_value('{"a":1}', '$.a'), email FROM customers
SELECT '$1', email FROM customers WHERE id = $1 AND name = 'x'
SELECT ARRAY[1,2][1:2], email FROM customers WHERE id BETWEEN 1 AND 5
SELECT email FROM customers WHERE name LIKE 'x!%' ESCAPE '!' AND id = CASE WHEN country = 'a' THEN 1 ELSE 2 END
SELECT sum(id) OVER (ORDER BY id ROWS 2 PRECEDING), email FROM customers WHERE id < 10
SELECT x.a FROM (VALUES (1, 'a'), (2, 'b')) AS x (a, b), customers c WHERE c.id = x.a AND c.email > 'k'
`
  .split('\n')
  .reduce<string[]>((lines, line) => {
    if (line.startsWith('  ')) lines.push(`${lines.pop() ?? ''}\n${line}`)
    else if (line !== '') lines.push(line)
    return lines
  }, [])

for (const rowLimit of [undefined, 100]) {
  test(`texts of one form are judged alike${rowLimit === undefined ? '' : ', with a row limit'}`, () => {
    const random = Array.from({ length: 700 }, (_, seed) => randomQuery(createChance(seed * 7_919)))
    const oddCounts = compare(odd, rowLimit, 60)
    const writtenCounts = compare(written, rowLimit)
    const randomCounts = compare(random, rowLimit)
    console.log('forms:', { odd: oddCounts, written: writtenCounts, random: randomCounts })
    assert.ok((oddCounts['inert'] ?? 0) >= 18)
    assert.ok((writtenCounts['inert'] ?? 0) > 100)
    assert.ok((randomCounts['rewritten'] ?? 0) > 1_000)
  })
}

test('values that decide are not lifted out of a judgement', () => {
  const holdsAlone = [
    "SELECT set_config('search_path', 'crm', false), email FROM customers",
    'SELECT email::varchar(10) FROM customers',
    'SELECT id::float(20) FROM customers',
    'SELECT U&"em!0061il" UESCAPE \'!\' FROM customers',
    "SELECT 'a'\n'b', email FROM customers",
    'UPDATE customers SET country = 1 WHERE 1 = 1',
    'DELETE FROM orders WHERE id = 1 OR 1 = 2',
    "SET statement_timeout = '5s'",
    'FETCH 5 FROM c',
    'PREPARE p AS SELECT email FROM customers WHERE id = 5',
    'SELECT email FROM customers TABLESAMPLE BERNOULLI (10)',
  ]
  for (const text of holdsAlone) {
    const lifted = dialect.lift?.(text, dialect.initialState)
    const whole = judgeWhole(text, undefined)
    if (typeof whole === 'string' || !lifted || !whole.splices) continue
    assert.equal(formOf(whole.passed, lifted, whole.splices), undefined, text)
  }
})
