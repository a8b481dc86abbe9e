// What a driver has to do for the SQL page, whatever protocol it speaks.

import type { Duplex } from 'node:stream'
import type { QueryEvent } from './contract.ts'
import type { ToldResults } from './told-results.ts'

export interface TargetClient {
  /** Logs in and runs the text. */
  start(): void
  /** Asks the target to stop what runs; what comes after is told no more. */
  cancel(): void
  /** Says goodbye. */
  end(): void
}

export interface ClientParts {
  readonly stream: Duplex
  readonly userName: string
  readonly database: string
  readonly program: string
  readonly sql: string
  readonly results: ToldResults
  /** A second stream to the same target, for asking it to stop what runs on the first. */
  readonly openAnother: () => Duplex
  readonly notice: (message: string) => void
  /** The text has failed: nothing more will come. */
  readonly failed: (event: QueryEvent) => void
  /** The text has run to its end. */
  readonly ended: () => void
}

export const connectionLost = 'The connection to the target was lost.'
