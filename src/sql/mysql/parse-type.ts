// Data types: of columns, casts, parameters and variables.

import { NUMBER, STRING } from './lexer.ts'
import {
  accept,
  acceptOneOf,
  acceptWords,
  at,
  bracketedList,
  type Cursor,
  endOf,
  kindAt,
  nameBehindDot,
  name,
  startOf,
  stringTail,
  takeLiteral,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, collationName } from './parse-expression.ts'
import { literal } from './parse-literal.ts'
import type { DataType, Literal, Name } from './syntax.ts'

const oneWord: ReadonlySet<string> = new Set(
  `TINYINT SMALLINT MEDIUMINT INT INTEGER BIGINT INT1 INT2 INT3 INT4 INT8 MIDDLEINT DECIMAL DEC NUMERIC FIXED FLOAT FLOAT4
   FLOAT8 REAL DOUBLE BIT BOOL BOOLEAN DATE TIME DATETIME TIMESTAMP YEAR CHAR CHARACTER VARCHAR VARCHARACTER NCHAR NVARCHAR
   NATIONAL BINARY VARBINARY TINYBLOB BLOB MEDIUMBLOB LONGBLOB TINYTEXT TEXT MEDIUMTEXT LONGTEXT LONG ENUM SET JSON SERIAL
   GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION GEOMCOLLECTION SIGNED UNSIGNED
   INET4 INET6 UUID VECTOR NUMBER VARCHAR2 CLOB RAW XMLTYPE SQL_TSI_YEAR`.split(/\s+/),
)

const attributes: ReadonlySet<string> = new Set(['UNSIGNED', 'SIGNED', 'ZEROFILL', 'UNICODE', 'BYTE'])

export function dataType(c: Cursor): DataType {
  const start = startOf(c)
  if (acceptWords(c, 'TYPE', 'OF')) return typeOf(c, start, 'TYPE OF')
  if (acceptWords(c, 'ROW', 'TYPE', 'OF')) return typeOf(c, start, 'ROW TYPE OF')
  const first = wordAt(c)
  if (!oneWord.has(first)) throw unknown(c, 'a data type')
  c.i += 1
  const own = first + moreOfName(c, first)
  const words: string[] = []
  let lengths: string[] = []
  let values: Literal[] = []
  if (own === 'ENUM' || own === 'SET') values = bracketedList(c, literal)
  else if (at(c, '(')) lengths = typeLengths(c)
  let characterSet: string | undefined
  let collation: string | undefined
  for (;;) {
    const word = wordAt(c)
    if (attributes.has(word) || (word === 'ASCII' && !at(c, '('))) {
      c.i += 1
      words.push(word)
    } else if (word === 'BINARY') {
      c.i += 1
      words.push('BINARY')
    } else if (
      acceptWords(c, 'CHARACTER', 'SET') ||
      acceptWords(c, 'CHARSET') ||
      acceptWords(c, 'CHAR', 'SET')
    ) {
      characterSet = characterSetName(c)
    } else if (word === 'COLLATE') {
      c.i += 1
      collation = collationName(c)
    } else break
  }
  return {
    kind: 'type',
    name: own,
    words,
    lengths,
    values,
    characterSet,
    collation,
    like: [],
    start,
    end: endOf(c),
  }
}

/** `DOUBLE PRECISION`, `CHAR VARYING`, `NATIONAL VARCHAR`, `LONG VARBINARY`, `SIGNED INTEGER`. */
function moreOfName(c: Cursor, first: string): string {
  switch (first) {
    case 'DOUBLE':
      return accept(c, 'PRECISION') ? ' PRECISION' : ''
    case 'CHAR':
    case 'CHARACTER':
    case 'NCHAR':
      if (accept(c, 'VARYING')) return ' VARYING'
      if (first === 'NCHAR' && acceptOneOf(c, 'VARCHAR', 'VARCHARACTER') !== undefined) return ' VARCHAR'
      return ''
    case 'NATIONAL': {
      const word = acceptOneOf(c, 'CHAR', 'CHARACTER', 'VARCHAR', 'VARCHARACTER')
      if (word === undefined) throw unknown(c, 'CHAR or VARCHAR')
      return ` ${word}${accept(c, 'VARYING') ? ' VARYING' : ''}`
    }
    case 'LONG': {
      if (acceptWords(c, 'CHAR', 'VARYING') || acceptWords(c, 'CHARACTER', 'VARYING')) return ' VARCHAR'
      const word = acceptOneOf(c, 'VARBINARY', 'VARCHAR', 'VARCHARACTER', 'BYTE')
      return word === undefined ? '' : ` ${word}`
    }
    case 'SIGNED':
    case 'UNSIGNED': {
      const word = acceptOneOf(c, 'INTEGER', 'INT')
      return word === undefined ? '' : ' INTEGER'
    }
    default:
      return ''
  }
}

/** `(10)`, `(10, 2)`. */
function typeLengths(c: Cursor): string[] {
  return bracketedList(c, one => {
    if (kindAt(one) !== NUMBER) throw unknown(one, 'a length')
    return takeLiteral(one, 'number').value
  })
}

function typeOf(c: Cursor, start: number, own: string): DataType {
  const like: Name[] = [name(c)]
  while (accept(c, '.')) like.push(nameBehindDot(c))
  return {
    kind: 'type',
    name: own,
    words: [],
    lengths: [],
    values: [],
    characterSet: undefined,
    collation: undefined,
    like,
    start,
    end: endOf(c),
  }
}

export function stringOrNothing(c: Cursor): Literal | undefined {
  return kindAt(c) === STRING ? stringTail(c, startOf(c), undefined) : undefined
}
