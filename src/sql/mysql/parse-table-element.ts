// Keys and constraints of tables.

import { inBrackets, namedValue, reference } from './parse-column-definition.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  atNext,
  bracketedList,
  type Cursor,
  endOf,
  expect,
  expectOneOf,
  expectWords,
  isName,
  list,
  name,
  startOf,
  string,
  wordAt,
} from './parse-cursor.ts'
import { literal } from './parse-literal.ts'
import type { Expression, Name, Reference, TableElement } from './syntax.ts'

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
