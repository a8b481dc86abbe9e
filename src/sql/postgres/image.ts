// What to ask for to keep the rows that an UPDATE or DELETE changes: its own condition, put into a SELECT that locks them.

import { changedTable } from '../changed-table.ts'
import type { ImagePlan, ImageWish, KeyQuestion } from '../dialect.ts'
import type { Relation } from '../schema.ts'
import { keyFor } from '../image-key.ts'
import { harmless } from './functions-allowed.ts'
import { isTrusted, routinesOf } from './functions.ts'
import { type Token, fromBytes, toBytes, tokensOf } from './parse.ts'
import { quoteName, quoteRelation } from './quote.ts'
import type { PgIndex } from './schema-index.ts'
import { applySplices } from './splice.ts'
import type { StatementReading } from './statement-reading.ts'
import type { FunctionMention, Survey, Write } from './survey-facts.ts'
import { type Tree, bodyOf, listOf, treeOf } from './tree.ts'
import { extentOf, wordAt } from './wrap.ts'

/** @throws Refusal */
export type ReadStatements = (text: string) => readonly StatementReading[]

export function imageOf(
  read: ReadStatements,
  index: PgIndex,
  sent: string,
  rowsMax: number,
): ImageWish | undefined {
  const statements = read(sent)
  const [only] = statements
  if (statements.length > 1) {
    if (statements.some(({ kind }) => isChange(kind))) return { kind: 'crowded' }
    return statements.map(one => otherwise(one, index)).find(wish => wish !== undefined)
  }
  if (!only || !isChange(only.kind)) return only && otherwise(only, index)
  const plan = planFor(only, sent, index, rowsMax, read)
  return typeof plan === 'string' ? { kind: 'none', table: changedTable(only.facts.tables), why: plan } : plan
}

const isChange = (kind: string): boolean => kind === 'UpdateStmt' || kind === 'DeleteStmt'

/** Changes rows by other means. */
function otherwise(statement: StatementReading, index: PgIndex): ImageWish | undefined {
  const none = (why: string): ImageWish => ({
    kind: 'none',
    table: changedTable(statement.facts.tables),
    why,
  })
  const { verb } = statement.facts
  if (statement.inner.some(one => isChange(one.kind) || otherwise(one, index) !== undefined))
    return none('It was prepared in SQL.')
  if (verb.startsWith('TRUNCATE')) return none('TRUNCATE removes all rows at once.')
  if (statement.treatment === 'explain')
    return /\banalyze\b/i.test(verb) || (statement.survey?.writes.length ?? 0) > 0
      ? none('It is run by EXPLAIN.')
      : undefined
  if (verb === 'COPY')
    return statement.facts.tables.some(use => use.effects.includes('import'))
      ? none('Rows are copied in.')
      : undefined
  for (const { kind, body } of statement.survey?.writes ?? []) {
    if (kind === 'MergeStmt') return none('MERGE decides row by row what it does.')
    if (isChange(kind)) return none('The change is a part of a larger statement.')
    if (treeOf(body, 'onConflictClause')?.['action'] === 'ONCONFLICT_UPDATE')
      return none('INSERT … ON CONFLICT decides row by row what it does.')
  }
  if (verb === 'CALL') return none('What a procedure changes is not seen.')
  const acting = statement.survey?.functions.find(mention => isActing(mention, index))
  if (acting) return none(`What the function ${acting.name} changes is not seen.`)
  return undefined
}

/** Whether it may change rows. */
const isActing = (mention: FunctionMention, index: PgIndex): boolean =>
  routinesOf(index, mention).some(
    routine => routine.volatility === 'volatile' && !isTrusted(routine) && routine.schema !== 'pg_catalog',
  )

