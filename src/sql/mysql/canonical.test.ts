// Tests of comments that run: the truth table measured on both servers, and what is refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalise } from './canonical.ts'
import { type ParseContext, sqlModeUsual } from './syntax.ts'

const mariadb: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}
const mysql9: ParseContext = { ...mariadb, product: 'mysql', version: 90704 }
const mysql56: ParseContext = { ...mysql9, version: 50624 }

const squeeze = (text: string): string => text.replace(/ +/g, ' ').trim()

/** What is left for MariaDB 10.11.19, MySQL 9.7.4 and MySQL 5.6.24. */
const table: readonly (readonly [string, string, string, string])[] = [
  ['1 /*! x */', '1 x', '1 x', '1 x'],
  ['1 /*!40101 x */', '1 x', '1 x', '1 x'],
  ['1 /*!50624 x */', '1 x', '1 x', '1 x'],
  ['1 /*!50625 x */', '1 x', '1 x', '1'],
  ['1 /*!50699 x */', '1 x', '1 x', '1'],
  ['1 /*!50700 x */', '1', '1 x', '1'],
  ['1 /*!80000 x */', '1', '1 x', '1'],
  ['1 /*!90704 x */', '1', '1 x', '1'],
  ['1 /*!90705 x */', '1', '1', '1'],
  ['1 /*!99999 x */', '1', '1', '1'],
  ['1 /*!100100 x */', '1 x', '1', '1 0 x'],
  ['1 /*!101119 x */', '1 x', '1', '1 9 x'],
  ['1 /*!101120 x */', '1', '1', '1 0 x'],
  ['1 /*!090704 x */', '1', '1 x', '1 4 x'],
  ['1 /*!401011,*/ 2', '1 2', '1 1, 2', '1 1, 2'],
  ['1 /*!4010 x */', '1 4010 x', '1 4010 x', '1 4010 x'],
  ['1 /*M! x */', '1 x', '1 /*M! x */', '1 /*M! x */'],
  ['1 /*M!100100 x */', '1 x', '1 /*M!100100 x */', '1 /*M!100100 x */'],
  ['1 /*M!50701 x */', '1 x', '1 /*M!50701 x */', '1 /*M!50701 x */'],
  ['1 /* a /* b */', '1 /* a /* b */', '1 /* a /* b */', '1 /* a /* b */'],
  ['1 /*! + 1 /* c */ + 2 */ + 3', '1 + 1 /* c */ + 2 + 3', '1 + 1 /* c */ + 2 + 3', '1 + 1 /* c */ + 2 + 3'],
  ['1 /*!99999 /* c */ + 1 */ + 3', '1 + 3', '1 + 3', '1 + 3'],
  ["1 /*! , '*/' */", "1 , '*/'", "1 , '*/'", "1 , '*/'"],
  ["'/*! x */'", "'/*! x */'", "'/*! x */'", "'/*! x */'"],
  ['`/*! x */`', '`/*! x */`', '`/*! x */`', '`/*! x */`'],
  ['-- /*! x\n1', '-- /*! x\n1', '-- /*! x\n1', '-- /*! x\n1'],
  ['# /*! x\n1', '# /*! x\n1', '# /*! x\n1', '# /*! x\n1'],
  ['/* /*! x */ 1', '/* /*! x */ 1', '/* /*! x */ 1', '/* /*! x */ 1'],
]

for (const [text, ...expected] of table) {
  for (const [i, context] of [mariadb, mysql9, mysql56].entries()) {
    test(`${text} for ${context.product} ${context.version}`, () => {
      const { text: found, problem } = canonicalise(text, context)
      assert.equal(problem, undefined)
      assert.equal(found.length, text.length)
      assert.equal(squeeze(found), expected[i])
    })
  }
}

test('a text without such comments is the very same', () => {
  const text = 'select 1 /* plain */ -- more'
  assert.equal(canonicalise(text, mariadb).text, text)
})

for (const [text, position] of [
  ['select 1 /*! + 1', 9],
  ['select 1 /*!99999 + 1', 9],
  ['select 1 /*!99999 /* + 1 */', 9],
  ['select 1 /*! + /*! 1 */ + 1 */', 15],
  ["select 1 /*! ' */", 13],
  ['select 1 /*! /* ', 13],
] as const) {
  test(`refused: ${text}`, () => assert.equal(canonicalise(text, mariadb).problem?.position, position))
}

test('six digits are refused where MySQL servers may differ', () => {
  assert.ok(canonicalise('1 /*!100100 x */', { ...mysql9, version: 80036 }).problem)
})

test('hints of the optimizer that change how a query is read are let through, others not', () => {
  const hint = (text: string, context = mysql9) => canonicalise(`select /*+ ${text} */ 1`, context).problem
  assert.equal(hint('NO_ICP(t1) BKA(@qb t1, t2)'), undefined)
  assert.equal(hint('max_execution_time(1000)'), undefined)
  assert.ok(hint("SET_VAR(sql_mode='')"))
  assert.ok(hint('set_var(sort_buffer_size = 1)'))
  assert.ok(hint('RESOURCE_GROUP(x)'))
  assert.ok(hint('UNKNOWN(x)'))
  assert.ok(hint('QB_NAME(`a*/`)'))
  assert.equal(hint("SET_VAR(sql_mode='')", mariadb), undefined)
  assert.equal(hint("SET_VAR(sql_mode='')", mysql56), undefined)
})

test('quotes follow the mode', () => {
  const context = { ...mariadb, sqlMode: { ...sqlModeUsual, noBackslashEscapes: true } }
  assert.equal(squeeze(canonicalise("'a\\' /*! x */", context).text), "'a\\' x")
  assert.ok(canonicalise("'a\\' /*! x */", mariadb).problem)
})
