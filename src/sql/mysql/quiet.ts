// Whether the conditions of a statement may meet rows that a filter leaves out. The server is free to look at them first; then
// nothing of theirs may fail, warn, count or remember: only comparisons of columns with what is of their own kind.

import { foldColumn } from './schema-index.ts'
import type { Survey } from './survey-facts.ts'
import type { Expression, Join, Limit, Query, QueryBody, Statement } from './syntax.ts'

type Family = 'number' | 'text' | 'time'

/** By folded name; `undefined`: not the same in all tables, or of another kind. */
type Families = ReadonlyMap<string, Family | undefined>

/** @param statement what is sent as one */
export function isQuiet(statement: Statement, survey: Survey): boolean {
  const families = familiesOf(survey)
  switch (statement.kind) {
    case 'query':
      return isQuietQuery(statement, families, true)
    case 'insert':
      return isQuietWithin({ ...statement, query: undefined }, families) && isQuietSource(statement, families)
    case 'update':
    case 'delete': {
      const { where, ...others } = statement
      return (where === undefined || isQuietCondition(where, families)) && isQuietWithin(others, families)
    }
    default:
      return false
  }
}

function isQuietSource(statement: object, families: Families): boolean {
  const { query } = statement as { readonly query?: Query | undefined }
  return query === undefined || isQuietQuery(query, families, true)
}

/** Whether `LIMIT ROWS EXAMINED` is in it, which would count the rows that a filter leaves out. */
export function countsExamined(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(countsExamined)
  if (typeof tree !== 'object' || tree === null) return false
  if ('kind' in tree && tree.kind === 'limit' && (tree as Limit).examined !== undefined) return true
  return Object.values(tree).some(countsExamined)
}

function familiesOf(survey: Survey): Families {
  const families = new Map<string, Family | undefined>()
  for (const { target } of survey.references) {
    for (const { name, type } of target.kind === 'session' ? [] : (target.relation?.columns ?? [])) {
      const folded = foldColumn(name)
      const family = familyOf(type)
      families.set(folded, families.has(folded) && families.get(folded) !== family ? undefined : family)
    }
  }
  return families
}

function familyOf(type: string): Family | undefined {
  if (/^(?:(?:tiny|small|medium|big)?int|integer|decimal|numeric|float|double|year)\b/i.test(type))
    return 'number'
  if (/^(?:var)?char\b|^(?:tiny|medium|long)?text\b|^enum\b/i.test(type)) return 'text'
  return /^(?:date|datetime|timestamp)\b/i.test(type) ? 'time' : undefined
}

/** @param outermost nobody asks about its columns but the client: they are computed of the rows that are left */
function isQuietQuery(query: Query, families: Families, outermost: boolean): boolean {
  const { body, with: clause } = query
  const tables = clause?.expressions ?? []
  return (
    tables.every(one => one.columns.length === 0 && isQuietQuery(one.query, families, false)) &&
    isQuietBody(body, families, outermost) &&
    isQuietWithin([query.orderBy, query.limit], families)
  )
}

function isQuietBody(body: QueryBody, families: Families, outermost: boolean): boolean {
  switch (body.kind) {
    case 'bracketed':
      return isQuietQuery(body.query, families, outermost)
    case 'set-operation':
      // The kinds of its columns are those of several queries.
      return outermost && isQuietBody(body.left, families, true) && isQuietBody(body.right, families, true)
    case 'select': {
      const { items, where, having, ...others } = body
      const named = items.every(({ expression, alias }) => {
        return expression.kind === 'star' || (expression.kind === 'column' && alias === undefined)
      })
      return (
        (outermost || named) &&
        (where === undefined || isQuietCondition(where, families)) &&
        (having === undefined || isQuietCondition(having, families)) &&
        isQuietWithin([items, others], families)
      )
    }
    default:
      return isQuietWithin(body, families)
  }
}

