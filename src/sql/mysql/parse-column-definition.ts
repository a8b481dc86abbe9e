// Columns, keys and constraints of CREATE TABLE and ALTER TABLE.

import { STRING } from './lexer.ts'
import {
  accept,
  acceptOneOf,
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
  list,
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
import type { ColumnDefinition, Expression, Name, Reference, TableElement } from './syntax.ts'

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

function inBrackets(c: Cursor): Expression {
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

// ── keys and constraints ───────────────────────────────────────────────────────────────────────────────────────────────

const elementWords: ReadonlySet<string> = new Set(
  'CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK INDEX KEY FULLTEXT SPATIAL'.split(' '),
)

/** Whether a key or constraint stands here, not a column. */
export function isTableElement(c: Cursor): boolean {
  if (elementWords.has(wordAt(c))) return true
  if (at(c, 'VECTOR')) return atNext(c, 'INDEX') || atNext(c, 'KEY')
  return at(c, 'PERIOD') && atNext(c, 'FOR')
}

export function tableElement(c: Cursor): TableElement {
  const start = startOf(c)
  let own: Name | undefined
  if (accept(c, 'CONSTRAINT')) {
    acceptWords(c, 'IF', 'NOT', 'EXISTS')
    if (isName(c)) own = name(c)
  }
  const type = elementType(c)
  if (type === 'CHECK') {
    const condition = inBrackets(c)
    if (acceptWords(c, 'NOT', 'ENFORCED') || accept(c, 'ENFORCED')) own ??= undefined
    return element(type, own, [], [condition], undefined, start, endOf(c))
  }
  if (type === 'PERIOD') return period(c, start)
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  if (isName(c) && !at(c, 'USING') && !at(c, 'TYPE')) own = name(c)
  else if (at(c, 'TYPE') && !atNext(c, 'BTREE') && !atNext(c, 'HASH')) own = name(c)
  if (type === 'FOREIGN KEY') {
    const columns = bracketedList(c, name)
    const references = reference(c)
    return element(type, own, columns, [], references, start, endOf(c))
  }
  return keyTail(c, type, own, start)
}

function element(
  type: TableElement['type'],
  own: Name | undefined,
  columns: readonly Name[],
  expressions: readonly Expression[],
  references: Reference | undefined,
  start: number,
  end: number,
): TableElement {
  return { kind: 'table-element', type, name: own, columns, expressions, references, start, end }
}

function elementType(c: Cursor): TableElement['type'] {
  if (acceptWords(c, 'PRIMARY', 'KEY')) return 'PRIMARY KEY'
  if (acceptWords(c, 'FOREIGN', 'KEY')) return 'FOREIGN KEY'
  if (acceptWords(c, 'PERIOD', 'FOR')) return 'PERIOD'
  const word = expectOneOf(c, 'UNIQUE', 'CHECK', 'INDEX', 'KEY', 'FULLTEXT', 'SPATIAL', 'VECTOR')
  if (word === 'CHECK') return word
  if (word === 'INDEX' || word === 'KEY') return 'INDEX'
  acceptOneOf(c, 'INDEX', 'KEY')
  return word
}

function period(c: Cursor, start: number): TableElement {
  acceptWords(c, 'IF', 'NOT', 'EXISTS')
  const own = name(c)
  const columns = bracketedList(c, name)
  return element('PERIOD', own, columns, [], undefined, start, endOf(c))
}

/** Parts and options of a key. */
export function keyTail(
  c: Cursor,
  type: TableElement['type'],
  own: Name | undefined,
  start: number,
): TableElement {
  keyAlgorithm(c)
  const columns: Name[] = []
  const expressions: Expression[] = []
  expect(c, '(')
  list(c, one => keyPart(one, columns, expressions))
  expect(c, ')')
  while (keyOption(c));
  return element(type, own, columns, expressions, undefined, start, endOf(c))
}

function keyAlgorithm(c: Cursor): boolean {
  if (acceptOneOf(c, 'USING', 'TYPE') === undefined) return false
  expectOneOf(c, 'BTREE', 'RTREE', 'HASH')
  return true
}

function keyPart(c: Cursor, columns: Name[], expressions: Expression[]): void {
  if (at(c, '(')) expressions.push(inBrackets(c))
  else {
    columns.push(name(c))
    if (accept(c, '(')) {
      literal(c)
      expect(c, ')')
    }
    acceptWords(c, 'WITHOUT', 'OVERLAPS')
  }
  acceptOneOf(c, 'ASC', 'DESC')
}

export function keyOption(c: Cursor): boolean {
  if (keyAlgorithm(c)) return true
  switch (wordAt(c)) {
    case 'KEY_BLOCK_SIZE':
      c.i += 1
      accept(c, '=')
      literal(c)
      return true
    case 'COMMENT':
      c.i += 1
      string(c)
      return true
    case 'WITH':
      expectWords(c, 'WITH', 'PARSER')
      name(c)
      return true
    case 'VISIBLE':
    case 'INVISIBLE':
    case 'IGNORED':
      c.i += 1
      return true
    case 'NOT':
      expectWords(c, 'NOT', 'IGNORED')
      return true
    default:
      return namedValue(c)
  }
}
