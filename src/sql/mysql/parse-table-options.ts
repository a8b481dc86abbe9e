// Options and partitions of tables, options of schemas.

import { END, NUMBER, QUOTED, STRING, WORD, IDENT } from './lexer.ts'
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
  kindAt,
  list,
  name,
  nameOrString,
  startOf,
  tableName,
  takeName,
  unknown,
  wordAt,
} from './parse-cursor.ts'
import { characterSetName, collationName, expression } from './parse-expression.ts'
import { isLiteral, literal } from './parse-literal.ts'
import { intervalUnit } from './parse-operand.ts'
import type { Expression, Name, Option, Partitioning, TableName } from './syntax.ts'

/** Options that need no `=`. */
const known: ReadonlySet<string> = new Set(
  `ENGINE TYPE AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM TABLE_CHECKSUM COMMENT COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTION
   INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PAGE_CHECKSUM PASSWORD ROW_FORMAT STATS_AUTO_RECALC STATS_PERSISTENT
   STATS_SAMPLE_PAGES TABLESPACE TRANSACTIONAL SECONDARY_ENGINE ENGINE_ATTRIBUTE SECONDARY_ENGINE_ATTRIBUTE AUTOEXTEND_SIZE
   START SEQUENCE NODEGROUP`.split(/\s+/),
)

export function tableOptions(c: Cursor): Option[] {
  const options: Option[] = []
  for (;;) {
    const before = c.i
    const own = tableOption(c)
    if (own === undefined) {
      c.i = before
      return options
    }
    options.push(own)
    accept(c, ',')
  }
}

function option(
  c: Cursor,
  start: number,
  own: string,
  value: string,
  tables: readonly TableName[] = [],
): Option {
  return { kind: 'option', name: own, value, tables, expressions: [], start, end: endOf(c) }
}

/** One option; undefined if none stands here. */
export function tableOption(c: Cursor): Option | undefined {
  const start = startOf(c)
  const charset = schemaOption(c)
  if (charset !== undefined) return charset
  if (acceptWords(c, 'STORAGE', 'DISK') || acceptWords(c, 'STORAGE', 'MEMORY'))
    return option(c, start, 'STORAGE', '')
  if (acceptWords(c, 'WITH', 'SYSTEM', 'VERSIONING')) return option(c, start, 'WITH SYSTEM VERSIONING', '')
  if ((at(c, 'DATA') || at(c, 'INDEX')) && atNext(c, 'DIRECTORY')) {
    const own = `${wordAt(c)} DIRECTORY`
    c.i += 2
    accept(c, '=')
    return option(c, start, own, nameOrString(c).text)
  }
  if (at(c, 'UNION') && (atNext(c, '=') || (atNext(c, '(') && !isQueryBracket(c)))) {
    c.i += 1
    accept(c, '=')
    expect(c, '(')
    const tables = at(c, ')') ? [] : list(c, tableName)
    expect(c, ')')
    return option(c, start, 'UNION', '', tables)
  }
  const word = wordAt(c)
  const byName = (isName(c) || known.has(word)) && (atNext(c, '=') || (known.has(word) && word !== 'START'))
  if (!byName || kindAt(c) === STRING) return undefined
  const own = takeName(c).text.toUpperCase()
  accept(c, '=')
  const value = optionValue(c)
  if (own === 'TABLESPACE' && accept(c, 'STORAGE')) expectOneOf(c, 'DISK', 'MEMORY')
  return option(c, start, own, value)
}

function isQueryBracket(c: Cursor): boolean {
  const word = wordAt(c, 2)
  return word === 'SELECT' || word === '('
}

/** `DEFAULT CHARACTER SET = x`, `COLLATE x`; for schemas also ENCRYPTION and READ ONLY. */
export function schemaOption(c: Cursor): Option | undefined {
  const start = startOf(c)
  const skip = at(c, 'DEFAULT') ? 1 : 0
  const word = wordAt(c, skip)
  if (word === 'CHARSET' || ((word === 'CHARACTER' || word === 'CHAR') && wordAt(c, skip + 1) === 'SET')) {
    c.i += skip + (word === 'CHARSET' ? 1 : 2)
    accept(c, '=')
    const value = accept(c, 'DEFAULT') ? 'default' : characterSetName(c)
    return option(c, start, 'CHARACTER SET', value)
  }
  if (word === 'COLLATE') {
    c.i += skip + 1
    accept(c, '=')
    return option(c, start, 'COLLATE', collationName(c))
  }
  return undefined
}

