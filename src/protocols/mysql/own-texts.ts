// Texts that the gateway makes, or looks for in what a client says: commands in words, the wish to kill, ways back.

import type { Passed } from '../../gate/gate.ts'
import type { Refusal } from './refuse.ts'
import { wordRefusal } from './refuse.ts'

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** Commands of the protocol, as the statements that mean the same. */
export const ownTexts = {
  use: (database: string) => `USE ${quoted(database)}`,
  fields: (table: string) => `SHOW FULL FIELDS FROM ${quoted(table)}`,
  processes: 'SHOW PROCESSLIST',
  kill: (id: number) => `KILL ${id}`,
  /** Carries no statement of the user. */
  readOnly: 'SET SESSION TRANSACTION READ ONLY',
}

export interface KillWish {
  readonly kind: 'query' | 'connection'
  readonly id: number
}

const kill = /^\s*kill\s+(?:(?:hard|soft)\s+)?(?:(query|connection)\s+)?(\d{1,10})\s*;?\s*$/i

/** Comments that do not run, and white space: what programs put before a statement, a reason for instance. */
const before = /^(?:\s|\/\*(?!M?!)[^]*?\*\/|--\s[^\n]*(?:\n|$)|#[^\n]*(?:\n|$))*/

/** @returns `undefined` if the text is not a plain `KILL` of a session by its number */
export function killWish(text: string): KillWish | undefined {
  // `k` and `K`, or what may stand before them.
  if ((text.charCodeAt(0) | 0x20) !== 0x6b && !/^[\s/#-]/.test(text)) return undefined
  const [, kind, id] = kill.exec(text.replace(before, '')) ?? []
  return id === undefined
    ? undefined
    : { kind: kind?.toLowerCase() === 'query' ? 'query' : 'connection', id: Number(id) }
}

/** The statements that lead back to a character set that can be read; they mean the same in every one. */
const back =
  /^\s*set\s+(?:names|character\s+set)\s+(['"]?)(?:utf8mb4|utf8mb3|utf8|latin1|ascii|binary)\1\s*;?\s*$/i
export const isWayBack = (text: string): boolean => back.test(text)

const turnsWritable = /read\s+write|read_only|set_var|;/i

/** @returns why not, for what would let a session write that policy wants read only */
export function keepsReadOnly({ original, reading }: Passed): Refusal | undefined {
  const isSetting = reading.action.statements.some(({ verb }) => /^(?:SET|START|BEGIN)/.test(verb))
  return isSetting && turnsWritable.test(original.replace(/[\s;]+$/, ''))
    ? wordRefusal(1142, '42000', 'Policy lets you read only here: the session cannot be made to write.')
    : undefined
}

/** Whether the text of a `LOAD DATA LOCAL` names this very file. */
export function namesFile(text: string, name: string): boolean {
  const [, quote = '', written = ''] =
    /\blocal\s+infile\s+(['"])((?:\\.|\1\1|(?!\1)[^\\])*)\1/is.exec(text) ?? []
  if (quote === '') return false
  return written.replaceAll(quote + quote, quote).replaceAll(/\\(.)/gs, '$1') === name || written === name
}
