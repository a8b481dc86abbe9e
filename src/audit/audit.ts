// What the audit room offers: a trail to write on, and a way to search what was written.

import type { AuditEvent, StatementIntent } from '../core/event.ts'

/** Where events go. Order is kept. */
export interface Trail {
  /**
   * Puts an event on the journal. It is in the operating system's hands at the end of this turn of the event loop and on
   * disk within `journalSyncMs`. For what only tells of the past (outcomes): nobody waits for it.
   */
  append(event: AuditEvent): void
  /**
   * Puts events on the journal and calls back, within a session in order of the calls, never within this call, once they
   * are there: for *written* in the operating system's hands (at the end of this turn), if any is a *strict* intent, on disk.
   * @param done  called with the error if they could not be recorded; then nothing may happen
   */
  record(events: readonly AuditEvent[], done: (error: Error | undefined) => void): void
  /** Whether the last write succeeded. While false, nothing is relayed and `/readyz` says so. */
  readonly writable: boolean
  /** Tries to write now, to learn whether the audit works (again). */
  probe(): Promise<boolean>
  /** Writes, syncs and carries all there is, and closes. */
  close(): Promise<void>
}

export type AuditKind = AuditEvent['kind']

/** An event as it is found again, statement text opened for those who may read it. */
export interface AuditEntry {
  readonly id: string
  readonly atMs: number
  readonly kind: AuditKind
  readonly userName: string | undefined
  readonly targetName: string | undefined
  readonly sessionId: string | undefined
  readonly address: string | undefined
  readonly program: string | undefined
  readonly credential: string | undefined
  readonly verb: string | undefined
  readonly shape: string | undefined
  /** As the user wrote it. */
  readonly text: string | undefined
  readonly tables: readonly string[]
  readonly hidden: readonly string[]
  readonly verdict: 'allowed' | 'denied' | undefined
  readonly code: string | undefined
  readonly reason: string | undefined
  readonly decidedBy: readonly { readonly name: string; readonly version: number }[]
  readonly strength: StatementIntent['strength'] | undefined
  readonly rows: number | undefined
  readonly bytes: number | undefined
  readonly durationMs: number | undefined
  /** `ok`, an error code of the target, `unknown` after a crash, `undefined` while it runs. */
  readonly result: string | undefined
  /** Of a change: what, and the fields. */
  readonly what: string | undefined
  readonly object: string | undefined
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>> | undefined
  /** Position in the chain and the hash up to here, hexadecimal. */
  readonly sequence: number
  readonly hash: string
}

export interface AuditFilter {
  readonly fromMs?: number
  readonly toMs?: number
  readonly kinds?: readonly AuditKind[]
  readonly userName?: string
  readonly targetName?: string
  readonly sessionId?: string
  readonly verdict?: 'allowed' | 'denied'
  /** Only statements that had something masked. */
  readonly masked?: boolean
  /**
   * Words that must all occur: of statements in shape and tables, of other events in object, program and names. Words in
   * double quotes belong together. What a statement said in its literals is sealed and cannot be searched.
   */
  readonly search?: string
  /** One that decided. */
  readonly policy?: string
  /** Of a refusal or a failed sign-in. */
  readonly code?: string
  /** `customers` or `public.customers`; with `*` at the end every name that begins so. As `column` too. */
  readonly table?: string
  /** A column that was masked. */
  readonly column?: string
  /** Command word: `select`. */
  readonly verb?: string
  /** Part of it. */
  readonly program?: string
  readonly address?: string
  readonly rowsMin?: number
  readonly rowsMax?: number
  readonly durationMinMs?: number
  readonly durationMaxMs?: number
  /** Entries before this id, newest first. */
  readonly before?: string
  /** Entries after this id, oldest first; not together with `before`. */
  readonly after?: string
  /** 1 to 500; 100 if not given. */
  readonly limit?: number
}

/** Some of what fits, in order. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  /** Where to go on (as `before` or `after`); `undefined`: there is no more. A page may be short, or empty, and go on. */
  readonly next: string | undefined
}

/** Figures over what fits a filter, by time. */
export interface AuditSummary {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
  /** Where counting began; later than `fromMs` if there was more than can be counted in time. */
  readonly countedFromMs: number
  readonly buckets: readonly AuditBucket[]
  readonly statements: number
  readonly refused: number
  readonly rows: number
  readonly tables: readonly AuditCount[]
  readonly users: readonly AuditCount[]
  /** Refused by them; the empty name: no policy permitted it. */
  readonly policies: readonly AuditCount[]
  /** Masked columns that statements touched. */
  readonly columns: readonly AuditCount[]
  readonly slowest: readonly {
    readonly shape: string
    readonly count: number
    readonly meanMs: number
    readonly maxMs: number
  }[]
}

export interface AuditBucket {
  readonly atMs: number
  readonly statements: number
  readonly refused: number
  readonly rows: number
}

export interface AuditCount {
  readonly name: string
  readonly count: number
  readonly refused: number
}

/** How the newest part of the chain stands. */
export interface ChainState {
  readonly writable: boolean
  readonly sequence: number
  readonly hash: string
  /** Events on the journal that the server database does not have yet. */
  readonly waiting: number
}

export interface AuditSearch {
  find(filter: AuditFilter): Promise<readonly AuditEntry[]>
  /** As `find`, but looks only for so long and says where to go on. */
  page(filter: AuditFilter): Promise<AuditPage>
  /** Without `fromMs`, of the last day. */
  summary(filter: AuditFilter): Promise<AuditSummary>
  get(id: string): Promise<AuditEntry | undefined>
  chain(): ChainState
}
