// One visit of one user to one target.

import type { SessionId } from './ids.ts'
import type { Target } from './target.ts'
import type { User } from './user.ts'

/** Where a visit comes from. */
export interface ClientFacts {
  /** Address of the client, or `console` for the in-memory stream of the SQL editor. */
  readonly address: string
  /** What the client program calls itself (`application_name`), unverified; empty if it does not say. */
  readonly program: string
  /** The connection token that was shown, or `console`. */
  readonly credential: string
}

export interface Session {
  readonly id: SessionId
  readonly user: User
  readonly target: Target
  readonly client: ClientFacts
  readonly startedAtMs: number
}
