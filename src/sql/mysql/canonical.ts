// Comments that run: evaluated as the target would, so that what is judged is what runs.

import { isDashComment, isSpace, skipQuoted } from './lexer-text.ts'
import type { Canonical, ParseContext, ParseProblem } from './syntax.ts'

/**
 * The text with every comment that runs opened (its marks become blanks) and every one that is kept from this target's
 * version blanked out. Positions stay those of the text. Never throws.
 */
export function canonicalise(text: string, context: ParseContext): Canonical {
  const versions = text.includes('/*!') || (context.product === 'mariadb' && text.includes('/*M!'))
  const hints = knowsHints(context) && text.includes('/*+')
  if (!versions && !hints) return { text }
  const walk: Walk = { text, context, pieces: [], copied: 0, opened: -1, problem: undefined }
  for (let at = 0; at < text.length && walk.problem === undefined; ) at = step(walk, at)
  if (walk.problem === undefined && walk.opened >= 0)
    fail(walk, 'A comment that runs does not end', walk.opened)
  if (walk.problem !== undefined) return { text, problem: walk.problem }
  if (walk.copied === 0) return { text }
  walk.pieces.push(text.slice(walk.copied))
  return { text: walk.pieces.join('') }
}

interface Walk {
  readonly text: string
  readonly context: ParseContext
  readonly pieces: string[]
  /** Up to here the text is in `pieces`. */
  copied: number
  /** Where the comment that runs and has not ended yet began; -1 without. */
  opened: number
  problem: ParseProblem | undefined
}

const HASH = 35
const STAR = 42
const MINUS = 45
const SLASH = 47

function fail(walk: Walk, message: string, position: number): number {
  walk.problem ??= { kind: 'problem', message, position }
  return walk.text.length
}

function blank(walk: Walk, from: number, to: number): void {
  walk.pieces.push(walk.text.slice(walk.copied, from), ' '.repeat(to - from))
  walk.copied = to
}

/** Over one sign, literal or comment; the place behind it. */
function step(walk: Walk, at: number): number {
  const { text, context } = walk
  const c = text.charCodeAt(at)
  if (c === 39 || c === 34 || c === 96) {
    const escapes = !context.sqlMode.noBackslashEscapes && !(c === 34 && context.sqlMode.ansiQuotes)
    const end = skipQuoted(text, at, escapes)
    return end < 0 ? fail(walk, 'A quoted text does not end', at) : end
  }
  if (c === HASH || (c === MINUS && isDashComment(text, at))) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end + 1
  }
  if (c === STAR && walk.opened >= 0 && text.charCodeAt(at + 1) === SLASH) {
    walk.opened = -1
    blank(walk, at, at + 2)
    return at + 2
  }
  if (c === SLASH && text.charCodeAt(at + 1) === STAR) return comment(walk, at)
  return at + 1
}

function comment(walk: Walk, at: number): number {
  const { text, context } = walk
  const mariadbOnly = text.startsWith('M!', at + 2)
  if (text.charCodeAt(at + 2) === 33 || (mariadbOnly && context.product === 'mariadb')) {
    return versionComment(walk, at, at + (mariadbOnly ? 4 : 3), mariadbOnly)
  }
  const end = text.indexOf('*/', at + 2)
  if (end < 0) return fail(walk, 'A comment does not end', at)
  if (text.charCodeAt(at + 2) === 43 && knowsHints(context)) checkHints(walk, at + 3, end)
  return end + 2
}

/** `behind`: behind the mark `/*!` or `/*M!`. */
function versionComment(walk: Walk, at: number, behind: number, mariadbOnly: boolean): number {
  if (walk.opened >= 0) return fail(walk, 'A comment that runs stands within another', at)
  const { text, context } = walk
  let digits = 0
  while (digits < 7 && isDigit(text.charCodeAt(behind + digits))) digits += 1
  let length = digits < 5 ? 0 : 5
  if (digits >= 6) {
    const six = sixDigits(text, behind, context)
    if (six === undefined) return fail(walk, 'The version of this comment can be read in two ways', at)
    if (six) length = 6
  }
  const runs = length === 0 || runsAt(Number(text.slice(behind, behind + length)), context, mariadbOnly)
  if (!runs) return skipped(walk, at, behind)
  walk.opened = at
  blank(walk, at, behind + length)
  return behind + length
}

/** Whether the sixth digit belongs to the version; undefined where servers of that version are not known to agree. */
function sixDigits(text: string, behind: number, context: ParseContext): boolean | undefined {
  if (context.product === 'mariadb') return true
  if (context.version < 80000) return false
  // Newer ones take six digits if white space follows; before that was so, five.
  if (isSpace(text.charCodeAt(behind + 6))) return context.version >= 80400 ? true : undefined
  return context.version >= 80400 ? false : undefined
}

function runsAt(version: number, context: ParseContext, mariadbOnly: boolean): boolean {
  if (version > context.version) return false
  // Versions that only MySQL has had.
  const ofMysql = version >= 50700 && version <= 99999
  return context.product === 'mysql' || mariadbOnly || !ofMysql
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** A comment that does not run; comments within it are allowed, one deep, whatever quotes there are. */
function skipped(walk: Walk, at: number, behind: number): number {
  const { text } = walk
  for (let i = behind; i < text.length; i += 1) {
    if (text.startsWith('/*', i)) {
      const inner = text.indexOf('*/', i + 2)
      if (inner < 0) break
      i = inner + 1
    } else if (text.startsWith('*/', i)) {
      blank(walk, at, i + 2)
      return i + 2
    }
  }
  return fail(walk, 'A comment does not end', at)
}

// ── hints of the optimizer ─────────────────────────────────────────────────────────────────────────────────────────────

function knowsHints(context: ParseContext): boolean {
  return context.product === 'mysql' && context.version >= 50700
}

/** Those that say how to read, and change nothing else. SET_VAR sets variables; RESOURCE_GROUP needs a right. */
const harmlessHints: ReadonlySet<string> = new Set(
  `BKA NO_BKA BNL NO_BNL DERIVED_CONDITION_PUSHDOWN NO_DERIVED_CONDITION_PUSHDOWN GROUP_INDEX NO_GROUP_INDEX HASH_JOIN
   NO_HASH_JOIN INDEX NO_INDEX INDEX_MERGE NO_INDEX_MERGE JOIN_FIXED_ORDER JOIN_INDEX NO_JOIN_INDEX JOIN_ORDER JOIN_PREFIX
   JOIN_SUFFIX MAX_EXECUTION_TIME MERGE NO_MERGE MRR NO_MRR NO_ICP NO_RANGE_OPTIMIZATION ORDER_INDEX NO_ORDER_INDEX QB_NAME
   SEMIJOIN NO_SEMIJOIN SKIP_SCAN NO_SKIP_SCAN SUBQUERY`.split(/\s+/),
)

function checkHints(walk: Walk, from: number, to: number): void {
  const inside = walk.text.slice(from, to)
  // No quotes and no marks: what ends the comment for one reader ends it for all.
  if (!/^[\w\s$@,().]*$/.test(inside)) {
    fail(walk, 'A hint in this comment cannot be read', from)
    return
  }
  for (const hint of inside.matchAll(/([A-Za-z_]\w*)\s*\(/g)) {
    if (harmlessHints.has((hint[1] ?? '').toUpperCase())) continue
    fail(walk, `The hint ${hint[1]} is not permitted`, from + hint.index)
    return
  }
}
