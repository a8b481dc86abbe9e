// The records of the journal as values: what the canonical bytes of each kind say. Names and order are in docs/audit.md.

/** What every record has. */
interface RecordBase {
  /** Position in the chain, from 1 on, without gaps. */
  readonly n: number
  /** Milliseconds since 1970 in UTC. */
  readonly at: number
}

/** Policies that decided: name and version. */
export type DecidedBy = readonly (readonly [string, number])[]

/** First record of each segment: carries on the chain. */
export interface SegmentRecord extends RecordBase {
  readonly k: 'segment'
  readonly format: number
  readonly server: string
  /** First 32 digits of the very first record's hash; `null` in that record itself. */
  readonly chain: string | null
  readonly segment: number
  /** Hash of the last record of the former segment. */
  readonly previous: string
  /** Statements that have no outcome yet, by position of their intent. */
  readonly open: readonly number[]
}

/** What holds for a whole session; others refer to it by `s`. */
export interface SessionRecord extends RecordBase {
  readonly k: 'session'
  readonly s: number
  readonly session: string
  readonly user: string | null
  readonly userName: string | null
  readonly target: string | null
  readonly targetName: string | null
  readonly address: string | null
  readonly program: string | null
  readonly credential: string | null
}

/** What holds for all executions of a statement shape; intents refer to it by `p`. */
export interface PlanRecord extends RecordBase {
  readonly k: 'plan'
  readonly p: number
  readonly shape: string
  readonly verb: string
  readonly tables: readonly string[]
  readonly hidden: readonly string[]
  readonly verdict: 'allowed' | 'denied'
  readonly code: string | null
  readonly reason: string | null
  readonly by: DecidedBy
}

/** Sealed: a JSON array of statement texts. Intents refer to it by its position `t` and the place in the array `i`. */
export interface TextsRecord extends RecordBase {
  readonly k: 'texts'
  /** Base64. */
  readonly sealed: string
}

export interface SessionOpenedRecord extends RecordBase {
  readonly k: 'session.opened'
  readonly id: string
  readonly s: number
  readonly by: DecidedBy
}

export interface SessionClosedRecord extends RecordBase {
  readonly k: 'session.closed'
  readonly id: string
  readonly s: number
  readonly reason: string
  readonly bytesFromClient: number
  readonly bytesToClient: number
}

export interface SessionRefusedRecord extends RecordBase {
  readonly k: 'session.refused'
  readonly id: string
  readonly user: string | null
  readonly userName: string
  readonly address: string
  readonly targetName: string
  readonly program: string
  readonly code: string
}

export interface StatementRecord extends RecordBase {
  readonly k: 'statement'
  readonly id: string
  readonly s: number
  readonly p: number
  /** Position of the texts record; 0: the text is the plan's shape. */
  readonly t: number
  readonly i: number
  readonly strength: 'written' | 'strict'
}

/** Has no id of its own: its position is enough. */
export interface EndedRecord extends RecordBase {
  readonly k: 'statement.ended'
  /** Position of the intent; 0: it is not known, and `statement` names it. */
  readonly of: number
  readonly statement?: string
  readonly rows: number
  readonly bytes: number
  readonly ms: number
  readonly result: string
}

/** So many statements like the one named, which is on record in full, that a query rule calls noise. */
export interface NoiseRecord extends RecordBase {
  readonly k: 'statement.noise'
  readonly id: string
  readonly s: number
  readonly statement: string
  readonly count: number
}

/** Rows of the statement named, as they were before or after it; themselves sealed and elsewhere. */
export interface SnapshotRecord extends RecordBase {
  readonly k: 'statement.snapshot'
  readonly id: string
  readonly s: number
  readonly statement: string
  readonly part: 'before' | 'after' | 'none'
  readonly table: string
  readonly rows: number
  /** SHA-256 of the sealed rows. */
  readonly hash: string
  readonly why: string | null
}

export interface AccessRecord extends RecordBase {
  readonly k: 'sign-in' | 'sign-in.failed' | 'sign-out'
  readonly id: string
  readonly user: string | null
  readonly userName: string
  readonly address: string
  readonly code: string | null
}

export interface ChangeRecord extends RecordBase {
  readonly k: 'changed'
  readonly id: string
  readonly user: string | null
  readonly userName: string
  readonly address: string
  readonly what: string
  readonly object: string
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>
}

export interface ServerRecord extends RecordBase {
  readonly k: 'server.started' | 'server.stopped'
  readonly id: string
  readonly version: string
}

/** Something about the journal itself. */
export interface NoteRecord extends RecordBase {
  readonly k: 'note'
  /**
   * `probe`: a write to learn whether writing works. `cut`: so many bytes at the end of the former segment were no whole
   * records and were set aside. `lost`: so many events that nobody waited for could not be kept while writing failed.
   */
  readonly what: 'probe' | 'cut' | 'lost'
  readonly count: number
}

export type JournalRecord =
  | SegmentRecord
  | SessionRecord
  | PlanRecord
  | TextsRecord
  | SessionOpenedRecord
  | SessionClosedRecord
  | SessionRefusedRecord
  | StatementRecord
  | EndedRecord
  | NoiseRecord
  | SnapshotRecord
  | AccessRecord
  | ChangeRecord
  | ServerRecord
  | NoteRecord

/** @returns `undefined` if the body is no record; its fields are those that this server wrote under the hash it checked */
export function parseRecord(body: string): JournalRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('n' in value) || !('at' in value) || !('k' in value)) {
    return undefined
  }
  if (!Number.isSafeInteger(value.n) || typeof value.at !== 'number' || typeof value.k !== 'string') {
    return undefined
  }
  return value as JournalRecord
}
