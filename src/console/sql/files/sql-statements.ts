// Cuts a file of SQL into statements, piece by piece, at the semicolons that stand outside of quotes and comments.

import { GatewayError } from '../../../core/errors.ts'
import type { TargetProtocol } from '../../../core/target.ts'
import type { FileStatement } from './file-rows.ts'

/** Statements of nothing, one behind the other. */
const emptyMax = 10_000

/** @throws GatewayError `request.invalid` for a statement that is longer than is read */
export async function* sqlStatements(
  text: AsyncIterable<string>,
  protocol: TargetProtocol,
  charsMax: number,
): AsyncGenerator<FileStatement> {
  let pending = ''
  let line = 1
  let empty = 0
  for await (const piece of text) {
    pending += piece
    for (;;) {
      const end = endOf(pending, protocol, false)
      if (end === undefined) break
      const found = [...statementIn(pending.slice(0, end), line, protocol)]
      empty = found.length > 0 ? 0 : empty + 1
      if (empty > emptyMax)
        throw new GatewayError('request.invalid', `line ${line}: nothing stands between many semicolons.`)
      // Others have their turn.
      if (empty % 1_000 === 999) await new Promise(resolve => void setImmediate(resolve))
      yield* found
      line += linesIn(pending.slice(0, end + 1))
      pending = pending.slice(end + 1)
    }
    if (pending.length > charsMax)
      throw new GatewayError(
        'request.invalid',
        `line ${line}: the statement is longer than ${charsMax} characters.`,
      )
  }
  const end = endOf(pending, protocol, true) ?? pending.length
  yield* statementIn(pending.slice(0, end), line, protocol)
}

/** White space and comments in front of a statement; not those of MySQL that run. */
const before: Readonly<Record<TargetProtocol, RegExp>> = {
  postgres: /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/,
  mysql: /^(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!M?!)[\s\S]*?\*\/)*/,
}

function* statementIn(text: string, line: number, protocol: TargetProtocol): Generator<FileStatement> {
  const begins = before[protocol].exec(text)?.[0] ?? ''
  if (begins.length === text.length) return
  yield { line: line + linesIn(begins), text: text.slice(begins.length).trimEnd() }
}

const linesIn = (text: string): number => text.split('\n').length - 1

/** Where the first statement ends; `undefined`: not in this text, or not certainly. */
function endOf(text: string, protocol: TargetProtocol, isAll: boolean): number | undefined {
  const isMysql = protocol === 'mysql'
  for (let at = 0; at < text.length; ) {
    const sign = text[at] ?? ''
    if (sign === ';') return at
    const next = pass(text, at, sign, isMysql)
    if (next === undefined) return isAll ? text.length : undefined
    at = next
  }
  return undefined
}

/** Behind what begins at a place; `undefined`: its end is not in the text. */
function pass(text: string, at: number, sign: string, isMysql: boolean): number | undefined {
  const two = text.slice(at, at + 2)
  if (two === '--' || (isMysql && sign === '#')) return behind(text, '\n', at)
  if (two === '/*') return isMysql ? behind(text, '*/', at + 2) : passComment(text, at)
  if (sign === "'" || sign === '"' || (isMysql && sign === '`')) {
    const escapes = isMysql ? sign !== '`' : /(?:^|[^\w$])[eE]$/.test(text.slice(Math.max(0, at - 2), at))
    return passQuoted(text, at, sign, escapes && !(sign === '"' && !isMysql))
  }
  if (!isMysql && sign === '$' && !/[\w$]/.test(text[at - 1] ?? '')) {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(text.slice(at, at + 70))?.[0]
    if (tag !== undefined) return behind(text, tag, at + tag.length)
  }
  return at + 1
}

function behind(text: string, end: string, from: number): number | undefined {
  const found = text.indexOf(end, from)
  return found < 0 ? undefined : found + end.length
}

/** Comments of PostgreSQL stand within each other. */
function passComment(text: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const two = text.slice(at, at + 2)
    if (two === '/*' || two === '*/') {
      depth += two === '/*' ? 1 : -1
      at += 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

function passQuoted(text: string, from: number, quote: string, escapes: boolean): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    const sign = text[at]
    if (escapes && sign === '\\') at += 1
    // Two of them are one, and begin anew here: it comes to the same.
    else if (sign === quote) return at + 1
  }
  return undefined
}
