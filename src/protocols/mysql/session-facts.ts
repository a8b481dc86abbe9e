// What decides how the target reads the texts of a session. Asked of the target itself, whenever it may have changed: what a
// client says about it can mean many things.

import { decodeTextRow } from './codec.ts'

export interface SessionFacts {
  readonly sqlMode: string
  /** Character set of the client's texts, and the one that literals have. */
  readonly characterSet: string
  readonly connectionCharacterSet: string
  /** The current database; `undefined`: none. */
  readonly database: string | undefined
}

/**
 * Carries no statement of the user. In binary, so that no character set for results changes it; with a limit of its own, so
 * that `sql_select_limit` does not.
 */
export const factsQuestion =
  'SELECT CAST(@@sql_mode AS BINARY), CAST(@@character_set_client AS BINARY),' +
  ' CAST(@@character_set_connection AS BINARY), CAST(CONVERT(DATABASE() USING utf8mb4) AS BINARY) LIMIT 1'

/** @returns `undefined` if the rows are not the answer to the question */
export function readFacts(rows: readonly Buffer[]): SessionFacts | undefined {
  const [row] = rows
  if (!row || rows.length !== 1) return undefined
  const [sqlMode, characterSet, connectionCharacterSet, database] = decodeTextRow(row, factsCount)
  if (typeof sqlMode !== 'string' || typeof characterSet !== 'string') return undefined
  if (typeof connectionCharacterSet !== 'string') return undefined
  return { sqlMode, characterSet, connectionCharacterSet, database: database ?? undefined }
}

const factsCount = 4

/** System variables that are told with an OK when they change, and that say the same. */
export const isFact = (variable: string): boolean =>
  variable === 'sql_mode' || variable.startsWith('character_set_') || variable.startsWith('collation_')

/** What is no answer to it cannot be read either. */
export function factsIn(rows: readonly Buffer[]): SessionFacts | undefined {
  try {
    return readFacts(rows)
  } catch {
    return undefined
  }
}
