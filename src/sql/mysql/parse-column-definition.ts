// Columns, keys and constraints of CREATE TABLE and ALTER TABLE.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptWords,
  at,
  atNext,
  atWords,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  expectWords,
  isName,
  kindAt,
  name,
  nameOrString,
  startOf,
  string,
  tableName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, collationName, expression, expressionOf } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import { dataType } from './parse-type.ts'
import type { ColumnDefinition, Expression, Name, Reference } from './syntax.ts'

/** Stronger than every operator: one operand alone. */
export const OPERAND = 16

export function columnDefinition(c: Cursor): ColumnDefinition {
  const start = startOf(c)
  const own = name(c)
  while (accept(c, '.')) name(c)
  return columnTail(c, own, start)
}

interface Attributes {
  readonly words: string[]
  readonly expressions: Expression[]
  generated: Expression | undefined
  references: Reference | undefined
}

/** Type and attributes behind the name. */
export function columnTail(c: Cursor, own: Name, start: number): ColumnDefinition {
  // MariaDB's versioned tables have columns without a type: `c GENERATED …`.
  const type = at(c, 'GENERATED') || at(c, 'AS') ? undefined : dataType(c)
  const attributes: Attributes = { words: [], expressions: [], generated: undefined, references: undefined }
  while (attribute(c, attributes));
  return { kind: 'column-definition', name: own, type, ...attributes, start, end: endOf(c) }
}

const attributePhrases: readonly (readonly string[])[] = [
  ['NOT', 'NULL'],
  ['NULL'],
  ['AUTO_INCREMENT'],
  ['SERIAL', 'DEFAULT', 'VALUE'],
  ['PRIMARY', 'KEY'],
  ['PRIMARY'],
  ['UNIQUE', 'KEY'],
  ['UNIQUE'],
  ['KEY'],
  ['INVISIBLE'],
  ['VISIBLE'],
  ['WITH', 'SYSTEM', 'VERSIONING'],
  ['WITHOUT', 'SYSTEM', 'VERSIONING'],
  ['BINARY'],
  ['VIRTUAL'],
  ['STORED'],
  ['PERSISTENT'],
  ['NOT', 'ENFORCED'],
  ['ENFORCED'],
  ['GENERATED', 'ALWAYS', 'AS', 'ROW', 'START'],
  ['GENERATED', 'ALWAYS', 'AS', 'ROW', 'END'],
  ['AS', 'ROW', 'START'],
  ['AS', 'ROW', 'END'],
  ['NOT', 'SECONDARY'],
]

function attribute(c: Cursor, own: Attributes): boolean {
  for (const phrase of attributePhrases) {
    if (!atWords(c, ...phrase)) continue
    c.i += phrase.length
    own.words.push(phrase.join(' '))
    return true
  }
  if (acceptWords(c, 'GENERATED', 'ALWAYS', 'AS') || accept(c, 'AS')) {
    own.generated = inBrackets(c)
    return true
  }
  switch (wordAt(c)) {
    case 'DEFAULT':
      c.i += 1
      own.expressions.push(expressionOf(c, OPERAND))
      return true
    case 'ON':
      expectWords(c, 'ON', 'UPDATE')
      own.expressions.push(expressionOf(c, OPERAND))
      return true
    case 'CONSTRAINT':
      c.i += 1
      if (!at(c, 'CHECK') && !at(c, 'REFERENCES')) name(c)
      if (!at(c, 'CHECK') && !at(c, 'REFERENCES')) throw unknown(c, 'CHECK')
      return true
    case 'CHECK':
      c.i += 1
      own.expressions.push(inBrackets(c))
      return true
    case 'REFERENCES':
      own.references = reference(c)
      return true
    default:
      return lesserAttribute(c)
  }
}

function lesserAttribute(c: Cursor): boolean {
  switch (wordAt(c)) {
    case 'COMMENT':
      c.i += 1
      string(c)
      return true
    case 'COLLATE':
      c.i += 1
      collationName(c)
      return true
    case 'CHARACTER':
      expectWords(c, 'CHARACTER', 'SET')
      characterSetName(c)
      return true
    case 'COLUMN_FORMAT':
    case 'STORAGE':
      c.i += 1
      if (!accept(c, 'DEFAULT')) name(c)
      return true
    case 'SRID':
      c.i += 1
      literal(c)
      return true
    case 'COMPRESSED':
      c.i += 1
      if (accept(c, '=')) nameOrString(c)
      return true
    default:
      return namedValue(c)
  }
}

/** `NAME = value` of an engine; also `ENGINE_ATTRIBUTE 'x'`. */
export function namedValue(c: Cursor): boolean {
  if (wordAt(c) === 'ENGINE_ATTRIBUTE' || wordAt(c) === 'SECONDARY_ENGINE_ATTRIBUTE') {
    c.i += 1
    accept(c, '=')
    string(c)
    return true
  }
  if (!(isName(c) || at(c, 'REF_SYSTEM_ID')) || !atNext(c, '=')) return false
  c.i += 2
  if (accept(c, 'DEFAULT')) return true
  if (kindAt(c) === STRING || !isName(c)) literal(c)
  else name(c)
  return true
}

export function inBrackets(c: Cursor): Expression {
  expect(c, '(')
  const value = expression(c)
  expect(c, ')')
  return value
}

export function reference(c: Cursor): Reference {
  const start = startOf(c)
  expect(c, 'REFERENCES')
  const table = tableName(c)
  const columns = at(c, '(') ? bracketedList(c, name) : []
  if (accept(c, 'MATCH')) expectOneOf(c, 'FULL', 'PARTIAL', 'SIMPLE')
  while (accept(c, 'ON')) {
    expectOneOf(c, 'DELETE', 'UPDATE')
    if (
      !acceptWords(c, 'SET', 'NULL') &&
      !acceptWords(c, 'SET', 'DEFAULT') &&
      !acceptWords(c, 'NO', 'ACTION')
    ) {
      expectOneOf(c, 'RESTRICT', 'CASCADE')
    }
  }
  return { kind: 'reference', table, columns, start, end: endOf(c) }
}
