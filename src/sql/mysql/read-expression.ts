// Expressions that the server or a policy holds as text: what columns they read, and whether they are one condition at all.

import { canonicalise } from './canonical.ts'
import { lex } from './lexer.ts'
import { parse } from './parse.ts'
import { foldColumn } from './schema-index.ts'
import {
  type Column,
  type Expression,
  type ParseContext,
  type Select,
  type SqlMode,
  sqlModeUsual,
} from './syntax.ts'

/** For texts whose reading does not depend on the version: no comment in them runs. */
const usual: ParseContext = {
  product: 'mariadb',
  version: 101_100,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}

/** Folded names of the columns that an expression mentions; `undefined` if it cannot be read. */
export function readExpression(text: string): ReadonlySet<string> | undefined {
  const select = selectOf(`SELECT ${text}\n`)
  if (!select || select.items.length !== 1) return undefined
  return new Set(columnsWithin(select.items).map(column => foldColumn(column.parts.at(-1)?.text ?? '')))
}

export interface Condition {
  readonly tree: Expression
  /** Where the condition begins in the text that was parsed. */
  readonly offset: number
}

const conditions = new Map<string, Condition | null>()

/** `undefined`: it is not exactly one condition. */
export function readCondition(text: string): Condition | undefined {
  const known = conditions.get(text)
  if (known !== undefined) return known ?? undefined
  const head = 'SELECT 1 FROM t WHERE ('
  const select = selectOf(`${head}${text}\n)`)
  const plain = select?.where && select.groupBy.length === 0 && !select.having && select.windows.length === 0
  const found = select?.where && plain ? { tree: select.where, offset: head.length } : undefined
  if (conditions.size > 1_000) conditions.clear()
  conditions.set(text, found ?? null)
  return found
}

function selectOf(text: string): Select | undefined {
  if (text.includes('/*!') || text.includes('/*M!')) return undefined
  const canonical = canonicalise(text, usual)
  const parsed = canonical.problem ?? parse(canonical.text, usual)
  if (parsed.kind === 'problem') return undefined
  const [only, ...more] = parsed.statements
  if (only?.kind !== 'query' || more.length > 0) return undefined
  const bare = !only.with && only.orderBy.length === 0 && !only.limit && only.locks.length === 0 && !only.into
  return bare && only.body.kind === 'select' ? only.body : undefined
}

/** Column nodes anywhere in a tree. */
export function columnsWithin(tree: unknown): readonly Column[] {
  const found: Column[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null) {
      if ('kind' in value && value.kind === 'column') found.push(value as Column)
      else for (const child of Object.values(value)) if (typeof child === 'object') visit(child)
    }
  }
  visit(tree)
  return found
}

/** Names that are functions before a bracket only if no space, or IGNORE_SPACE, is in between. */
const spacedFunction =
  /\b(?:adddate|bit_and|bit_or|bit_xor|cast|count|curdate|curtime|date_add|date_sub|extract|group_concat|json_arrayagg|json_objectagg|max|mid|min|now|position|session_user|st_collect|std|stddev|stddev_pop|stddev_samp|subdate|substr|substring|sum|sysdate|system_user|trim|variance|var_pop|var_samp)\s+\(/i

/** Whether a text that was read in the usual mode means the same in a session of another one. */
export function meansTheSame(text: string, mode: SqlMode): boolean {
  const { ansiQuotes, noBackslashEscapes, pipesAsConcat, ignoreSpace, highNotPrecedence } = mode
  if (!ansiQuotes && !noBackslashEscapes && !pipesAsConcat && !ignoreSpace && !highNotPrecedence) return true
  const here = lex(text, usual)
  const there = lex(text, { ...usual, sqlMode: mode })
  if (!('words' in here) || !('words' in there)) return false
  if (pipesAsConcat && here.words.includes('||')) return false
  if (highNotPrecedence && here.words.includes('NOT')) return false
  if (ignoreSpace && spacedFunction.test(text)) return false
  return (
    here.kinds.length === there.kinds.length &&
    here.kinds.every((kind, at) => kind === there.kinds[at] && here.ends[at] === there.ends[at])
  )
}
