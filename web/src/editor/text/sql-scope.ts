// What names can stand at a place of a statement: the tables in reach with their aliases, common table expressions, and
// what kind of name the place wants. For completion only.

import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { type SqlToken, sqlTokens, unquoted } from './sql-tokens.ts'

export interface ScopeTable {
  /** What it is called within the statement. */
  readonly alias: string
  /** `undefined` for a sub-select. */
  readonly name: string | undefined
  readonly schema: string | undefined
  /** Known from the text itself: of a sub-select or common table expression. */
  readonly columns: readonly string[] | undefined
}

export type Wanted =
  /** Behind a dot: `c.`, `public.`, `public.customers.` */
  | { readonly kind: 'member'; readonly path: readonly string[] }
  /** Where a table stands. */
  | { readonly kind: 'table' }
  | { readonly kind: 'expression' }
  /** Within a string or comment, or where a new name is given. */
  | { readonly kind: 'nothing' }

export interface Scope {
  readonly wanted: Wanted
  readonly tables: readonly ScopeTable[]
  readonly ctes: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** Where the name that is being written begins. */
  readonly from: number
}

interface Part extends SqlToken {
  readonly text: string
  /** In capitals, for words. */
  readonly upper: string
  /** Depth of parentheses around it. */
  readonly depth: number
}

const tableWords = new Set([
  'FROM',
  'JOIN',
  'UPDATE',
  'INTO',
  'TABLE',
  'STRAIGHT_JOIN',
  'TRUNCATE',
  'DESCRIBE',
])
const listEnds = new Set(
  (
    'WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH WINDOW UNION INTERSECT EXCEPT RETURNING SET ON USING VALUES SELECT FOR ' +
    'LEFT RIGHT INNER OUTER FULL CROSS NATURAL JOIN STRAIGHT_JOIN LATERAL PARTITION USE FORCE IGNORE TABLESAMPLE'
  ).split(' '),
)

function partsOf(text: string, dialect: TargetProtocol): readonly Part[] {
  let depth = 0
  return sqlTokens(text, dialect)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map(token => {
      const written = text.slice(token.from, token.to)
      if (written === ')') depth = Math.max(0, depth - 1)
      const part: Part = {
        ...token,
        text: written,
        upper: token.kind === 'word' ? written.toUpperCase() : '',
        depth,
      }
      if (written === '(') depth += 1
      return part
    })
}

const isName = (part: Part | undefined): part is Part => part?.kind === 'word' || part?.kind === 'name'

function closing(parts: readonly Part[], open: number): number {
  const depth = parts[open]?.depth ?? 0
  const found = parts.findIndex((part, index) => index > open && part.text === ')' && part.depth === depth)
  return found < 0 ? parts.length : found
}

/** The names of the columns that a select gives, as far as the text says. */
function selectedNames(parts: readonly Part[], from: number, to: number): readonly string[] {
  const start = parts.findIndex((part, index) => index >= from && index < to && part.upper === 'SELECT')
  if (start < 0) return []
  const depth = parts[start]?.depth ?? 0
  const names: string[] = []
  let last: Part | undefined
  const close = () => {
    if (isName(last) && last.upper !== 'SELECT') names.push(unquoted(last.text))
    last = undefined
  }
  for (let at = start + 1; at < to; at += 1) {
    const part = parts[at]
    if (part === undefined || part.depth < depth) break
    if (part.depth > depth) continue
    if (part.upper === 'FROM' || listEnds.has(part.upper)) break
    if (part.text === ',') close()
    else last = part
  }
  close()
  return names
}

/** Reads the tables from behind FROM and its like on. */
function readTables(parts: readonly Part[], start: number, end: number): readonly ScopeTable[] {
  const tables: ScopeTable[] = []
  let at = start
  for (;;) {
    while (['LATERAL', 'ONLY', 'IGNORE', 'TABLE'].includes(parts[at]?.upper ?? '')) at += 1
    const path: string[] = []
    let columns: readonly string[] | undefined
    if (parts[at]?.text === '(') {
      const close = closing(parts, at)
      columns = selectedNames(parts, at + 1, close)
      at = close + 1
    } else {
      while (at < end && isName(parts[at])) {
        path.push(unquoted(parts[at]?.text ?? ''))
        at += 1
        if (parts[at]?.text !== '.') break
        at += 1
      }
      if (path.length === 0) return tables
    }
    if (parts[at]?.upper === 'AS') at += 1
    const given = parts[at]
    const hasAlias = at < end && isName(given) && !listEnds.has(given.upper)
    const name = path.at(-1)
    const alias = hasAlias ? unquoted(given.text) : name
    if (hasAlias) at += 1
    if (alias !== undefined) tables.push({ alias, name, schema: path.at(-2), columns })
    if (parts[at]?.text !== ',' || at >= end) return tables
    at += 1
  }
}

