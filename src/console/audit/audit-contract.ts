// The part of the contract about the audit: pages of entries, figures, entries as they come, kept filters, exports. Types only.

import type { AuditEntry, AuditFilter, AuditPage, AuditSummary, ChainState } from '../../audit/audit.ts'
import type { Stream } from '../contract.ts'
import type { JobRow } from '../sql/sql-contract.ts'

/** One event of the tail, a line of `application/x-ndjson`. */
export type TailEvent =
  /** New, or told again with its outcome. */
  | { readonly kind: 'entry'; readonly entry: AuditEntry }
  /** More came than are shown: look anew. */
  | { readonly kind: 'dropped' }
  /** Nothing for a while; the connection is well. */
  | { readonly kind: 'still' }

export interface KeptFilter {
  readonly id: string
  readonly name: string
  /** As it stands in the address of the page, without `?`. */
  readonly search: string
  readonly shared: boolean
  readonly mine: boolean
}

export type AuditExportFormat = 'csv' | 'json' | 'parquet'

export interface AuditRoutes {
  /** Filter as query parameters: numbers as decimals, lists joined by commas, booleans as `true`. */
  'GET /api/audit': { in: AuditFilter; out: readonly AuditEntry[] }
  /** As above, but never long: a page may be short, or empty, and say where to go on. */
  'GET /api/audit/page': { in: AuditFilter; out: AuditPage }
  'GET /api/audit/summary': { in: AuditFilter; out: AuditSummary }
  /** Answer is a stream of `TailEvent`, until the request is closed. */
  'GET /api/audit/tail': { in: AuditFilter; out: Stream<TailEvent> }
  'GET /api/audit/chain': { in: void; out: ChainState }
  'GET /api/audit/filters': { in: void; out: readonly KeptFilter[] }
  /** Only administrators share. */
  'POST /api/audit/filters': { in: { name: string; search: string; shared: boolean }; out: KeptFilter }
  'DELETE /api/audit/filters/:id': { in: void; out: void }
  'POST /api/audit/exports': {
    in: {
      /** As the query parameters of `GET /api/audit`. */
      filter: Readonly<Record<string, string>>
      format: AuditExportFormat
    }
    out: JobRow
  }
  'GET /api/audit/:id': { in: void; out: AuditEntry }
}
