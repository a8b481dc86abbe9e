// What the audit needs of the server database: a place where journal records are carried to, and found again.

import type { AuditEntry, AuditFilter, AuditSummary } from './audit.ts'
import type { EndedRecord, JournalRecord, PlanRecord, SessionRecord, TextsRecord } from './record.ts'

/** How far a chain has been carried. */
export interface Position {
  readonly segment: number
  readonly sequence: number
  readonly hash: string
}

/** Events that become a row of their own; outcomes go into the row of their intent. */
export type RowRecord = Exclude<
  JournalRecord,
  { readonly k: 'segment' | 'session' | 'plan' | 'texts' | 'note' | 'statement.ended' }
>

export interface CarriedRow {
  readonly record: RowRecord
  readonly hash: string
  /** What the record refers to. */
  readonly session: SessionRecord | undefined
  readonly plan: PlanRecord | undefined
  /** If its outcome is carried with it. */
  readonly outcome: EndedRecord | undefined
}

export interface Batch {
  readonly chain: string
  /** `undefined`: nothing of this chain has been carried yet. */
  readonly from: Position | undefined
  readonly to: Position
  readonly sessions: readonly SessionRecord[]
  readonly plans: readonly PlanRecord[]
  readonly texts: readonly TextsRecord[]
  readonly rows: readonly CarriedRow[]
  /** Of statements that were carried before. */
  readonly outcomes: readonly EndedRecord[]
}

/** An entry whose text is still sealed. */
export interface StoredEntry extends Omit<AuditEntry, 'text'> {
  /** Base64, as in the journal; `undefined`: there is no text, or it is the shape. */
  readonly sealed: string | undefined
  /** Place in the sealed array; -1: the text is the shape. */
  readonly textIndex: number
}

export type StoredFilter = AuditFilter & { readonly limit: number }

export interface StoredPage {
  readonly entries: readonly StoredEntry[]
  /** Where to go on; `undefined`: there is no more. */
  readonly next: string | undefined
}

export interface SummarySpan {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
}

export interface AuditStore {
  position(chain: string): Promise<Position | undefined>
  /**
   * Carries a batch as a whole or not at all.
   * @throws Error  also if the chain does not stand at `from` any more
   */
  carry(batch: Batch): Promise<void>
  /**
   * Newest first (with `after` oldest first), at most `limit` (already bounded).
   * @param enough  asked now and then: whether to stop here and say where to go on
   */
  find(filter: StoredFilter, enough: () => boolean): Promise<StoredPage>
  /** Counts in steps of time, from the newest on, as far as it gets. */
  summarize(filter: AuditFilter, span: SummarySpan, enough: () => boolean): Promise<AuditSummary>
  get(id: string): Promise<StoredEntry | undefined>
}

/** Where entries are looked for, if it is not where they are carried from: a thread of its own. */
export interface AuditReading extends Pick<AuditStore, 'find' | 'summarize' | 'get'> {
  /** Searches at work are given up. */
  close(): Promise<void>
}
