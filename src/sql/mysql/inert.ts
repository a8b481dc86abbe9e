// Whether the values of a statement's literals made no difference to how it is read and rewritten.

import type { Lifted } from '../dialect.ts'
import type { StatementReading } from './statement-reading.ts'
import type { Delete, Expression, Update } from './syntax.ts'

/** True only if every literal that was lifted stands where this room never looks at its value: as a constant of an expression. */
export function isInert(
  statements: readonly StatementReading[],
  text: string,
  lifted: Lifted | undefined,
): boolean {
  if (!lifted || lifted.literals.length === 0 || !statements.every(isPlainStatement)) return false
  const places = new Set<number>()
  if (!statements.every(({ node }) => notePlaces(places, node, text))) return false
  for (let at = 0; at < lifted.literals.length; at += 2) {
    if (!places.has(lifted.literals[at] ?? -1)) return false
  }
  return true
}

/** Notes where constants are; false if a text is a name here, or would be repeated elsewhere by the rewriting. */
function notePlaces(places: Set<number>, value: object, text: string): boolean {
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'object' && item !== null && !notePlaces(places, item as object, text)) return false
    }
    return true
  }
  const node = value as { readonly kind?: string; readonly start?: number } & Readonly<
    Record<string, unknown>
  >
  switch (node.kind) {
    case 'literal':
      places.add(node.start ?? -1)
      return true
    case 'period':
    case 'into':
      return false
    case 'name': {
      const first = text.charCodeAt(node.start ?? 0)
      return first !== quote && first !== doubleQuote
    }
    default:
      for (const key in node) {
        const child = node[key]
        if (typeof child === 'object' && child !== null && !notePlaces(places, child, text)) return false
      }
      return true
  }
}

const quote = 0x27
const doubleQuote = 0x22

function isPlainStatement(statement: StatementReading): boolean {
  if (statement.literalsMatter || statement.changes.length > 0 || statement.changesSchema || statement.inner)
    return false
  const { node } = statement
  return (node.kind !== 'update' && node.kind !== 'delete') || decidesByColumns(node)
}

/** Whether a condition leaves out rows does not hang on a constant: each part of it compares a column. */
function decidesByColumns(node: Update | Delete): boolean {
  if (node.tables.some(table => table.kind !== 'table')) return false
  return node.where === undefined || comparesColumns(node.where)
}

function comparesColumns(expression: Expression): boolean {
  switch (expression.kind) {
    case 'binary': {
      const { operator, left, right } = expression
      if (operator === 'AND' || operator === 'OR') return comparesColumns(left) && comparesColumns(right)
      return left.kind === 'column' || right.kind === 'column'
    }
    case 'unary':
      return expression.operator === 'NOT' && comparesColumns(expression.operand)
    case 'in':
    case 'between':
    case 'is':
      return expression.operand.kind === 'column'
    default:
      return false
  }
}
