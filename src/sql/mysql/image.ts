// What to ask for to keep the rows that an UPDATE or DELETE of one table changes: its own condition, in a SELECT that locks them.

import { changedTable } from '../changed-table.ts'
import type { ImagePlan, ImageWish, KeyQuestion } from '../dialect.ts'
import { keyFor } from '../image-key.ts'
import type { ColumnShape, Relation } from '../schema.ts'
import { harmless } from './functions-allowed.ts'
import { lex, PARAMETER, SIGN, WORD, type Tokens } from './lexer.ts'
import { quoteName, quoteTable } from './quote.ts'
import { foldColumn, type MysqlIndex } from './schema-index.ts'
import type { Surroundings } from './state.ts'
import type { StatementReading } from './statement-reading.ts'
import type { Reference, Survey } from './survey-facts.ts'
import type { Delete, Update } from './syntax.ts'

/** What reading a text gave. */
export interface ReadText {
  /** As long as the text. */
  readonly canonical: string
  readonly statements: readonly StatementReading[]
  readonly around: readonly Surroundings[]
}

/** @param read throws Refusal */
export function imageOf(
  read: (text: string) => ReadText,
  index: MysqlIndex,
  sent: string,
  rowsMax: number,
): ImageWish | undefined {
  const reading = read(sent)
  const [only] = reading.statements
  if (reading.statements.length > 1) {
    if (reading.statements.some(isChange)) return { kind: 'crowded' }
    return reading.statements.map(one => otherwise(one, index)).find(wish => wish !== undefined)
  }
  if (!only || !isChange(only)) return only && otherwise(only, index)
  const plan = planFor(only, reading, index, rowsMax, read)
  return typeof plan === 'string' ? { kind: 'none', table: changedTable(only.facts.tables), why: plan } : plan
}

const isChange = ({ node }: StatementReading): boolean => node.kind === 'update' || node.kind === 'delete'

/** Changes rows by other means. */
function otherwise(statement: StatementReading, index: MysqlIndex): ImageWish | undefined {
  const none = (why: string): ImageWish => ({
    kind: 'none',
    table: changedTable(statement.facts.tables),
    why,
  })
  const { node, inner, survey } = statement
  const { verb } = statement.facts
  if (
    inner &&
    verb.startsWith('EXECUTE') &&
    inner.statements.some(one => isChange(one) || otherwise(one, index))
  )
    return none('It was prepared in SQL.')
  if (verb.startsWith('TRUNCATE')) return none('TRUNCATE removes all rows at once.')
  if (statement.treatment === 'explain')
    return survey && survey.writes.length > 0 && /\banalyze\b/i.test(verb)
      ? none('It is run by ANALYZE.')
      : undefined
  if (node.kind === 'load') return none('Rows are loaded.')
  if (node.kind === 'insert' && node.verb === 'REPLACE')
    return none('REPLACE decides row by row what it does.')
  if (node.kind === 'insert' && node.onDuplicate.length > 0)
    return none('INSERT … ON DUPLICATE KEY UPDATE decides row by row what it does.')
  if (verb === 'CALL') return none('What a procedure changes is not seen.')
  const acting = survey?.calls.find(({ parts }) =>
    index.functionsNamed(parts.at(-1)?.text ?? '').some(({ volatility }) => volatility !== 'immutable'),
  )
  if (acting) return none(`What the function ${acting.name} changes is not seen.`)
  return undefined
}