/** @returns the plan, or why there is none. @throws Refusal */
function planFor(
  statement: StatementReading,
  sent: string,
  index: PgIndex,
  rowsMax: number,
  read: ReadStatements,
): ImagePlan | string {
  const { survey } = statement
  const write = survey?.writes[0]
  if (!survey || !write || survey.writes.length > 1) return 'It changes several tables.'
  if (survey.currentOf) return 'The row is chosen by a cursor.'
  const { target } = write.target
  if (target.kind !== 'relation') return 'The table belongs to the session.'
  const { relation } = target
  const unfit = whyUnfit(relation, write, index)
  if (unfit !== undefined) return unfit
  const clauses = clausesOf(sent, statement, write)
  if (!clauses) return uncertain
  const alias = quoteName(write.target.alias)
  const table = `${write.target.only ? 'ONLY ' : ''}${quoteRelation(relation.schema, relation.name)}`
  const lock = write.kind === 'UpdateStmt' ? 'FOR NO KEY UPDATE' : 'FOR UPDATE'
  const bytes =
    `${clauses.before}SELECT ${alias}.* FROM ${table} AS ${alias}\nWHERE ${conditionOf(clauses)}\n` +
    `LIMIT ${rowsMax + 1} ${lock} OF ${alias}`
  const [asked, ...more] = read(fromBytes(bytes))
  if (!asked?.survey || more.length > 0 || !isSame(asked.body, write, clauses)) return uncertain
  const moving = whyMoving(asked.survey, index)
  if (moving !== undefined) return moving
  const doubt = whyDoubted(asked.survey, index)
  const written = statement.facts.tables.find(
    use => use.schema === relation.schema && use.table === relation.name,
  )?.writes
  return {
    kind: 'image',
    schema: relation.schema,
    table: relation.name,
    ...numbered(bytes),
    rowsMost: undefined,
    ...after(relation, table, write.kind, written ?? []),
    ...(doubt === undefined ? {} : { doubt }),
  }
}

const uncertain = 'Its condition could not be taken out of it with certainty.'

function whyUnfit(relation: Relation, write: Write, index: PgIndex): string | undefined {
  if (relation.kind !== 'table' && relation.kind !== 'partitioned')
    return 'Rows change through a view or in another database.'
  if ((relation.rules ?? []).length > 0) return 'Rules of the table act on the change.'
  if (relation.kind === 'table' && !write.target.only && index.descendants(relation).length > 0)
    return 'Tables that inherit from it change as well.'
  return undefined
}

interface Clauses {
  /** `WITH …`, if there is one. */
  readonly before: string
  readonly from: string | undefined
  readonly where: string | undefined
}

const conditionOf = ({ from, where }: Clauses): string => {
  if (from === undefined) return where ?? 'true'
  return `EXISTS (SELECT 1 FROM ${from}\n${where === undefined ? '' : `WHERE ${where}\n`})`
}

/** The parts of the text that choose the rows; `undefined` if they are not where they should be. */
function clausesOf(sent: string, statement: StatementReading, write: Write): Clauses | undefined {
  const bytes = toBytes(sent)
  const tokens = tokensOf(sent)
  const extent = extentOf(tokens, write.target)
  const isUpdate = write.kind === 'UpdateStmt'
  const verb = isUpdate ? extent.previous : extent.previous - 1
  if (wordAt(tokens, verb) !== (isUpdate ? 'UPDATE' : 'DELETE')) return undefined
  const begin = tokens[verb]?.start ?? 0
  const found = findClauses(tokens, extent.next, isUpdate)
  const hasFrom = listOf(write.body, isUpdate ? 'fromClause' : 'usingClause').length > 0
  const hasWhere = write.body['whereClause'] !== undefined
  if (hasFrom !== (found.from !== undefined) || hasWhere !== (found.where !== undefined)) return undefined
  const cut = (first: number, behind: number): string | undefined => {
    const start = tokens[first]?.start
    const end = tokens[behind - 1]?.end
    return start === undefined || end === undefined || start >= end ? undefined : bytes.slice(start, end)
  }
  const from = found.from === undefined ? undefined : cut(found.from + 1, found.where ?? found.end)
  const where = found.where === undefined ? undefined : cut(found.where + 1, found.end)
  if ((hasFrom && from === undefined) || (hasWhere && where === undefined)) return undefined
  const first = tokens.find(token => token.start >= statement.start)?.start ?? begin
  return { before: first < begin ? `${bytes.slice(first, begin)}\n` : '', from, where }
}

interface Found {
  readonly from: number | undefined
  readonly where: number | undefined
  /** Token behind the last of the condition. */
  readonly end: number
}

function findClauses(tokens: readonly Token[], next: number, isUpdate: boolean): Found {
  let depth = 0
  let from: number | undefined
  let where: number | undefined
  let at = next
  for (; at < tokens.length; at += 1) {
    const word = wordAt(tokens, at)
    if (word === '(' || word === '[') depth += 1
    if (word === ')' || word === ']') depth -= 1
    // Behind a point, any word is the name of a column.
    if (depth > 0 || wordAt(tokens, at - 1) === '.') continue
    if (depth < 0 || word === ';' || word === 'RETURNING') break
    if (word === 'WHERE') where = at
    const begins = isUpdate ? word === 'FROM' && wordAt(tokens, at - 1) !== 'DISTINCT' : word === 'USING'
    if (begins && where === undefined) from ??= at
  }
  return { from, where, end: at }
}

