// What the editor reads of a text: statements, parameters, names in reach, and that layout changes nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format } from 'sql-formatter'
import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { formatSql, isSameSubstance } from './format-sql.ts'
import { bindParameters, findParameters, parameterKeys } from './sql-parameters.ts'
import { scopeAt } from './sql-scope.ts'
import { needsSplitting, splitStatements, statementAt } from './sql-statements.ts'
import { sqlTokens } from './sql-tokens.ts'

const split = (text: string, dialect: TargetProtocol = 'postgres') =>
  splitStatements(text, dialect).map(statement => statement.text)

test('tokens cover the text without gaps', () => {
  const text = `select 'a''b', "c""d", $x$ ; $x$, e'\\'', 1.5e3, $1 -- end\n/* a /* b */ c */ from t_日本;`
  for (const dialect of ['postgres', 'mysql'] as const) {
    const tokens = sqlTokens(text, dialect)
    assert.equal(tokens.map(({ from, to }) => text.slice(from, to)).join(''), text)
  }
})

test('semicolons in strings, comments, names and dollar quotes do not cut', () => {
  assert.deepEqual(split(`select ';'; select 2`), [`select ';'`, 'select 2'])
  assert.deepEqual(split('select $$a;b$$; select $f$ $$;$$ $f$'), ['select $$a;b$$', 'select $f$ $$;$$ $f$'])
  assert.deepEqual(split('select 1 -- ;\n; /* ; /* ; */ ; */ select 2'), [
    'select 1',
    '/* ; /* ; */ ; */ select 2',
  ])
  assert.deepEqual(split(`select "a;b"; select e'\\';'`), ['select "a;b"', `select e'\\';'`])
  assert.deepEqual(split(`select 'a\\'; select 2`), [`select 'a\\'`, 'select 2'])
  assert.deepEqual(split(`select 'a\\'; select 2`, 'mysql'), [`select 'a\\'; select 2`])
  assert.deepEqual(split('select `a;b`; select "x;y" # ;\n', 'mysql'), ['select `a;b`', 'select "x;y"'])
  assert.deepEqual(split('select 1--1; select 2', 'mysql'), ['select 1--1', 'select 2'])
  assert.deepEqual(split('; ;\n-- nothing\n;'), [])
})

test('the body of a routine stays whole', () => {
  const atomic =
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end'
  assert.deepEqual(split(`${atomic}; select 3`), [atomic, 'select 3'])
  const procedure =
    'create procedure p() begin if 1 then select 1; end if; case 1 when 1 then select 2; end case; end'
  assert.deepEqual(split(`${procedure}; select 3`, 'mysql'), [procedure, 'select 3'])
  assert.deepEqual(split('begin; select 1; end', 'mysql'), ['begin', 'select 1', 'end'])
})

test('DELIMITER is obeyed and not sent', () => {
  const text = 'DELIMITER $$\ncreate procedure p() begin select 1; end$$\nDELIMITER ;\ncall p(); select 2'
  assert.deepEqual(split(text, 'mysql'), ['create procedure p() begin select 1; end', 'call p()', 'select 2'])
  assert.equal(needsSplitting(text, 'mysql'), true)
  assert.equal(needsSplitting('select 1', 'mysql'), false)
  assert.deepEqual(split('DELIMITER //\nselect 4 / 2//\nselect 1//', 'mysql'), ['select 4 / 2', 'select 1'])
})

test('the statement at the cursor', () => {
  const text = 'select 1;\n\n-- second\nselect 2;  \nselect 3'
  const at = (offset: number) => statementAt(text, offset, 'postgres')?.text
  assert.equal(at(0), 'select 1')
  assert.equal(at(9), 'select 1')
  assert.equal(at(10), '-- second\nselect 2')
  assert.equal(at(text.indexOf('2;') + 4), '-- second\nselect 2')
  assert.equal(at(text.length), 'select 3')
  assert.equal(statementAt('  ', 1, 'postgres'), undefined)
})

test('parameters are found outside strings, casts, slices and definitions', () => {
  const keys = (text: string, dialect: TargetProtocol = 'postgres') =>
    findParameters(text, dialect).map(({ key }) => key)
  assert.deepEqual(keys(`select a::text, ':no', :city -- :no\n, a[1:n], $2 /* $3 */`), [':city', '$2'])
  assert.deepEqual(keys('select $a$ :x $1 $a$'), [])
  assert.deepEqual(keys("select data ? 'key' from t"), [])
  assert.deepEqual(keys(`select ?, '?', @x := 1, :name from t where b = ?`, 'mysql'), ['?1', ':name', '?2'])
  assert.deepEqual(keys('create function f(int) returns int return $1'), [])
  assert.deepEqual(parameterKeys(findParameters('select $10, $2, $2', 'postgres')), ['$2', '$10'])
})