/** @returns the plan, or why there is none. @throws Refusal */
function planFor(
  statement: StatementReading,
  { canonical, around }: ReadText,
  index: MysqlIndex,
  rowsMax: number,
  read: (text: string) => ReadText,
): ImagePlan | string {
  const { node, survey } = statement
  if (!survey || (node.kind !== 'update' && node.kind !== 'delete')) return uncertain
  const target = survey.writes[0]?.target
  const unfit = whyUnfit(node, survey, target)
  if (unfit !== undefined || target?.target.kind !== 'relation' || !around[0])
    return unfit ?? 'The table belongs to the session.'
  const { relation } = target.target
  if (relation.kind !== 'table' && relation.kind !== 'partitioned') return 'Rows change through a view.'
  const tokens = lex(canonical, around[0])
  const table = node.tables[0]
  if ('kind' in tokens || table?.kind !== 'table') return uncertain
  const where = conditionAt(tokens, node.where !== undefined)
  if (!where) return uncertain
  const most = node.limit && limitOf(node)
  if (most !== undefined && most < 0) return 'LIMIT is not a plain number.'
  const condition = canonical.slice(where.start, where.end)
  const text =
    `SELECT ${columnsOf(relation)} FROM ${canonical.slice(table.start, table.end)}\n` +
    `${condition === '' ? '' : `WHERE ${condition}\n`}LIMIT ${Math.min(rowsMax, most ?? rowsMax) + 1} FOR UPDATE`
  const asked = read(text)
  const [question, ...more] = asked.statements
  if (question?.node.kind !== 'query' || question.node.body.kind !== 'select' || more.length > 0)
    return uncertain
  if (placeless(question.node.body.where) !== placeless(node.where)) return uncertain
  const moving = question.survey ? whyMoving(question.survey, survey, index) : uncertain
  if (moving !== undefined) return moving
  const doubt = question.survey && whyDoubted(question.survey)
  const written = statement.facts.tables.find(
    use => use.schema === relation.schema && use.table === relation.name,
  )?.writes
  return {
    kind: 'image',
    schema: relation.schema,
    table: relation.name,
    columns: relation.columns.map(({ name, type }) =>
      isBinary(type) ? { name, binary: true as const } : { name },
    ),
    selectBefore: text,
    parameters: where.parameters,
    rowsMost: most,
    ...after(relation, node.kind, written ?? []),
    ...(doubt === undefined ? {} : { doubt }),
  }
}

const uncertain = 'Its condition could not be taken out of it with certainty.'

function whyUnfit(node: Update | Delete, survey: Survey, target: Reference | undefined): string | undefined {
  if (node.tables.length !== 1 || node.tables[0]?.kind !== 'table' || survey.writes.length !== 1)
    return 'The change joins tables.'
  if (node.kind === 'delete' && node.form !== 'single') return 'The change joins tables.'
  if (node.portion || node.options.includes('HISTORY'))
    return 'It changes portions of rows, or their history.'
  if (node.with) return 'WITH stands in front of it.'
  if (node.limit && (node.limit.offset ?? node.limit.examined ?? (node.limit.withTies || node.limit.fetch)))
    return 'LIMIT is not a plain number.'
  if (!target) return uncertain
  return undefined
}

/** @returns -1 if it is not written as a number */
function limitOf({ limit }: Update | Delete): number {
  const count = limit?.count
  return count?.kind === 'literal' && /^\d{1,15}$/.test(count.value) ? Number(count.value) : -1
}

interface Condition {
  readonly start: number
  readonly end: number
  /** Numbers of its parameters in the statement. */
  readonly parameters: readonly number[]
}

/** Where the condition stands; empty if there is none. `undefined`: not where it should be. */
function conditionAt(tokens: Tokens, hasWhere: boolean): Condition | undefined {
  let depth = 0
  let parameters = 0
  let start: number | undefined
  let end = 0
  const own: number[] = []
  for (let at = 0; at < tokens.kinds.length; at += 1) {
    const kind = tokens.kinds[at]
    const word = tokens.words[at] ?? ''
    if (kind === SIGN && word === '(') depth += 1
    if (kind === SIGN && word === ')') depth -= 1
    const isOuter = depth === 0 && kind === WORD
    if (isOuter && start !== undefined && (word === 'ORDER' || word === 'LIMIT' || word === 'RETURNING'))
      break
    if (depth === 0 && kind === SIGN && word === ';') break
    if (kind === PARAMETER) {
      parameters += 1
      if (start !== undefined) own.push(parameters)
    }
    if (start !== undefined) end = tokens.ends[at] ?? end
    if (isOuter && word === 'WHERE' && start === undefined) {
      start = tokens.ends[at]
      end = start ?? 0
    }
  }
  if (hasWhere !== (start !== undefined)) return undefined
  return { start: start ?? 0, end: start === undefined ? 0 : end, parameters: own }
}

const placeless = (tree: unknown): string =>
  JSON.stringify(tree ?? null, (key, value: unknown) =>
    /^(?:start|end|nameStart|nameEnd|index|number)$/.test(key) ? undefined : value,
  )

