// Tests of the parser: what is read out of a text, and what is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalise } from './canonical.ts'
import { parse } from './parse.ts'
import { walk } from './parse-walk.ts'
import { type Expression, type ParseContext, type SqlMode, sqlModeUsual } from './syntax.ts'

const mariadb: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}
const mysql8: ParseContext = { ...mariadb, product: 'mysql', version: 80036 }
const mysql56: ParseContext = { ...mariadb, product: 'mysql', version: 50624 }
const withMode = (mode: Partial<SqlMode>): ParseContext => ({
  ...mariadb,
  sqlMode: { ...sqlModeUsual, ...mode },
})

interface Named {
  readonly schema?: { readonly text: string } | undefined
  readonly name: { readonly text: string }
}

/** Every table that a text names, in order of writing; `!` and the position if it is not read. */
function tables(text: string, context = mariadb): string {
  const canonical = canonicalise(text, context)
  const found = canonical.problem ?? parse(canonical.text, context)
  if (found.kind === 'problem') return `! ${found.position}`
  const names: [number, string][] = []
  walk(found.statements, node => {
    if (node.kind !== 'table' && node.kind !== 'table-name') return
    const { schema, name } = node as unknown as Named
    names.push([node.start, schema === undefined ? name.text : `${schema.text}.${name.text}`])
  })
  return names
    .sort((a, b) => a[0] - b[0])
    .map(([, name]) => name)
    .join(' ')
}

/** An expression with all its brackets. */
function shape(text: string, context = mariadb): string {
  const found = parse(`select ${text}`, context)
  if (found.kind === 'problem') return `! ${found.position - 7}`
  const [statement] = found.statements
  if (statement?.kind !== 'query' || statement.body.kind !== 'select') return '?'
  return statement.body.items.map(item => brackets(item.expression)).join(', ')
}

function brackets(e: Expression): string {
  switch (e.kind) {
    case 'literal':
      return e.type === 'string' ? `'${e.value}'` : e.value
    case 'column':
      return e.parts.map(part => part.text).join('.')
    case 'unary':
      return `(${e.operator} ${brackets(e.operand)})`
    case 'binary':
      return `(${brackets(e.left)} ${e.operator} ${brackets(e.right)})`
    case 'is':
      return `(${brackets(e.operand)} IS ${e.not ? 'NOT ' : ''}${e.test})`
    case 'in':
      return `(${brackets(e.operand)} ${e.not ? 'NOT ' : ''}IN ${e.list.map(brackets).join(' ')})`
    case 'between':
      return `(${brackets(e.operand)} ${e.not ? 'NOT ' : ''}BETWEEN ${brackets(e.low)} ${brackets(e.high)})`
    case 'like':
      return `(${brackets(e.operand)} ${e.not ? 'NOT ' : ''}LIKE ${brackets(e.pattern)})`
    case 'assign':
      return `(@${e.variable.name} := ${brackets(e.value)})`
    case 'call':
      return `${e.name}[${e.form === 'native' ? '' : 'k '}${e.args.map(brackets).join(' ')}]`
    case 'row':
      return `ROW(${e.items.map(brackets).join(' ')})`
    case 'interval':
      return `(INTERVAL ${brackets(e.value)} ${e.unit})`
    case 'collate':
      return `(${brackets(e.operand)} COLLATE ${e.collation})`
    default:
      return `<${e.kind}>`
  }
}

// ── what a hostile user would try ──────────────────────────────────────────────────────────────────────────────────────