test('values are bound in the order of the server, and places are found again', () => {
  const text = 'select :long_name, :b, :long_name, $1 frm t'
  const bound = bindParameters(
    text,
    'postgres',
    new Map([
      [':long_name', 'x'],
      [':b', null],
      ['$1', '7'],
    ]),
  )
  assert.equal(bound.text, 'select $2, $3, $2, $1 frm t')
  assert.deepEqual(bound.parameters, ['7', 'x', null])
  assert.equal(bound.written(bound.text.indexOf('frm')), text.indexOf('frm'))
  assert.equal(bound.written(3), 3)
  const mysql = bindParameters(
    'select :a, ?, :a',
    'mysql',
    new Map([
      [':a', '1'],
      ['?1', '2'],
    ]),
  )
  assert.equal(mysql.text, 'select ?, ?, ?')
  assert.deepEqual(mysql.parameters, ['1', '2', '1'])
})

/** The scope at the `|` of a text. */
function scope(marked: string, dialect: TargetProtocol = 'postgres') {
  const offset = marked.indexOf('|')
  return scopeAt(marked.replace('|', ''), offset, dialect)
}
const aliases = (marked: string, dialect?: TargetProtocol) =>
  scope(marked, dialect).tables.map(({ alias, name }) =>
    alias === name ? alias : `${name ?? '()'} ${alias}`,
  )

test('aliases are known, before and behind the cursor', () => {
  assert.deepEqual(aliases('select c.| from public.customers c join orders as o on o.customer_id = c.id'), [
    'customers c',
    'orders o',
  ])
  assert.deepEqual(scope('select c.| from customers c').wanted, { kind: 'member', path: ['c'] })
  assert.deepEqual(scope('select c.na| from customers c').wanted, { kind: 'member', path: ['c'] })
  assert.deepEqual(aliases('select | from a, b x, `c d` where 1', 'mysql'), ['a', 'b x', 'c d'])
  assert.deepEqual(aliases('update customers set |'), ['customers'])
  assert.deepEqual(aliases('select * from a left join b on |'), ['a', 'b'])
  assert.deepEqual(scope('select "My T".| from "My T"').wanted, { kind: 'member', path: ['My T'] })
})

test('sub-selects see what is around them, unions do not see each other', () => {
  assert.deepEqual(aliases('select * from a where exists (select 1 from b where b.x = |)'), ['b', 'a'])
  assert.deepEqual(aliases('select * from a where exists (select 1 from b) and |'), ['a'])
  assert.deepEqual(aliases('select x from a union select | from b'), ['b'])
  const [derived] = scope('select s.| from (select id, count(*) as n from t group by id) s').tables
  assert.deepEqual(derived?.columns, ['id', 'n'])
})

test('common table expressions have names and columns', () => {
  const { ctes, wanted } = scope(
    'with big as (select id, total from orders), two(a, b) as (select 1, 2) select * from |',
  )
  assert.deepEqual(ctes, [
    { name: 'big', columns: ['id', 'total'] },
    { name: 'two', columns: ['a', 'b'] },
  ])
  assert.deepEqual(wanted, { kind: 'table' })
})

test('what a place wants', () => {
  const kind = (marked: string) => scope(marked).wanted.kind
  assert.equal(kind('select * from |'), 'table')
  assert.equal(kind('select * from a, |'), 'table')
  assert.equal(kind('select a, |'), 'expression')
  assert.equal(kind("select 'it |"), 'nothing')
  assert.equal(kind('select 1 -- |'), 'nothing')
  assert.equal(kind('select 1 as |'), 'nothing')
  assert.equal(kind('insert into |'), 'table')
})

test('layout changes nothing but white space', () => {
  const text = `select a,b -- keep me\nfrom t where x=:p and y = 'It''s' /* and me */ and z::int > $1;select 2`
  const laid = formatSql(text, 'postgres', format)
  assert.ok(laid !== undefined && laid !== text)
  assert.ok(laid.includes('-- keep me\n') && laid.includes('/* and me */'))
  assert.equal(isSameSubstance(text, laid, 'postgres'), true)
  assert.equal(isSameSubstance('select a', 'select b', 'postgres'), false)
  assert.equal(isSameSubstance('select 1 -- a\n, 2', 'select 1 -- a, 2', 'postgres'), false)
  assert.equal(
    formatSql('select a', 'postgres', () => 'select  A'),
    undefined,
  )
  assert.ok(formatSql('select `a`, ? from t # x\nwhere b = "c"', 'mysql', format)?.includes('# x\n'))
})
