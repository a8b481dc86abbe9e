// The part of the contract about the SQL editor: sessions at targets, what is in them, results, saved queries, jobs. Types only.

import type { ErrorCode } from '../../core/errors.ts'
import type { MaskShape } from '../../core/verdict.ts'
import type { Stream, TableRow } from '../contract.ts'

/** One connection to a target for one tab of the editor; held by the server while the page reloads. */
export interface SqlSession {
  readonly id: string
  readonly targetId: string
  readonly openedAtMs: number
  /** `failed`: open, and only a rollback is taken. */
  readonly transaction: 'none' | 'open' | 'failed'
  /** Where unqualified names are looked up: the current schema (PostgreSQL) or database (MySQL); `undefined`: nowhere. */
  readonly schema: string | undefined
  readonly running: boolean
}

export interface ResultColumn {
  readonly name: string
  readonly type: string
  /** Made of values that are hidden from me, and how they are masked; says the gateway, not the name. */
  readonly masked?: { readonly as: MaskShape; readonly columns: readonly string[] }
}

/** One event of a running text, a line of JSON. `statement` counts from 0 within the text. */
export type RunEvent =
  | { readonly kind: 'columns'; readonly statement: number; readonly columns: readonly ResultColumn[] }
  /** Values as the server writes them in text form; `null` is NULL. */
  | {
      readonly kind: 'rows'
      readonly statement: number
      readonly rows: readonly (readonly (string | null)[])[]
    }
  | {
      readonly kind: 'done'
      readonly statement: number
      readonly command: string
      readonly rows: number
      /** There was more than the limit of rows. */
      readonly truncated: boolean
      readonly durationMs: number
    }
  | { readonly kind: 'notice'; readonly message: string }
  | {
      readonly kind: 'error'
      readonly statement: number
      readonly sqlState: string
      readonly message: string
      readonly hint: string | undefined
      /** 1-based character of the text that was run. */
      readonly position: number | undefined
      readonly refused: boolean
      readonly code?: ErrorCode
      /** Of a refusal: the policies that decided it. */
      readonly decidedBy?: readonly string[]
      /** Of a refusal that asks for an approval: the number of the request. */
      readonly request?: number
    }
  /** The last line: how the session stands now. */
  | {
      readonly kind: 'session'
      readonly transaction: SqlSession['transaction']
      readonly schema: string | undefined
    }

export interface RunInput {
  readonly sql: string
  /** `manual`: a transaction is begun before the first statement if none is open, and stays open. */
  readonly commit: 'auto' | 'manual'
  /** Values for `$1 …` (PostgreSQL) or `?` (MySQL) of a single statement, in text form. */
  readonly parameters?: readonly (string | null)[]
  /** 1 to the limit `editorRowsMax`. */
  readonly rowsMax?: number
  /** Told to policies that ask for one. */
  readonly reason?: string
}

/** A name in the object tree; columns are asked for one object at a time. */
export interface SqlObject {
  readonly schema: string
  readonly name: string
  readonly kind: TableRow['kind'] | 'routine' | 'sequence'
  readonly comment: string | undefined
  /** Whether something of it is hidden from me. */
  readonly hides: boolean
}

export interface ObjectPage {
  readonly objects: readonly SqlObject[]
  /** How many fit the question in all. */
  readonly total: number
}

export interface SavedQuery {
  readonly id: string
  readonly name: string
  readonly text: string
  /** The target that it is meant for. */
  readonly targetId: string | undefined
  /** Names of groups whose members may read it; of somebody else's, those that I am in. */
  readonly groups: readonly string[]
  readonly ownerName: string
  /** Only its owner changes it. */
  readonly mine: boolean
  readonly changedAtMs: number
}

export interface SavedQueryInput {
  readonly name: string
  readonly text: string
  readonly targetId?: string
  /** Names of groups that I am in. */
  readonly groups: readonly string[]
}