/** Queries, joins and tables made of queries, wherever they are. */
function isQuietWithin(value: unknown, families: Families): boolean {
  if (Array.isArray(value)) return value.every(item => isQuietWithin(item, families))
  if (typeof value !== 'object' || value === null) return true
  const node = value as { readonly kind?: string }
  if (node.kind === 'query') return isQuietQuery(node as Query, families, false)
  if (node.kind === 'join') {
    const { on, using, natural, ...others } = node as Join
    if (natural || using?.some(name => families.get(foldColumn(name.text)) === undefined)) return false
    return (
      (on === undefined || isQuietCondition(on, families)) && isQuietWithin(Object.values(others), families)
    )
  }
  if (node.kind === 'derived' && (node as { readonly columns: readonly unknown[] }).columns.length > 0)
    return false
  if (node.kind === 'json-table') return false
  return Object.values(node).every(item => isQuietWithin(item, families))
}

function isQuietCondition(condition: Expression, families: Families): boolean {
  switch (condition.kind) {
    case 'binary': {
      const { operator, left, right } = condition
      if (operator === 'AND' || operator === 'OR' || operator === 'XOR')
        return isQuietCondition(left, families) && isQuietCondition(right, families)
      return comparisons.has(operator) && comparesAlike(left, right, families)
    }
    case 'unary':
      return condition.operator === 'NOT' && isQuietCondition(condition.operand, families)
    case 'is':
      return condition.operand.kind === 'column' && condition.test === 'NULL'
    case 'between':
      return [condition.low, condition.high].every(one => comparesStrictly(condition.operand, one, families))
    case 'like':
      return (
        comparesStrictly(condition.operand, condition.pattern, families) && condition.escape === undefined
      )
    case 'in':
      return condition.list.every(one =>
        one.kind === 'subquery'
          ? condition.operand.kind === 'column' && isQuietList(condition.operand, one.query, families)
          : comparesStrictly(condition.operand, one, families),
      )
    case 'exists':
      return isQuietQuery({ ...condition.query }, families, true)
    case 'literal':
      return condition.type === 'number' || condition.type === 'boolean' || condition.type === 'null'
    default:
      return false
  }
}

/** `a IN (SELECT b …)`, both of one kind. */
function isQuietList(operand: Expression, query: Query, families: Families): boolean {
  const { body } = query
  if (body.kind !== 'select' || body.items.length !== 1) return false
  const [item] = body.items
  if (!item || !comparesStrictly(operand, item.expression, families)) return false
  return isQuietQuery(query, families, false)
}

const comparisons: ReadonlySet<string> = new Set(['=', '<=>', '<>', '<', '<=', '>', '>='])

function comparesAlike(left: Expression, right: Expression, families: Families): boolean {
  // Of the rows that are left.
  if (isAggregate(left) || isAggregate(right)) return isQuietWithin([left, right], families)
  if (comparesStrictly(left, right, families) || comparesStrictly(right, left, families)) return true
  const [column, other] = left.kind === 'column' ? [left, right] : [right, left]
  const family = familyIn(column, families)
  // What cannot be turned into a time or a number is said once, however many rows there are.
  if (other.kind === 'parameter' || other.kind === 'user-variable')
    return family === 'number' || family === 'time'
  return family === 'time' && other.kind === 'literal' && other.type === 'string'
}

/** A column, and a column or constant of its kind. */
function comparesStrictly(left: Expression, right: Expression, families: Families): boolean {
  const family = familyIn(left, families)
  if (left.kind !== 'column' || family === undefined) return false
  if (right.kind === 'column') return familyIn(right, families) === family
  const value = right.kind === 'unary' && right.operator === '-' ? right.operand : right
  if (value.kind !== 'literal') return false
  if (value.type === 'null') return true
  if (value.type === 'temporal') return family === 'time'
  if (value.type === 'string') return family === 'text' && value === right && value.introducer === undefined
  return value.type === 'number' && family === 'number'
}

function familyIn(expression: Expression, families: Families): Family | undefined {
  return expression.kind === 'column'
    ? families.get(foldColumn(expression.parts.at(-1)?.text ?? ''))
    : undefined
}

const aggregates: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'])

function isAggregate(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    expression.parts.length === 1 &&
    aggregates.has(expression.name) &&
    !expression.over
  )
}