function tablesBetween(
  parts: readonly Part[],
  from: number,
  to: number,
  depth: number,
): readonly ScopeTable[] {
  const tables: ScopeTable[] = []
  for (let at = from; at < to; at += 1) {
    const part = parts[at]
    if (part?.depth === depth && tableWords.has(part.upper)) tables.push(...readTables(parts, at + 1, to))
  }
  return tables
}

function readCtes(parts: readonly Part[]): Scope['ctes'] {
  const ctes: { readonly name: string; readonly columns: readonly string[] }[] = []
  for (const [index, part] of parts.entries()) {
    if (part.upper !== 'WITH') continue
    let at = index + 1
    if (parts[at]?.upper === 'RECURSIVE') at += 1
    while (isName(parts[at])) {
      const name = unquoted(parts[at]?.text ?? '')
      at += 1
      let columns: readonly string[] | undefined
      if (parts[at]?.text === '(') {
        const close = closing(parts, at)
        columns = parts
          .slice(at + 1, close)
          .filter(isName)
          .map(({ text }) => unquoted(text))
        at = close + 1
      }
      if (parts[at]?.upper !== 'AS') break
      while (['AS', 'NOT', 'MATERIALIZED'].includes(parts[at]?.upper ?? '')) at += 1
      if (parts[at]?.text !== '(') break
      const close = closing(parts, at)
      ctes.push({ name, columns: columns ?? selectedNames(parts, at + 1, close) })
      at = close + 1
      if (parts[at]?.text !== ',') break
      at += 1
    }
  }
  return ctes
}

/** What the words before the place want. */
function wantedBehind(before: readonly Part[]): Wanted {
  const path: string[] = []
  let at = before.length - 1
  while (before[at]?.text === '.' && isName(before[at - 1])) {
    path.unshift(unquoted(before[at - 1]?.text ?? ''))
    at -= 2
  }
  if (path.length > 0) return { kind: 'member', path }
  const last = before[at]
  if (last === undefined) return { kind: 'expression' }
  if (tableWords.has(last.upper)) return { kind: 'table' }
  if (last.upper === 'AS') return { kind: 'nothing' }
  if (last.text === ',') {
    // A list goes on: of tables, if the clause that it belongs to is FROM.
    const clause = before.findLast(
      part => part.depth === last.depth && (tableWords.has(part.upper) || listEnds.has(part.upper)),
    )
    if (clause !== undefined && tableWords.has(clause.upper) && clause.upper !== 'INTO')
      return { kind: 'table' }
  }
  return { kind: 'expression' }
}

/** Whether a place lies in a string or comment; behind its last character too, while it is not closed. */
function isWithinText(text: string, offset: number, dialect: TargetProtocol): boolean {
  return sqlTokens(text, dialect).some(({ kind, from, to }) => {
    if (from >= offset || to < offset || (kind !== 'string' && kind !== 'comment')) return false
    if (to > offset) return true
    const written = text.slice(from, to)
    if (kind === 'comment') return !written.startsWith('/*') || !written.endsWith('*/')
    return written.length === 1 || !/['"$]$/.test(written)
  })
}

const setOperators = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS'])

/** @param text    one statement
 *  @param offset  the place in it */
export function scopeAt(text: string, offset: number, dialect: TargetProtocol): Scope {
  const parts = partsOf(text, dialect)
  // The name that is being written is no part of what stands before it.
  const writing = parts.find(part => part.from < offset && part.to >= offset && isName(part))
  const from = writing?.from ?? offset
  const before = parts.filter(part => part.to <= from)
  if (isWithinText(text, offset, dialect))
    return { wanted: { kind: 'nothing' }, tables: [], ctes: [], from: offset }
  const tables: ScopeTable[] = []
  let depth = before.at(-1)?.text === '(' ? (before.at(-1)?.depth ?? 0) + 1 : (before.at(-1)?.depth ?? 0)
  let at = before.length - 1
  for (;;) {
    // The select that surrounds the place, between its parentheses and its UNIONs.
    const isEdge = (part: Part) =>
      part.depth < depth || (part.depth === depth && setOperators.has(part.upper))
    let start = at
    while (start >= 0 && !isEdge(parts[start] as Part)) start -= 1
    let end = at + 1
    while (end < parts.length && !isEdge(parts[end] as Part)) end += 1
    tables.push(...tablesBetween(parts, start + 1, end, depth))
    while (start >= 0 && (parts[start]?.depth ?? 0) >= depth) start -= 1
    if (start < 0 || depth === 0) break
    depth -= 1
    at = start
  }
  return { wanted: wantedBehind(before), tables, ctes: readCtes(parts), from }
}
