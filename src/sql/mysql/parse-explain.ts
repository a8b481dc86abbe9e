// DESCRIBE, EXPLAIN, ANALYZE: how a statement would run, or has run.

import { IDENT, QUOTED, WORD } from './lexer.ts'
import {
  accept,
  acceptWords,
  at,
  atEnd,
  atNext,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  isName,
  kindAt,
  name,
  nameOrString,
  startOf,
  tableName,
  unknown,
  userVariable,
  wordAt,
} from './parse-cursor.ts'
import { expression } from './parse-expression.ts'
import { takeWord } from './parse-query-tail.ts'
import { statement } from './parse-statement.ts'
import type { Describe, Explain, Name } from './syntax.ts'

/** `SHOW EXPLAIN FOR n`. */
export function showExplain(c: Cursor, start: number): Explain {
  const analyze = expectOneOf(c, 'EXPLAIN', 'ANALYZE') === 'ANALYZE'
  const options = explainFormat(c)
  expect(c, 'FOR')
  const connection = expression(c)
  return {
    kind: 'explain',
    analyze,
    options,
    statement: undefined,
    connection,
    into: undefined,
    start,
    end: endOf(c),
  }
}

function explainFormat(c: Cursor): string[] {
  if (!at(c, 'FORMAT') || !atNext(c, '=')) return []
  c.i += 2
  return [`FORMAT=${nameOrString(c).text.toUpperCase()}`]
}

const explained: ReadonlySet<string> = new Set(
  'SELECT INSERT REPLACE UPDATE DELETE WITH VALUES TABLE ('.split(' '),
)

/** `EXPLAIN SELECT …`, `DESCRIBE t c`, `ANALYZE SELECT …`. */
export function explain(c: Cursor): Describe | Explain {
  const start = startOf(c)
  const verb = takeWord(c)
  const options: string[] = []
  let analyze = verb === 'ANALYZE'
  if (!c.mariadb && verb !== 'ANALYZE' && accept(c, 'ANALYZE')) analyze = true
  for (;;) {
    const format = explainFormat(c)
    if (format.length > 0) options.push(...format)
    else if (
      (at(c, 'EXTENDED') || at(c, 'PARTITIONS')) &&
      (explained.has(wordAt(c, 1)) || atNext(c, 'FORMAT'))
    ) {
      options.push(takeWord(c))
    } else break
  }
  const into = !c.mariadb && accept(c, 'INTO') ? userVariable(c) : undefined
  if (acceptWords(c, 'FOR', 'CONNECTION')) {
    const connection = expression(c)
    return { kind: 'explain', analyze, options, statement: undefined, connection, into, start, end: endOf(c) }
  }
  if (verb !== 'ANALYZE' && options.length === 0 && !analyze && isTableNext(c)) return describe(c, start)
  if (accept(c, 'FOR')) {
    expectOneOf(c, 'SCHEMA', 'DATABASE')
    name(c)
  }
  if (!explained.has(wordAt(c))) throw unknown(c, 'SELECT, INSERT, UPDATE or DELETE')
  const inner = statement(c)
  return {
    kind: 'explain',
    analyze,
    options,
    statement: inner,
    connection: undefined,
    into,
    start,
    end: endOf(c),
  }
}

function isTableNext(c: Cursor): boolean {
  const kind = kindAt(c)
  if (kind === QUOTED || kind === IDENT || at(c, '.')) return true
  return kind === WORD && isName(c)
}

function describe(c: Cursor, start: number): Describe {
  const table = tableName(c)
  let column: Name | undefined
  if (!atEnd(c)) column = nameOrString(c)
  return { kind: 'describe', table, column, start, end: endOf(c) }
}