/** A text that I ran, from the audit: also from native clients, on every device. */
export interface HistoryRow {
  readonly id: string
  readonly atMs: number
  readonly targetName: string
  readonly program: string
  readonly text: string
  readonly verdict: 'allowed' | 'denied'
  readonly result: string | undefined
  readonly rows: number | undefined
  readonly durationMs: number | undefined
}

export type ExportFormat = 'csv' | 'json' | 'sql' | 'xlsx'

/** Work that goes on without the page. Its file can be fetched until it expires, by its owner alone. */
export interface JobRow {
  readonly id: string
  readonly kind: 'export' | 'import' | 'audit-export'
  /** What it is about, in words of its owner: a file name, a target. */
  readonly title: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped'
  /** Rows, entries or bytes so far, and in all where that is known. */
  readonly done: number
  readonly total: number | undefined
  readonly unit: 'rows' | 'entries' | 'bytes'
  readonly startedAtMs: number
  readonly endedAtMs: number | undefined
  readonly fileName: string | undefined
  readonly fileBytes: number | undefined
  readonly problem: { readonly code: ErrorCode; readonly message: string } | undefined
}

/** What an uploaded file looks like. */
export interface ImportPreview {
  readonly uploadId: string
  readonly format: 'csv' | 'xlsx' | 'sql'
  readonly columns: readonly string[]
  /** The first rows. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** For `sql`: the first statements. */
  readonly statements: readonly string[]
  readonly bytes: number
  readonly problems: readonly string[]
}

export interface ImportInput {
  readonly uploadId: string
  /** Missing for `sql`. */
  readonly table?: { readonly schema: string; readonly name: string }
  /** Column of the file → column of the table; those that are missing are left out. */
  readonly columns?: readonly { readonly from: string; readonly to: string }[]
  /** What stands for NULL. */
  readonly nullWord?: string
}

export interface SqlRoutes {
  'GET /api/sql/sessions': { in: void; out: readonly SqlSession[] }
  'POST /api/sql/sessions': { in: { targetId: string }; out: SqlSession }
  'GET /api/sql/sessions/:id': { in: void; out: SqlSession }
  'DELETE /api/sql/sessions/:id': { in: void; out: void }
  /** 409 `conflict` while something runs in it. Closing the request stops it at the target. */
  'POST /api/sql/sessions/:id/run': { in: RunInput; out: Stream<RunEvent> }
  /** Stops what runs, at the target. */
  'POST /api/sql/sessions/:id/stop': { in: void; out: void }

  /** Query: `schema`, `search` (part of schema.name), `offset`, `limit` (1-500). */
  'GET /api/targets/:id/objects': { in: void; out: ObjectPage }
  'GET /api/targets/:id/schemas': {
    in: void
    out: readonly { readonly name: string; readonly objects: number }[]
  }
  /** One object with its columns. Query: `schema`, `name`. */
  'GET /api/targets/:id/object': { in: void; out: TableRow }

  /** Query: `search`, `target`, `before`, `limit`. */
  'GET /api/sql/history': { in: void; out: readonly HistoryRow[] }

  'GET /api/sql/saved': { in: void; out: readonly SavedQuery[] }
  'POST /api/sql/saved': { in: SavedQueryInput; out: SavedQuery }
  'PUT /api/sql/saved/:id': { in: SavedQueryInput; out: SavedQuery }
  'DELETE /api/sql/saved/:id': { in: void; out: void }

  'POST /api/targets/:id/exports': {
    /** `byteOrderMark`: Excel takes CSV for another encoding without it. */
    in: { sql: string; format: ExportFormat; fileName: string; reason?: string; byteOrderMark?: boolean }
    out: JobRow
  }
  /** Body: the file as it is, `application/octet-stream`. Query: `name`. */
  'POST /api/targets/:id/uploads': { in: void; out: ImportPreview }
  'POST /api/targets/:id/imports': { in: ImportInput; out: JobRow }

  /** Mine, newest first. */
  'GET /api/jobs': { in: void; out: readonly JobRow[] }
  'DELETE /api/jobs/:id': { in: void; out: void }
  'GET /api/jobs/:id/file': { in: void; out: Stream<'bytes'> }
}
