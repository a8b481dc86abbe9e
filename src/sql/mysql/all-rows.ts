// Whether an UPDATE or DELETE could leave a row out.

import { foldColumn } from './schema-index.ts'
import type { Delete, Expression, TableReference, Update } from './syntax.ts'

export function changesAllRows(node: Update | Delete): boolean {
  if (node.limit || node.portion) return false
  if (node.where && !isAlwaysTrue(node.where)) return false
  return !joinsLimit(node.tables)
}

/** A join that could leave rows out: an inner one with a condition, or with another table at all. */
function joinsLimit(tables: readonly TableReference[]): boolean {
  return tables.some(reference => {
    if (reference.kind === 'nested') return joinsLimit(reference.tables)
    if (reference.kind === 'derived') return false
    if (reference.kind !== 'join') return false
    if (reference.natural || reference.using) return true
    return (
      (reference.on !== undefined && !isAlwaysTrue(reference.on)) ||
      joinsLimit([reference.left, reference.right])
    )
  })
}

/** `1`, `1 = 1`, `'a' = 'a'`, `id = id`, `NOT 0`, `1 OR x`, `TRUE AND 1`: conditions that no row fails, or only NULL does. */
export function isAlwaysTrue(expression: Expression): boolean {
  const value = constantOf(expression)
  if (value !== undefined) return value !== 0 && value !== null
  if (expression.kind === 'binary') {
    const { operator, left, right } = expression
    if (operator === 'OR') return isAlwaysTrue(left) || isAlwaysTrue(right)
    if (operator === 'AND') return isAlwaysTrue(left) && isAlwaysTrue(right)
    if (operator === '=' || operator === '<=>' || operator === '>=' || operator === '<=')
      return alike(left, right)
  }
  if (expression.kind === 'like' && !expression.not) {
    const { pattern } = expression
    return pattern.kind === 'literal' && /^%+$/.test(pattern.value)
  }
  if (expression.kind === 'unary' && expression.operator === 'NOT') {
    const inner = expression.operand
    return inner.kind === 'binary' && inner.operator === '<>' && alike(inner.left, inner.right)
  }
  if (expression.kind === 'is' && expression.not && expression.test === 'NULL') {
    return expression.operand.kind === 'literal'
  }
  return false
}

/** The same column, or expressions that are written the same of columns and constants. */
function alike(left: Expression, right: Expression): boolean {
  if (left.kind === 'column' && right.kind === 'column') {
    return (
      foldColumn(left.parts.at(-1)?.text ?? '') === foldColumn(right.parts.at(-1)?.text ?? '') &&
      sameTable(left.parts, right.parts)
    )
  }
  return false
}

function sameTable(left: readonly { text: string }[], right: readonly { text: string }[]): boolean {
  if (left.length < 2 || right.length < 2) return true
  return foldColumn(left.at(-2)?.text ?? '') === foldColumn(right.at(-2)?.text ?? '')
}

type Constant = number | string | null

/** The value of an expression of literals alone, as far as such conditions are written by people. */
function constantOf(expression: Expression): number | null | undefined {
  const value = valueOf(expression)
  return typeof value === 'string' ? Number.parseFloat(value) || 0 : value
}

function valueOf(expression: Expression): Constant | undefined {
  switch (expression.kind) {
    case 'literal':
      if (expression.type === 'null') return null
      if (expression.type === 'boolean') return expression.value.toUpperCase() === 'TRUE' ? 1 : 0
      if (expression.type === 'number') return Number(expression.value)
      if (expression.type === 'hex' || expression.type === 'bit' || expression.type === 'temporal') return 1
      return expression.value
    case 'unary': {
      const value = constantOf(expression.operand)
      if (value === undefined || value === null) return value
      if (expression.operator === 'NOT' || expression.operator === '!') return value === 0 ? 1 : 0
      if (expression.operator === '-') return -value
      return expression.operator === '~' ? 1 : value
    }
    case 'binary':
      return binaryOf(expression.operator, valueOf(expression.left), valueOf(expression.right))
    case 'in':
      return expression.not ? undefined : inOf(expression.operand, expression.list)
    case 'between': {
      const [value, low, high] = [
        constantOf(expression.operand),
        constantOf(expression.low),
        constantOf(expression.high),
      ]
      if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') return undefined
      return (value >= low && value <= high) !== expression.not ? 1 : 0
    }
    default:
      return undefined
  }
}

function inOf(operand: Expression, list: readonly Expression[]): Constant | undefined {
  const value = valueOf(operand)
  if (value === undefined) return undefined
  return list.some(one => valueOf(one) === value) ? 1 : undefined
}

function binaryOf(
  operator: string,
  left: Constant | undefined,
  right: Constant | undefined,
): Constant | undefined {
  if (left === undefined || right === undefined) return undefined
  if (operator === '<=>') return left === right ? 1 : 0
  if (left === null || right === null) return null
  if (operator === '=' && typeof left === 'string' && typeof right === 'string') {
    return left.toLowerCase() === right.toLowerCase() ? 1 : 0
  }
  const a = typeof left === 'string' ? Number.parseFloat(left) || 0 : left
  const b = typeof right === 'string' ? Number.parseFloat(right) || 0 : right
  switch (operator) {
    case '=':
      return a === b ? 1 : 0
    case '<>':
      return a !== b ? 1 : 0
    case '<':
      return a < b ? 1 : 0
    case '<=':
      return a <= b ? 1 : 0
    case '>':
      return a > b ? 1 : 0
    case '>=':
      return a >= b ? 1 : 0
    case 'AND':
      return a !== 0 && b !== 0 ? 1 : 0
    case 'OR':
      return a !== 0 || b !== 0 ? 1 : 0
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '|':
      return Number(BigInt(Math.trunc(a)) | BigInt(Math.trunc(b)))
    default:
      return undefined
  }
}