/** Whether what is asked chooses by the very trees of the statement. */
function isSame(asked: Tree, { body, kind }: Write, clauses: Clauses): boolean {
  const wanted = [listOf(body, kind === 'UpdateStmt' ? 'fromClause' : 'usingClause'), body['whereClause']]
  if (clauses.from === undefined) {
    if (clauses.where === undefined) return true
    return placeless(asked['whereClause']) === placeless(body['whereClause'])
  }
  const link = bodyOf(asked['whereClause'], 'SubLink')
  const inner = bodyOf(link?.['subselect'], 'SelectStmt')
  if (!inner) return false
  return placeless([listOf(inner, 'fromClause'), inner['whereClause']]) === placeless(wanted)
}

const place = /location$|^(?:rexpr_)?list_(?:start|end)$/

const placeless = (tree: unknown): string =>
  JSON.stringify(tree ?? null, (key, value: unknown) => (place.test(key) ? undefined : value))

/** Why the same condition could choose other rows a moment later. */
function whyMoving(survey: Survey, index: PgIndex): string | undefined {
  for (const mention of survey.functions) {
    const routines = routinesOf(index, mention)
    const isMoving =
      routines.length === 0
        ? moving.has(mention.name) || !harmless.has(mention.name)
        : routines.some(({ volatility }) => volatility === 'volatile')
    if (isMoving) return `The function ${mention.name} may answer differently each time.`
  }
  const volatile = survey.operators.some(symbol =>
    index
      .operatorsNamed(symbol)
      .some(({ routine }) =>
        index.snapshot.routines.some(
          one => `${one.schema}.${one.name}` === routine && one.volatility === 'volatile',
        ),
      ),
  )
  if (volatile) return 'An operator of its condition may answer differently each time.'
  if (survey.references.some(({ sample }) => sample !== undefined))
    return 'TABLESAMPLE may choose other rows each time.'
  return undefined
}

/** The rows are locked; what else decides about them is not, and what a routine says of itself is only said. */
function whyDoubted(survey: Survey, index: PgIndex): string | undefined {
  if (survey.references.length > 1)
    return 'Its condition reads other tables too, which others may have changed after it was asked.'
  const routine = survey.functions.find(mention => routinesOf(index, mention).length > 0)
  return routine && `Its condition is left to the function ${routine.name}.`
}

/** Of those that are harmless otherwise. */
const moving = new Set(
  `random random_normal nextval setval currval lastval clock_timestamp timeofday statement_timestamp gen_random_uuid
  uuidv4 uuidv7 pg_sleep pg_sleep_for pg_sleep_until set_config txid_current pg_current_xact_id pg_current_snapshot
  txid_current_snapshot array_shuffle array_sample pg_xact_commit_timestamp`.split(/\s+/),
)

/** The parameters that are left, numbered from 1 on without gaps. */
function numbered(bytes: string): Pick<ImagePlan, 'selectBefore' | 'parameters'> {
  const parameters: number[] = []
  const splices = tokensOf(fromBytes(bytes))
    .filter(({ kind, word }) => kind === 'other' && /^\$\d+$/.test(word))
    .map(({ start, end, word }) => {
      const number = Number(word.slice(1))
      if (!parameters.includes(number)) parameters.push(number)
      return { start, end, text: `$${parameters.indexOf(number) + 1}` }
    })
  return { selectBefore: fromBytes(applySplices(bytes, splices)), parameters }
}

function after(
  relation: Relation,
  table: string,
  kind: Write['kind'],
  written: readonly string[],
): Pick<ImagePlan, 'key' | 'selectAfter' | 'noAfter'> {
  const { key, why } = keyFor(relation, written)
  if (kind === 'DeleteStmt') return { key, selectAfter: undefined, noAfter: undefined }
  if (key.length === 0) return { key, selectAfter: undefined, noAfter: why }
  const columns = key.map(quoteName)
  const selectAfter = (keys: KeyQuestion['keys']): KeyQuestion['question'] => {
    let last = 0
    const next = (): string => `$${++last}`
    const all = keys.map(() => columns.map(column => ({ column, value: next() })))
    const [first] = columns
    const condition =
      columns.length === 1
        ? `${first} IN (${all.map(([one]) => one?.value).join(', ')})`
        : all
            .map(row => `(${row.map(({ column, value }) => `${column} = ${value}`).join(' AND ')})`)
            .join(' OR ')
    const text = fromBytes(`SELECT * FROM ${table} WHERE ${condition} LIMIT ${keys.length + 1}`)
    return { text, values: keys.flat() }
  }
  return { key, selectAfter, noAfter: undefined }
}
