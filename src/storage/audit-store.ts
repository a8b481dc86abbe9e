// The audit in the server database: batches of the journal come in, entries are found. MySQL, MariaDB and SQLite.

import { CompiledQuery, type Kysely, type Transaction } from 'kysely'
import type { AuditStore, Batch, Position } from '../audit/audit-store.ts'
import {
  eventColumns,
  outcomeValues,
  planValues,
  rowValues,
  sessionValues,
  termValues,
} from './audit-rows.ts'
import { loadEntries } from './audit-entries.ts'
import { findStored } from './audit-search.ts'
import { summarizeStored } from './audit-summary.ts'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** Rows in one insert: as many as keep the text of the statement short. */
const insertRowsMax = 50

/** Parameter characters in one insert: below every server's largest packet, single long texts apart. */
const insertCharsMax = 512 * 1024

type Values = readonly (string | number | null)[]

export function createAuditStore(database: Pick<Database, 'kind' | 'query' | 'repeatable'>): AuditStore {
  const { query } = database
  return {
    position: chain => readPosition(query, chain),
    carry: batch => database.repeatable(transaction => carry(transaction, batch)),
    find: (filter, enough) => findStored(database, filter, enough),
    summarize: (filter, span, enough) => summarizeStored(database, filter, span, enough),
    get: async id => (await loadEntries(query, [id]))[0],
  }
}

async function readPosition(query: Kysely<Tables>, chain: string): Promise<Position | undefined> {
  return query
    .selectFrom('audit_positions')
    .select(['segment', 'sequence', 'hash'])
    .where('chain', '=', chain)
    .executeTakeFirst()
}

async function carry(transaction: Transaction<Tables>, batch: Batch): Promise<void> {
  await movePosition(transaction, batch)
  const { chain } = batch
  const put = (table: string, columns: readonly string[], rows: readonly Values[]) =>
    insert(transaction, table, columns, rows)
  await put(
    'audit_sessions',
    ['chain', 'sequence', 'address', 'program', 'credential', 'search'],
    batch.sessions.map(session => sessionValues(chain, session)),
  )
  await put(
    'audit_plans',
    ['chain', 'sequence', 'shape', 'verb', 'table_names', 'hidden', 'code', 'reason', 'decided_by', 'search'],
    batch.plans.map(plan => planValues(chain, plan)),
  )
  await put(
    'audit_plan_terms',
    ['field', 'term', 'chain', 'sequence'],
    batch.plans.flatMap(plan => termValues(chain, plan)),
  )
  await put(
    'audit_texts',
    ['chain', 'sequence', 'sealed'],
    batch.texts.map(texts => [chain, texts.n, texts.sealed]),
  )
  await put(
    'audit_events',
    eventColumns,
    batch.rows.map(row => rowValues(chain, row)),
  )
  for (const outcome of batch.outcomes) {
    const known = outcome.of > 0
    await transaction.executeQuery(
      CompiledQuery.raw(
        `update audit_events set row_count = ?, byte_count = ?, duration_ms = ?, result = ? where chain = ? and ${known ? 'sequence' : 'id'} = ?`,
        [...outcomeValues(outcome), chain, known ? outcome.of : (outcome.statement ?? '')],
      ),
    )
  }
}

/** Comes first and locks the row, so that of two that carry the same chain one fails and starts over. */
async function movePosition(transaction: Transaction<Tables>, batch: Batch): Promise<void> {
  const { chain, from, to } = batch
  if (from === undefined) {
    await transaction
      .insertInto('audit_positions')
      .values({ chain, ...to })
      .execute()
    return
  }
  const moved = await transaction
    .updateTable('audit_positions')
    .set(to)
    .where('chain', '=', chain)
    .where('sequence', '=', from.sequence)
    .executeTakeFirst()
  if (moved.numUpdatedRows !== 1n) throw new Error('somebody else has carried this part of the audit')
}

/** The text is made here and not by the query builder: this is by far the most frequent statement of the server. */
async function insert(
  transaction: Transaction<Tables>,
  table: string,
  columns: readonly string[],
  rows: readonly Values[],
): Promise<void> {
  const marks = `(${columns.map(() => '?').join(', ')})`
  for (const part of parts(rows)) {
    const text = `insert into ${table} (${columns.join(', ')}) values ${part.map(() => marks).join(', ')}`
    await transaction.executeQuery(CompiledQuery.raw(text, part.flat()))
  }
}

function* parts(rows: readonly Values[]): Generator<readonly Values[], void, undefined> {
  let part: Values[] = []
  let characters = 0
  for (const row of rows) {
    const length = row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0)
    if (part.length >= insertRowsMax || (part.length > 0 && characters + length > insertCharsMax)) {
      yield part
      part = []
      characters = 0
    }
    part.push(row)
    characters += length
  }
  if (part.length > 0) yield part
}
