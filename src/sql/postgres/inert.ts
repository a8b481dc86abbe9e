// Whether the literals of a text make a difference to its reading: only then may a judgement hold for every text of its form.

import { liftLiterals } from './lift.ts'
import type { StatementReading } from './statement-reading.ts'
import { type Tree, bodyOf, isTree, nodeOf, treeOf } from './tree.ts'

const queryKinds: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
])

/**
 * True only if every literal that `liftLiterals` finds is known to stand where this room never looks at its value: as a
 * constant of an expression. So `UESCAPE '!'`, `FLOAT(53)`, `TIMESTAMP(3)` and whatever else the grammar takes for itself
 * make it false, for no constant stands there in the tree.
 *
 * @param bytes the text, one character for each byte
 */
export function isInert(text: string, bytes: string, statements: readonly StatementReading[]): boolean {
  if (!statements.every(isPlainQuery)) return false
  const lifted = liftLiterals(text)
  if (!lifted || lifted.literals.length === 0) return false
  const places = new Set<number>()
  for (const { kind, body } of statements) notePlaces(places, bytes, { [kind]: body }, decidesRows(kind))
  let at = 0
  let byte = 0
  for (let index = 0; index < lifted.literals.length; index += 2) {
    const start = lifted.literals[index] ?? 0
    byte = text === bytes ? start : byte + Buffer.byteLength(text.slice(at, start))
    at = start
    if (!places.has(byte)) return false
  }
  return true
}

/** Kinds whose condition says which rows change. */
function decidesRows(kind: string): boolean {
  return kind === 'UpdateStmt' || kind === 'DeleteStmt' || kind === 'MergeStmt'
}

function isPlainQuery(statement: StatementReading): boolean {
  return (
    queryKinds.has(statement.kind) &&
    statement.treatment === 'query' &&
    statement.changes.length === 0 &&
    !statement.changesSchema &&
    statement.handle === undefined &&
    statement.inner.length === 0 &&
    statement.definitions.length === 0 &&
    // The only function whose arguments are looked at.
    statement.survey?.functions.every(mention => mention.name !== 'set_config') === true
  )
}

/** @param changes whether conditions here may decide which rows are changed */
function notePlaces(places: Set<number>, bytes: string, value: unknown, changes: boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) notePlaces(places, bytes, item, changes)
    return
  }
  if (!isTree(value)) return
  const node = nodeOf(value)
  if (node) {
    if (node.kind === 'A_Const') notePlace(places, bytes, node.body)
    else notePlaces(places, bytes, node.body, changes || decidesRows(node.kind))
    return
  }
  for (const key in value) {
    // Lengths and precisions belong to the type.
    if (key === 'typmods') continue
    // `WHERE 1 = 1` changes all rows, `WHERE 1 = 2` none.
    if (changes && conditions.has(key) && !isDecidedByColumns(value[key])) continue
    notePlaces(places, bytes, value[key], changes)
  }
}

const conditions: ReadonlySet<string> = new Set(['whereClause', 'joinCondition'])

/** Comparisons joined by AND and OR, each of which looks at a column. Of patterns, `%` is true of every row. */
function isDecidedByColumns(condition: unknown): boolean {
  const node = nodeOf(condition)
  if (node === undefined) return false
  if (node.kind === 'BoolExpr') {
    const parts = node.body['args']
    return Array.isArray(parts) && parts.every(isDecidedByColumns)
  }
  if (node.kind === 'NullTest' || node.kind === 'ColumnRef') return true
  if (node.kind !== 'A_Expr' || node.body['kind'] === 'AEXPR_LIKE' || node.body['kind'] === 'AEXPR_ILIKE')
    return false
  return bodyOf(node.body['lexpr'], 'ColumnRef') !== undefined
}

/** A sign before a number is part of the constant to the grammar. */
function notePlace(places: Set<number>, bytes: string, constant: Tree): void {
  if (!treeOf(constant, 'ival') && !treeOf(constant, 'fval') && !treeOf(constant, 'sval')) return
  const location = constant['location']
  let at = typeof location === 'number' ? location : 0
  if (at < 0) return
  while (at < bytes.length && /[-\s(]/.test(bytes.charAt(at))) at += 1
  places.add(at)
}
