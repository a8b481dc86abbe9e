// Brings an uploaded file into a target, as a job: in one transaction, through the gate like every statement.

import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../core/errors.ts'
import type { Actor } from '../../core/event.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ImportInput } from '../contract.ts'
import type { JobRun, JobWork } from '../jobs/jobs.ts'
import type { ConsoleParts } from '../parts.ts'
import { columnNames, type FileRow } from './files/file-rows.ts'
import { OpenSqlSession } from './sql-session.ts'
import { streamRows } from './stream-rows.ts'
import { rowsOfUpload, statementsOfUpload, type Upload, type Uploads } from './uploads.ts'

export interface ImportWish {
  readonly target: Target
  readonly user: User
  readonly address: string
  readonly by: Actor
  readonly upload: Upload
  readonly input: ImportInput
}

type Parts = Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits' | 'recordChange'>
type Send = (sql: string, parameters?: readonly (string | null)[]) => Promise<void>

/** Rows, and values, that one INSERT carries. */
const rowsAtOnce = 200
const valuesAtOnce = 5_000

export function importWork(parts: Parts, uploads: Uploads, wish: ImportWish): JobWork {
  return async run => {
    const { target, user, address, by, upload, input } = wish
    const { signal } = run
    const into = input.table ? `${input.table.schema}.${input.table.name}` : null
    const about = { target: [null, target.name], file: [null, upload.name], into: [null, into] } as const
    await parts.recordChange(by, 'import.begun', target.name, about)
    const session = new OpenSqlSession(parts, {
      id: randomUUID(),
      target,
      user,
      address,
      program: `Sekisho console: import of ${upload.format}`,
      bulk: 'import',
      timeoutMs: parts.limits.jobTimeoutMs,
      closed: () => undefined,
    })
    const send: Send = async (sql, parameters) => {
      for await (const piece of streamRows(session, { sql, parameters }, signal)) void piece
    }
    let done = 0
    let result = 'stopped'
    try {
      await session.open()
      await send(target.protocol === 'mysql' ? 'START TRANSACTION' : 'BEGIN')
      const told: JobRun = {
        ...run,
        progress(count) {
          done = count
          run.progress(count)
        },
      }
      if (upload.format === 'sql') await runStatements(upload, parts.limits, send, told)
      else await insertRows(wish, parts.limits, send, told)
      await send('COMMIT')
      result = 'ok'
      uploads.remove(upload)
    } catch (error) {
      if (!signal.aborted) result = error instanceof GatewayError ? error.code : 'internal'
      throw error
    } finally {
      // What was not committed is taken back with it.
      session.close()
      await parts.recordChange(by, 'import.ended', target.name, {
        ...about,
        rows: [null, result === 'ok' ? done : 0],
        result: [null, result],
      })
    }
  }
}

/** The file is one transaction, whatever it says itself. */
const ownTransaction = /^(?:begin|start\s+transaction|commit|end)(?:\s+(?:work|transaction))?$/i
const takenBack = /^(?:rollback|abort)\b/i

async function runStatements(upload: Upload, limits: Limits, send: Send, run: JobRun): Promise<void> {
  let count = 0
  for await (const { text, line } of statementsOfUpload(upload, limits)) {
    run.signal.throwIfAborted()
    if (ownTransaction.test(text)) continue
    if (takenBack.test(text))
      throw new GatewayError(
        'request.invalid',
        `line ${line}: a file is one transaction, which is not taken back in between.`,
      )
    try {
      await send(text)
    } catch (error) {
      throw atLine(error, line)
    }
    run.progress(++count)
  }
}

async function insertRows(wish: ImportWish, limits: Limits, send: Send, run: JobRun): Promise<void> {
  const { upload, input, target } = wish
  const { table, columns = [], nullWord = '' } = input
  if (table === undefined || columns.length === 0)
    throw new GatewayError('request.invalid', 'a table and at least one column are wanted.')
  const insert = insertInto(
    target,
    table,
    columns.map(column => column.to),
  )
  const atOnce = Math.max(1, Math.min(rowsAtOnce, Math.floor(valuesAtOnce / columns.length)))
  let places: readonly number[] | undefined
  let names: readonly string[] = []
  let pending: FileRow[] = []
  let count = 0
  const valuesOf = (row: FileRow) => (places ?? []).map(at => valueOf(row.values[at], nullWord))
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return
    const rows = pending
    pending = []
    try {
      await send(insert(rows.length), rows.flatMap(valuesOf))
    } catch (error) {
      throw await findRow(error, rows, row => send(insert(1), valuesOf(row)), send, target)
    }
    count += rows.length
    run.progress(count)
  }
  for await (const row of rowsOfUpload(upload, limits)) {
    run.signal.throwIfAborted()
    if (places === undefined) {
      names = columnNames(row.values)
      places = columns.map(({ from }) => names.indexOf(from))
      const missing = columns.find((_, at) => places?.[at] === -1)
      if (missing) throw new GatewayError('request.invalid', `the file has no column ${missing.from}.`)
      continue
    }
    if (row.values.length > names.length)
      throw new GatewayError(
        'request.invalid',
        `line ${row.line}: ${row.values.length} values for ${names.length} columns.`,
      )
    pending.push(row)
    if (pending.length >= atOnce) await flush()
  }
  await flush()
}

/** Without a word for NULL, it is where nothing stands; with one, nothing is an empty text. */
function valueOf(value: string | null | undefined, nullWord: string): string | null {
  if (nullWord === '') return value ?? null
  return value === nullWord ? null : (value ?? '')
}

/** @returns the text for so many rows */
function insertInto(
  { protocol }: Target,
  table: { readonly schema: string; readonly name: string },
  columns: readonly string[],
): (rows: number) => string {
  const isMysql = protocol === 'mysql'
  const quoted = (name: string): string =>
    isMysql ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
  const head = `INSERT INTO ${quoted(table.schema)}.${quoted(table.name)} (${columns.map(quoted).join(', ')}) VALUES `
  const row = (first: number): string =>
    `(${columns.map((_, at) => (isMysql ? '?' : `$${first + at}`)).join(', ')})`
  return rows => head + Array.from({ length: rows }, (_, at) => row(at * columns.length + 1)).join(', ')
}

/** Tries the rows of a failed INSERT one by one, in a transaction of its own that is taken back, to say which one it was. */
async function findRow(
  error: unknown,
  rows: readonly FileRow[],
  insert: (row: FileRow) => Promise<void>,
  send: Send,
  { protocol }: Target,
): Promise<unknown> {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!isOfTarget(error) || !first || !last) return error
  if (first === last) return atLine(error, first.line)
  await send('ROLLBACK')
  await send(protocol === 'mysql' ? 'START TRANSACTION' : 'BEGIN')
  for (const row of rows) {
    try {
      await insert(row)
    } catch (found) {
      return isOfTarget(found) ? atLine(found, row.line) : found
    }
  }
  // Alone they fit: it collides with what came before.
  return atLine(error, `${first.line} to ${last.line}`)
}

/** Refusals are about the statement, whatever its rows. */
const isOfTarget = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.code === 'request.invalid'

const atLine = (error: unknown, line: number | string): unknown =>
  error instanceof GatewayError && !error.code.startsWith('audit')
    ? new GatewayError(error.code, `line ${line}: ${error.detail}`)
    : error