const hostile: readonly (readonly [string, string, ParseContext?])[] = [
  ['select 1 /*! union select a from secret */', 'secret'],
  ['select 1 from t /*!50000 join secret on 1 */', 't secret'],
  ['select 1 from t /*M! union select 1 from secret */', 't secret'],
  ['select 1 from t /*M!100100 union select 1 from secret */', 't secret'],
  ['select 1 from t /*M! union select 1 from secret */', 't', mysql8],
  ['select 1 from t /*!80000 union select 1 from secret */', 't'],
  ['select 1 from t /*!80000 union select 1 from secret */', 't secret', mysql8],
  ['select 1 from t /*!100100 union select 1 from secret */', 't secret'],
  ['select 1--1 from secret', 'secret'],
  ['select 1 -- 1 from secret', ''],
  ['select a from s . secret', 's.secret'],
  ['select a from s./**/secret', 's.secret'],
  ['select a from `s`.`secret`', 's.secret'],
  ['select a from .secret', 'secret'],
  ['select a from`secret`', 'secret'],
  ['insert into t table secret', 't secret', mysql8],
  ['table secret', 'secret', mysql8],
  ['(table secret) union select 1', 'secret', mysql8],
  ['select * from (t1, t2) left join (t3 cross join t4) on 1', 't1 t2 t3 t4'],
  ['select * from ((t1 join t2) join ((select * from t3) a), t4)', 't1 t2 t3 t4'],
  ['select ((select a from secret))', 'secret'],
  ['select ((select 1) union (select a from secret))', 'secret'],
  ['select * from ((select 1) union (select a from secret)) x', 'secret'],
  ['select * from (((select 1) x join secret))', 'secret'],
  ['select exists(select 1 from secret), a > all (select b from s2)', 'secret s2'],
  ['with x as (select * from secret) select * from x', 'secret x'],
  ['select 1 from t order by (select a from secret) limit 1', 't secret'],
  ['select 1 from t group by a having (select max(b) from secret)', 't secret'],
  ['select sum(a) over (partition by (select b from secret)) from t', 'secret t'],
  ['select @a := (select b from secret)', 'secret'],
  ['set @a = (select b from secret)', 'secret'],
  ['do (select b from secret)', 'secret'],
  ['call p((select b from secret))', 'secret'],
  ['update t, secret set t.a = secret.b', 't secret'],
  ['update t set a = (select b from secret)', 't secret'],
  ['delete t from t join secret', 't t secret'],
  ['delete from t using t, secret', 't t secret'],
  ['replace into t set a = (select b from secret)', 't secret'],
  ['insert into t values (1) on duplicate key update a = (select b from secret)', 't secret'],
  ['insert into t (a) (select b from secret)', 't secret'],
  ['create table x as select * from secret', 'x secret'],
  ['create table x like secret', 'x secret'],
  ['create table x (a int) select * from secret', 'x secret'],
  ['create view v as select * from secret', 'v secret'],
  ['create trigger g before insert on t for each row insert into x select * from secret', 't x secret'],
  ['create procedure p() begin declare c cursor for select * from secret; open c; end', 'secret'],
  ['create event e on schedule every 1 day do delete from secret', 'secret'],
  ['explain select * from secret', 'secret'],
  ['analyze select * from secret', 'secret'],
  ['describe secret', 'secret'],
  ['show columns from secret', 'secret'],
  ['handler secret open', 'secret'],
  ['lock tables secret read, t as x write', 'secret t'],
  ['load data infile "x" into table secret', 'secret'],
  ['rename table a to b, secret to c', 'a b secret c'],
  ['alter table t rename to secret', 't secret'],
  ['alter table t exchange partition p with table secret', 't secret'],
  ['select next value for secret, nextval(s.q)', 'secret s.q'],
  ['begin not atomic if 1 then select * from secret; end if; end', 'secret'],
  ['set statement max_statement_time=1 for select * from secret', 'secret'],
  ['select 1; select * from secret; ;', 'secret'],
  ['values (1), ((select a from secret))', 'secret'],
  ['select * from json_table((select a from secret), "$" columns (x int path "$")) j', 'secret'],
  ['select * from t partition (p0) for system_time as of (select a from secret) x', 't secret'],
  ['kill (select id from secret)', 'secret'],
  ['purge binary logs before (select a from secret)', 'secret'],
  ['select "a" from "secret"', 'secret', withMode({ ansiQuotes: true })],
  ["select 'a\\' from secret -- ' from t", 'secret', withMode({ noBackslashEscapes: true })],
  ["select 'a\\' from secret -- ' from t", 't'],
  ['delete from t where a in (select b from secret)', 't secret'],
  ['with x as (select 1) delete from secret', 'secret', mysql8],
  ['with x as (select 1) update secret set a = 1', 'secret', mysql8],
]

for (const [text, expected, context] of hostile) {
  test(`tables of ${text}`, () => assert.equal(tables(text, context), expected))
}

// ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const shapes: readonly (readonly [string, string, ParseContext?])[] = [
  ['1 + 2 * 3', '(1 + (2 * 3))'],
  ['1 - 2 - 3', '((1 - 2) - 3)'],
  ['1--1', '(1 - (- 1))'],
  ['-1 ^ 3', '((- 1) ^ 3)'],
  ['2 * 3 ^ 4', '(2 * (3 ^ 4))'],
  ['1 | 2 & 3 << 1', '(1 | (2 & (3 << 1)))'],
  ['a or b and c xor d', '(a OR ((b AND c) XOR d))'],
  ['a || b && c', '(a OR (b AND c))'],
  ['a || b = c', '((a CONCAT b) = c)', withMode({ pipesAsConcat: true })],
  ['a || b ^ c', '((a CONCAT b) ^ c)', withMode({ pipesAsConcat: true })],
  ['not a = b', '(NOT (a = b))'],
  ['not a = b', '((NOT a) = b)', withMode({ highNotPrecedence: true })],
  ['not a in (1)', '(NOT (a IN 1))'],
  ['!a + 1', '((! a) + 1)'],
  ['a = b is null', '((a = b) IS NULL)'],
  ['not a is null', '(NOT (a IS NULL))'],
  ['a between 1 and 2 and b', '((a BETWEEN 1 2) AND b)'],
  ['a not between 1 and 2 or b', '((a NOT BETWEEN 1 2) OR b)'],
  ["a like 'b' = 1", "((a LIKE 'b') = 1)"],
  ["a not like concat('b', c)", "(a NOT LIKE CONCAT['b' c])"],
  ["a rlike 'b' and not a not regexp 'c'", "((a REGEXP 'b') AND (NOT (a NOT REGEXP 'c')))"],
  ['a div b mod c % d', '(((a DIV b) MOD c) MOD d)'],
  ['a sounds like b', '(a SOUNDS LIKE b)'],
  ['@a := 1 or 0', '(@a := (1 OR 0))'],
  ['1 + @a := 2 + 3', '(1 + (@a := (2 + 3)))'],
  ['a collate utf8_bin = b', '((a COLLATE utf8_bin) = b)'],
  ['binary a = b', '((BINARY a) = b)'],
  ['a in (1, 2) = b', '((a IN 1 2) = b)'],
  ['(a, b) = (1, 2)', '(ROW(a b) = ROW(1 2))'],
  ['row(a, b) <=> row(1, 2)', '(ROW(a b) <=> ROW(1 2))'],
  ['a + interval 1 day', '(a + (INTERVAL 1 DAY))'],
  ['interval (1) + 1 day + a', '((INTERVAL (1 + 1) DAY) + a)'],
  ['interval(1, 2) + 1', '(INTERVAL[k 1 2] + 1)'],
  ['-a collate binary', '(- (a COLLATE binary))'],
  ["a -> '$.x' = 1", "((a -> '$.x') = 1)", mysql8],
  ["'a' 'b' \"c\"", "'abc'"],
  ['a member of (b)', '(a MEMBER OF b)', mysql8],
  ['a <> b != c', '((a <> b) <> c)'],
]

for (const [text, expected, context] of shapes) {
  test(`operators of ${text}`, () => assert.equal(shape(text, context), expected))
}

test('whether a bracket follows at once decides what is a function of the server', () => {
  const call = (text: string, context = mariadb) => {
    const found = parse(`select ${text}`, context)
    assert.equal(found.kind, 'statements')
    let own: unknown
    walk(found, node => {
      if (node.kind === 'call') own ??= node
    })
    return own as { adjacent: boolean; form: string; name: string }
  }
  assert.equal(call('trim(a)').form, 'keyword')
  assert.equal(call('trim (a)').form, 'native')
  assert.equal(call('trim (a)').adjacent, false)
  assert.equal(call('trim (both from a)', withMode({ ignoreSpace: true })).form, 'keyword')
  assert.equal(call('now()').adjacent, true)
  assert.equal(call('current_timestamp').name, 'CURRENT_TIMESTAMP')
  assert.equal(shape('count (*)'), 'COUNT[<star>]')
  assert.equal(shape('`count`(a)'), 'COUNT[a]')
  assert.equal(shape('s.f(a, b)'), 'F[a b]')
})