function optionValue(c: Cursor): string {
  if (isLiteral(c)) return literal(c).value
  const kind = kindAt(c)
  if (kind === QUOTED || kind === IDENT) return takeName(c).text
  if (kind === WORD) return takeName(c).text
  if (at(c, '-') && kindAt(c, 1) === NUMBER) {
    c.i += 1
    return `-${literal(c).value}`
  }
  throw unknown(c, 'a value')
}

// ── partitions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Parts {
  readonly columns: Name[]
  readonly expressions: Expression[]
  readonly options: Option[]
}

export function partitioning(c: Cursor): Partitioning {
  const start = startOf(c)
  expectWords(c, 'PARTITION', 'BY')
  const own: Parts = { columns: [], expressions: [], options: [] }
  method(c, own)
  if (accept(c, 'PARTITIONS')) literal(c)
  if (acceptWords(c, 'SUBPARTITION', 'BY')) {
    method(c, own)
    if (accept(c, 'SUBPARTITIONS')) literal(c)
  }
  if (at(c, '(')) partitionDefinitions(c, own)
  return { kind: 'partitioning', ...own, start, end: endOf(c) }
}

function method(c: Cursor, own: Parts): void {
  accept(c, 'LINEAR')
  switch (expectOneOf(c, 'HASH', 'KEY', 'RANGE', 'LIST', 'SYSTEM_TIME')) {
    case 'HASH':
      expect(c, '(')
      own.expressions.push(expression(c))
      expect(c, ')')
      return
    case 'KEY':
      if (accept(c, 'ALGORITHM')) {
        expect(c, '=')
        literal(c)
      }
      expect(c, '(')
      if (!at(c, ')')) own.columns.push(...list(c, name))
      expect(c, ')')
      return
    case 'SYSTEM_TIME':
      systemTimeRotation(c, own)
      return
    default:
      if (accept(c, 'COLUMNS')) own.columns.push(...bracketedList(c, name))
      else {
        expect(c, '(')
        own.expressions.push(expression(c))
        expect(c, ')')
      }
  }
}

function systemTimeRotation(c: Cursor, own: Parts): void {
  if (accept(c, 'INTERVAL')) {
    own.expressions.push(expression(c))
    intervalUnit(c)
    if (accept(c, 'STARTS')) own.expressions.push(expression(c))
  } else if (accept(c, 'LIMIT')) literal(c)
  accept(c, 'AUTO')
}

/** `(PARTITION p …, …)`. */
export function partitionDefinitions(c: Cursor, own: Parts): void {
  expect(c, '(')
  list(c, one => {
    // MariaDB lets the word be left out.
    if (!accept(one, 'PARTITION') && !one.mariadb) throw unknown(one, 'PARTITION')
    name(one)
    partitionValues(one, own)
    partitionOptions(one, own)
    if (accept(one, '(')) {
      list(one, sub => {
        expect(sub, 'SUBPARTITION')
        nameOrString(sub)
        partitionOptions(sub, own)
      })
      expect(one, ')')
    }
  })
  expect(c, ')')
}

function partitionValues(c: Cursor, own: Parts): void {
  if (acceptOneOf(c, 'HISTORY', 'CURRENT', 'DEFAULT') !== undefined) return
  if (!accept(c, 'VALUES')) return
  if (acceptWords(c, 'LESS', 'THAN')) {
    if (accept(c, 'MAXVALUE')) return
  } else expect(c, 'IN')
  expect(c, '(')
  list(c, one => partitionValue(one, own))
  expect(c, ')')
}

function partitionValue(c: Cursor, own: Parts): void {
  if (accept(c, 'MAXVALUE') || accept(c, 'DEFAULT')) return
  if (at(c, '(')) {
    // `IN ((1, MAXVALUE), …)`.
    c.i += 1
    list(c, one => partitionValue(one, own))
    expect(c, ')')
    return
  }
  own.expressions.push(expression(c))
}

function partitionOptions(c: Cursor, own: Parts): void {
  for (;;) {
    accept(c, 'STORAGE')
    const before = c.i
    const one = tableOption(c)
    if (one === undefined) {
      c.i = before
      return
    }
    own.options.push(one)
  }
}

/** Behind everything that matters: the rest of an administrator's statement. */
export function skipRest(c: Cursor): void {
  while (kindAt(c) !== END && !at(c, ';')) {
    // Nothing that reads may hide here.
    if (at(c, 'SELECT')) throw unknown(c)
    c.i += 1
  }
}