/** Why the same condition could choose other rows a moment later, or the change could tell that something was asked before. */
function whyMoving(asked: Survey, whole: Survey, index: MysqlIndex): string | undefined {
  for (const { name, parts } of asked.calls) {
    const routines = index.functionsNamed(parts.at(-1)?.text ?? '')
    const isMoving = routines.length === 0 && harmless.has(name) ? moving.has(name) : true
    if (isMoving && (routines.length === 0 || routines.some(({ volatility }) => volatility !== 'immutable')))
      return `The function ${name} may answer differently each time.`
  }
  if (asked.sequences.length > 0) return 'A sequence gives another value each time.'
  if (whole.assigns.length > 0) return 'It sets variables.'
  const counting = whole.calls.find(({ name }) => name === 'ROW_COUNT' || name === 'FOUND_ROWS')
  return counting && `${counting.name} tells of the statement before it.`
}

/** The rows are locked and read as they are now; other tables are read as the transaction saw them first. */
function whyDoubted({ references, calls }: Survey): string | undefined {
  if (references.length > 1)
    return 'Its condition reads other tables too, which others may have changed before it was done.'
  const call = calls.find(({ name }) => !harmless.has(name))
  return call && `Its condition is left to the function ${call.name}.`
}

/** Of those that are harmless otherwise. Unlike PostgreSQL's, the clock goes on within a transaction. */
const moving = new Set(
  `RAND RANDOM_BYTES UUID UUID_SHORT UUID_V4 UUID_V7 SYS_GUID SLEEP GET_LOCK RELEASE_LOCK RELEASE_ALL_LOCKS IS_FREE_LOCK
  IS_USED_LOCK BENCHMARK SYSDATE NOW CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_TIME CURTIME UTC_TIME UTC_TIMESTAMP
  CURRENT_DATE CURDATE UTC_DATE UNIX_TIMESTAMP LAST_INSERT_ID FOUND_ROWS ROW_COUNT ROWNUM`.split(/\s+/),
)

/** Every column as bytes, texts in UTF-8: whatever the session says about character sets. */
const columnsOf = ({ columns }: Relation): string =>
  columns
    .map(({ name, type }) => {
      const column = quoteName(name)
      const whole = isBinary(type) ? column : `CONVERT(${column} USING utf8mb4)`
      return `CAST(${whole} AS BINARY) AS ${column}`
    })
    .join(', ')

const isBinary = (type: string): boolean =>
  /^(?:(?:tiny|medium|long)?blob|(?:var)?binary|bit|(?:multi)?(?:point|linestring|polygon)|geom|vector)/i.test(
    type,
  )

function after(
  relation: Relation,
  kind: 'update' | 'delete',
  written: readonly string[],
): Pick<ImagePlan, 'key' | 'selectAfter' | 'noAfter'> {
  const { key, why } = keyFor(relation, written.map(foldColumn), foldColumn)
  if (kind === 'delete') return { key, selectAfter: undefined, noAfter: undefined }
  if (key.length === 0) return { key, selectAfter: undefined, noAfter: why }
  const columns = key.map(name => relation.columns.find(column => column.name === name))
  const selectAfter = (keys: KeyQuestion['keys']): KeyQuestion['question'] => {
    const condition = keys
      .map(row => `(${row.map((value, at) => isValue(columns[at], value)).join(' AND ')})`)
      .join(' OR ')
    const text = `SELECT ${columnsOf(relation)} FROM ${quoteTable(relation.schema, relation.name)} WHERE ${condition} LIMIT ${keys.length + 1}`
    return { text, values: [] }
  }
  return { key, selectAfter, noAfter: undefined }
}

/** Texts in hexadecimal: no character set or mode reads them otherwise. */
function isValue(column: ColumnShape | undefined, value: string | null): string {
  if (!column || value === null) return 'FALSE'
  const name = quoteName(column.name)
  if (isBinary(column.type)) return `${name} = X'${Buffer.from(value, 'base64').toString('hex')}'`
  if (/^(?:tiny|small|medium|big)?int|^decimal/i.test(column.type) && /^-?\d+(?:\.\d+)?$/.test(value))
    return `${name} = ${value}`
  return `${name} = _utf8mb4 X'${Buffer.from(value).toString('hex')}'`
}
