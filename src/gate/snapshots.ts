// Rows as they were before and after a statement: sealed, stored, and put on record by their hash before the change goes on.

import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { StatementSnapshot } from '../core/event.ts'
import type { EventId, NewId, SessionId } from '../core/ids.ts'
import type { Session } from '../core/session.ts'
import type { RecordTrail } from './record-trail.ts'

export type SnapshotPart = 'before' | 'after'

/** A row's values as the target writes them as text; `null` is NULL. */
export type ImageRow = readonly (string | null)[]

/** Rows of one table. */
export interface RowImage {
  readonly schema: string
  readonly table: string
  /** `binary`: its values are bytes, in base64. */
  readonly columns: readonly { readonly name: string; readonly binary?: true }[]
  /** Columns that name a row; empty: none do. */
  readonly key: readonly string[]
  readonly rows: readonly ImageRow[]
}

export interface StoredSnapshot {
  readonly id: EventId
  readonly statementId: EventId
  readonly part: SnapshotPart
  readonly sessionId: SessionId
  readonly userName: string
  readonly targetId: string
  readonly targetName: string
  /** `schema.table` */
  readonly table: string
  readonly atMs: number
  readonly rows: number
  readonly sealed: string
  /** SHA-256 of what is sealed, hexadecimal; the audit has it too. */
  readonly hash: string
}

/** Where snapshots are; `main` hands in the server database. */
export interface SnapshotStore {
  /** @throws Error if there is one of that statement and part */
  add(snapshot: StoredSnapshot): Promise<void>
  /** Of one statement: before, then after. */
  find(statementId: string): Promise<readonly StoredSnapshot[]>
  /** @returns how many there were */
  removeBefore(atMs: number): Promise<number>
}

/** What is sealed is bound to its purpose: it opens for that alone. */
export interface SnapshotSealing {
  seal(plain: string, purpose: string): string
  /** @throws Error if it was changed, or belongs to something else */
  open(sealed: string, purpose: string): string
}

export interface SnapshotsParts {
  readonly store: SnapshotStore
  readonly sealing: SnapshotSealing
  readonly trail: RecordTrail
  readonly clock: Clock
  readonly newId: NewId
}

export interface Snapshots {
  /** Resolves once the rows are stored and their hash is on record. @throws GatewayError `audit.unavailable` */
  keep(session: Session, statement: EventId, part: SnapshotPart, image: RowImage): Promise<void>
  /** Puts on record why rows are not kept, or not all. */
  skip(session: Session, statement: EventId, table: string, why: string): void
  /** Opens what is kept of a statement. @throws Error if it is not what was recorded */
  open(statement: string): Promise<readonly OpenedSnapshot[]>
}

export interface OpenedSnapshot extends Omit<StoredSnapshot, 'sealed' | 'rows'> {
  readonly image: RowImage
}

const purposeOf = (statement: string, part: SnapshotPart): string => `snapshot:${statement}:${part}`

const hashOf = (sealed: string): string => createHash('sha256').update(sealed).digest('hex')

export function createSnapshots({ store, sealing, trail, clock, newId }: SnapshotsParts): Snapshots {
  const eventOf = (
    session: Session,
    statementId: EventId,
    more: Pick<StatementSnapshot, 'part' | 'table' | 'rows' | 'hash' | 'why'>,
  ): StatementSnapshot => ({
    kind: 'statement.snapshot',
    id: newId<EventId>(),
    atMs: clock.nowMs(),
    sessionId: session.id,
    statementId,
    ...more,
  })
  const recorded = (event: StatementSnapshot): Promise<void> =>
    new Promise((resolve, reject) =>
      trail.record([event], error => (error === undefined ? resolve() : reject(error))),
    )
  return {
    async keep(session, statementId, part, image) {
      const table = `${image.schema}.${image.table}`
      const rows = image.rows.length
      try {
        const sealed = sealing.seal(JSON.stringify(image), purposeOf(statementId, part))
        const hash = hashOf(sealed)
        const event = eventOf(session, statementId, { part, table, rows, hash, why: undefined })
        await store.add({
          id: event.id,
          statementId,
          part,
          sessionId: session.id,
          userName: session.user.name,
          targetId: session.target.id,
          targetName: session.target.name,
          table,
          atMs: event.atMs,
          rows,
          sealed,
          hash,
        })
        await recorded(event)
      } catch (error) {
        throw new GatewayError('audit.unavailable', '', { cause: error })
      }
    },
    skip(session, statementId, table, why) {
      trail.append(eventOf(session, statementId, { part: 'none', table, rows: 0, hash: '', why }))
    },
    async open(statement) {
      const found = await store.find(statement)
      return found.map(({ sealed, rows: _rows, ...snapshot }) => {
        if (hashOf(sealed) !== snapshot.hash) throw new Error('a snapshot is not what was recorded')
        const plain = sealing.open(sealed, purposeOf(snapshot.statementId, snapshot.part))
        return { ...snapshot, image: JSON.parse(plain) as RowImage }
      })
    },
  }
}