test('words are names only where the product does not reserve them', () => {
  assert.equal(tables('select 1 from rank'), 'rank')
  assert.equal(tables('select 1 from rank', mysql8), '! 14')
  assert.equal(tables('select 1 from rank', mysql56), 'rank')
  assert.equal(tables('select 1 from offset'), '! 14')
  assert.equal(tables('select 1 from offset', mysql8), 'offset')
  assert.equal(tables('select 1 from t.select'), 't.select')
  assert.equal(tables('select 1 from t except select 2 from u'), 't u')
  assert.equal(tables('select 1 from t except select 2 from u', mysql56), '! 23')
  assert.equal(tables('select sql_cache from t', mysql8), 't')
  assert.equal(shape('sql_cache, b', mysql8), 'sql_cache, b')
  assert.equal(tables('select count(*) over (order by (select a from u)) from t', mysql56), '! 21')
})

test('joins without a condition are left-deep', () => {
  const found = parse('select 1 from a join b join c on x left join d on y', mariadb)
  assert.equal(found.kind, 'statements')
  const joins: string[] = []
  walk(found, node => {
    if (node.kind !== 'join') return
    const { type, right, on } = node as unknown as {
      type: string
      right: { name: { text: string } }
      on: unknown
    }
    joins.push(`${type} ${right.name.text} ${on === undefined ? '' : 'on'}`.trim())
  })
  assert.deepEqual(joins, ['LEFT d on', 'INNER c on', 'INNER b'])
})

test('every ON belongs to the last join that has none', () => {
  assert.equal(tables('select 1 from a left join b join c on x on y'), 'a b c')
  assert.equal(tables('select 1 from a left join b'), '! 27')
  assert.equal(tables('select 1 from a join b natural join c'), '! 31')
})

// ── refused ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const refused: readonly (readonly [string, number, ParseContext?])[] = [
  ['select 1\0; drop table x', 8],
  ['select', 6],
  ['select 1 from', 13],
  ['foo bar', 0],
  ['select 1 from t where', 21],
  ['select 1 from f(1)', 14],
  ['select 1, from t', 10],
  ['select _gbk"\\"', 11],
  ['select 1', 0, withMode({ oracle: true })],
  ['select a->b from t', 10, mysql8],
  ['delimiter //', 0],
  ['\\g', 0],
  ['select 1 union', 14],
  ['insert into t', 13],
  ['update t where a = 1', 9],
  ["select _gbk'a\\'b'", 7],
  ['\ud800', 0],
  ['select a from t,', 16],
  ['create user select', 12],
  ['flush select', 6],
]

for (const [text, position, context] of refused) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const canonical = canonicalise(text, context ?? mariadb)
    const found = canonical.problem ?? parse(canonical.text, context ?? mariadb)
    assert.equal(found.kind, 'problem')
    assert.equal(found.kind === 'problem' && found.position, position)
  })
}

test('no text exhausts the stack or the time', () => {
  const many = 20_000
  for (const text of [
    `select ${'('.repeat(many)}1${')'.repeat(many)}`,
    `select ${'-'.repeat(1)}${' -'.repeat(many)}1`,
    `select ${'not '.repeat(many)}1`,
    `select ${'(select '.repeat(many)}1${')'.repeat(many)}`,
    `select * from ${'('.repeat(many)}t${')'.repeat(many)}`,
    `select ${'f('.repeat(many)}1${')'.repeat(many)}`,
    `select ${'case when '.repeat(many)}1`,
    `select ${'@a := '.repeat(many)}1`,
    `select ${'interval('.repeat(many)}1`,
    `${'explain '.repeat(many)}select 1`,
    `begin not atomic ${'begin '.repeat(many)}`,
    `select 1 ${'union select 1 '.repeat(many)}`,
    `select 1 from t ${'join t '.repeat(many)}`,
  ]) {
    assert.equal(parse(text, mariadb).kind, 'problem', text.slice(0, 40))
  }
  const chain = parse(`select 1 from t where ${'a = 1 or '.repeat(many)}b`, mariadb)
  assert.equal(chain.kind, 'statements')
})

test('positions are those of the text', () => {
  const text = 'select /*!50000 a.b */ , `c``d` from s.t as x where é = 1'
  const found = parse(canonicalise(text, mariadb).text, mariadb)
  assert.equal(found.kind, 'statements')
  const spans: string[] = []
  walk(found, node => {
    if (node.kind === 'column' || node.kind === 'table') spans.push(text.slice(node.start, node.end))
  })
  assert.deepEqual(spans.sort(), ['`c``d`', 'a.b', 's.t as x', 'é'])
})
