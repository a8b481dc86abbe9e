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
  if (
    !lifted ||
    lifted.literals.length === 0 ||
    !statements.every(statement => isPlainStatement(statement, text))
  ) {
    return false
  }
  const places = new Set<number>()
  for (const { node } of statements) notePlaces(places, node)
  return lifted.literals.every((place, at) => at % 2 === 1 || places.has(place))
}

function notePlaces(places: Set<number>, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) notePlaces(places, item)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if ('kind' in value && value.kind === 'literal' && 'start' in value) places.add(Number(value.start))
  else for (const item of Object.values(value)) if (typeof item === 'object') notePlaces(places, item)
}

function isPlainStatement(statement: StatementReading, text: string): boolean {
  if (statement.literalsMatter || statement.changes.length > 0 || statement.changesSchema || statement.inner)
    return false
  const { node } = statement
  if ((node.kind === 'update' || node.kind === 'delete') && !decidesByColumns(node)) return false
  return isPlain(node, text)
}

/** No text is a name, and none is repeated elsewhere by the rewriting. */
function isPlain(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.every(item => isPlain(item, text))
  if (typeof value !== 'object' || value === null) return true
  if ('kind' in value) {
    if (value.kind === 'period' || value.kind === 'into') return false
    if (value.kind === 'name' && 'start' in value && typeof value.start === 'number') {
      const first = text.charAt(value.start)
      return first !== "'" && first !== '"'
    }
  }
  return Object.values(value).every(item => typeof item !== 'object' || isPlain(item, text))
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
