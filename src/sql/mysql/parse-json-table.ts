// JSON_TABLE.

import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  type Cursor,
  deeper,
  endOf,
  expect,
  expectWords,
  list,
  name,
  startOf,
  unknown,
} from './parse-cursor.ts'
import { expression, expressionOf, SIMPLE } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { tableAlias } from './parse-table.ts'
import { dataType } from './parse-type.ts'
import type { Expression, JsonTable, Name } from './syntax.ts'

export function jsonTable(c: Cursor): JsonTable {
  const start = startOf(c)
  c.i += 1
  expect(c, '(')
  const document = expression(c)
  expect(c, ',')
  const expressions: Expression[] = [literal(c)]
  const columns: Name[] = []
  columnList(c, expressions, columns)
  expect(c, ')')
  const alias = tableAlias(c)
  return { kind: 'json-table', document, expressions, columns, alias, start, end: endOf(c) }
}

function columnList(c: Cursor, expressions: Expression[], columns: Name[]): void {
  expectWords(c, 'COLUMNS', '(')
  list(c, one => deeper(one, inner => jsonColumn(inner, expressions, columns)))
  expect(c, ')')
}

function jsonColumn(c: Cursor, expressions: Expression[], columns: Name[]): void {
  if (accept(c, 'NESTED')) {
    accept(c, 'PATH')
    expressions.push(literal(c))
    columnList(c, expressions, columns)
    return
  }
  columns.push(name(c))
  if (acceptWords(c, 'FOR', 'ORDINALITY')) return
  dataType(c)
  accept(c, 'EXISTS')
  expect(c, 'PATH')
  expressions.push(literal(c))
  while (at(c, 'NULL') || at(c, 'ERROR') || at(c, 'DEFAULT')) {
    const reaction = acceptOneOf(c, 'NULL', 'ERROR', 'DEFAULT')
    if (reaction === 'DEFAULT') expressions.push(expressionOf(c, SIMPLE))
    expect(c, 'ON')
    if (acceptOneOf(c, 'EMPTY', 'ERROR') === undefined) throw unknown(c, 'EMPTY or ERROR')
  }
}
