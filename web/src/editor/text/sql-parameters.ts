// Finds the parameters of a statement (`:name`, `$1`, `?`) outside strings and comments, and puts the server's in their place.

import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { sqlTokens } from './sql-tokens.ts'

export interface SqlParameter {
  /** `:city`, `$1`, `?1` (the first question mark). */
  readonly key: string
  readonly from: number
  readonly to: number
}

/** In definitions and prepared statements the marks are somebody else's. */
const notOurs = new Set(['CREATE', 'ALTER', 'PREPARE', 'DO'])

export function findParameters(text: string, dialect: TargetProtocol): readonly SqlParameter[] {
  const tokens = sqlTokens(text, dialect)
  const code = tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment')
  const first = code[0]
  if (first === undefined || notOurs.has(text.slice(first.from, first.to).toUpperCase())) return []
  const found: SqlParameter[] = []
  let marks = 0
  let brackets = 0
  for (const [index, token] of code.entries()) {
    const written = text.slice(token.from, token.to)
    if (written === '[') brackets += 1
    else if (written === ']') brackets -= 1
    else if (dialect === 'postgres' && /^\$\d/.test(written) && token.kind === 'symbol') {
      found.push({ key: written, from: token.from, to: token.to })
    } else if (dialect === 'mysql' && written === '?') {
      marks += 1
      found.push({ key: `?${marks}`, from: token.from, to: token.to })
    } else if (written === ':' && brackets === 0) {
      const name = code[index + 1]
      const before = text[token.from - 1] ?? ' '
      // Not `a::type`, `x := 1`, `label: loop`, nor what belongs to a word before it.
      if (name?.kind === 'word' && name.from === token.to && !/[\p{L}\p{N}_:@]/u.test(before)) {
        found.push({ key: text.slice(token.from, name.to), from: token.from, to: name.to })
      }
    }
  }
  return found
}

/** The keys in the order in which they are asked for, each once. */
export function parameterKeys(parameters: readonly SqlParameter[]): readonly string[] {
  return [...new Set(parameters.map(({ key }) => key))].toSorted((a, b) =>
    a.startsWith('$') && b.startsWith('$') ? Number(a.slice(1)) - Number(b.slice(1)) : 0,
  )
}

export interface BoundText {
  readonly text: string
  readonly parameters: readonly (string | null)[]
  /** From an offset in the text that is sent to one in the text that was written. */
  readonly written: (offset: number) => number
}

/** The text as the server takes it, with the values in its order. */
export function bindParameters(
  text: string,
  dialect: TargetProtocol,
  values: ReadonlyMap<string, string | null>,
): BoundText {
  const found = findParameters(text, dialect)
  const numbers = new Map<string, number>()
  for (const { key } of found) if (key.startsWith('$')) numbers.set(key, Number(key.slice(1)))
  let highest = Math.max(0, ...numbers.values())
  const parameters: (string | null)[] = []
  for (const [key, number] of numbers) parameters[number - 1] = values.get(key) ?? null
  const edits: { readonly from: number; readonly to: number; readonly written: string }[] = []
  for (const { key, from, to } of found) {
    if (dialect === 'mysql') {
      parameters.push(values.get(key) ?? null)
      edits.push({ from, to, written: '?' })
      continue
    }
    const known = numbers.get(key)
    const number = known ?? highest + 1
    if (known === undefined) {
      highest = number
      numbers.set(key, number)
      parameters[number - 1] = values.get(key) ?? null
    }
    edits.push({ from, to, written: `$${number}` })
  }
  let sent = ''
  let at = 0
  for (const { from, to, written } of edits) {
    sent += text.slice(at, from) + written
    at = to
  }
  return {
    text: sent + text.slice(at),
    parameters: Array.from(parameters, value => value ?? null),
    written(offset) {
      let shift = 0
      for (const { from, to, written } of edits) {
        if (offset < from - shift + written.length)
          return Math.min(offset + shift, Math.max(from, offset + shift))
        shift += to - from - written.length
      }
      return offset + shift
    },
  }
}
