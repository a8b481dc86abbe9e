// What a driver does for the SQL editor, whatever protocol it speaks: a session at a target that runs one text after another.

import type { Duplex } from 'node:stream'
import { type ErrorCode, told } from '../../core/errors.ts'
import type { RunEvent, SqlSession } from '../contract.ts'

export type Transaction = SqlSession['transaction']
export type RunError = Omit<Extract<RunEvent, { readonly kind: 'error' }>, 'kind' | 'statement'>

export interface ConnectionParts {
  readonly stream: Duplex
  readonly userName: string
  readonly database: string
  readonly program: string
  /** A second stream to the same target, for asking it to stop what runs on the first. */
  readonly openAnother: () => Duplex
  /** The session is over, and not because we said so. Called once. */
  readonly lost: (error: RunError) => void
}

export interface ConnectionText {
  readonly sql: string
  /** In text form, for the placeholders of a single statement. */
  readonly parameters?: readonly (string | null)[] | undefined
}

/** What the answers to one text are told to. Nothing is told after `settled`. */
export interface RunListener {
  columns(columns: readonly { readonly name: string; readonly type: string }[]): void
  row(values: readonly (string | null)[]): void
  /** @param rows  how many the statement gave or changed; those told if not given */
  done(command: string, rows?: number): void
  notice(message: string): void
  /** A statement failed; none of the text is run after it. */
  failed(error: RunError): void
  /** The target is ready for the next text. */
  settled(transaction: Transaction): void
}

export interface TargetConnection {
  /** Settles once texts can be run. @throws RunFailure */
  open(): Promise<void>
  /** One at a time. */
  run(text: ConnectionText, listener: RunListener): void
  /** Asks the target to stop what runs. */
  cancel(): void
  /** Says goodbye. */
  end(): void
}

/** What the target or the gateway said on the way in. */
export class RunFailure extends Error {
  readonly told: RunError

  constructor(told: RunError) {
    super(told.message)
    this.told = told
  }
}

export const connectionLost: RunError = {
  sqlState: '08006',
  message: 'The connection to the target was lost.',
  hint: undefined,
  position: undefined,
  refused: false,
}

/** Whether a target's word is a code of the gateway. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(told, code)
