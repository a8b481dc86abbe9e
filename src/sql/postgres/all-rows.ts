// Whether an UPDATE or DELETE could leave a row out. A guard against slips of the hand, not against people who want to.

import type { Write } from './survey-facts.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf, nodeOf, textOf } from './tree.ts'

/** An UPDATE, DELETE or MERGE whose condition is missing or true of every row. A join alone leaves nothing out. */
export function changesAllRows({ kind, body }: Write): boolean {
  if (kind === 'InsertStmt') return false
  if (kind !== 'MergeStmt') return body['whereClause'] === undefined || isAlwaysTrue(body['whereClause'])
  if (!isAlwaysTrue(body['joinCondition'])) return false
  return listOf(body, 'mergeWhenClauses').some(item => {
    const clause = bodyOf(item, 'MergeWhenClause')
    if (!clause || clause['matchKind'] !== 'MERGE_WHEN_MATCHED') return false
    const command = textOf(clause, 'commandType')
    return (command === 'CMD_UPDATE' || command === 'CMD_DELETE') && clause['condition'] === undefined
  })
}

/** `true`, `1 = 1`, `id = id`, `x OR true`, `NOT false`: what every row fulfils, or every row without NULL. */
function isAlwaysTrue(value: unknown): boolean {
  const node = nodeOf(value)
  if (!node) return false
  const { kind, body } = node
  if (kind === 'A_Const') return truthOf(body) === true
  if (kind === 'TypeCast') return isAlwaysTrue(body['arg'])
  if (kind === 'BoolExpr') return isTrueOfAll(body)
  return kind === 'A_Expr' && isTrueComparison(body)
}

function isTrueOfAll(body: Tree): boolean {
  const parts = listOf(body, 'args')
  if (body['boolop'] === 'OR_EXPR') return parts.some(isAlwaysTrue)
  if (body['boolop'] === 'AND_EXPR') return parts.every(isAlwaysTrue)
  const [only] = parts
  const constant = bodyOf(only, 'A_Const')
  return constant !== undefined && truthOf(constant) === false
}

function isTrueComparison(body: Tree): boolean {
  const operator = namesOf(body, 'name').at(-1) ?? ''
  const [left, right] = [body['lexpr'], body['rexpr']]
  if (body['kind'] === 'AEXPR_LIKE' || body['kind'] === 'AEXPR_ILIKE') {
    const pattern = constantOf(right)
    return !operator.startsWith('!') && typeof pattern === 'string' && /^%+$/.test(pattern)
  }
  if (body['kind'] !== 'AEXPR_OP') return false
  const column = bodyOf(left, 'ColumnRef')
  const other = bodyOf(right, 'ColumnRef')
  if (column && other) {
    const same = namesOf(column, 'fields').at(-1) === namesOf(other, 'fields').at(-1)
    return same && ['=', '<=', '>='].includes(operator)
  }
  const [a, b] = [constantOf(left), constantOf(right)]
  if (a === undefined || b === undefined || typeof a !== typeof b) return false
  if (operator === '=') return a === b
  if (operator === '<>') return a !== b
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : operator === '>=' && a >= b
}

/** Of a constant that stands for a truth: `true`, `'t'::boolean`. */
function truthOf(constant: Tree): boolean | undefined {
  const { boolval, sval } = constant
  if (isTree(boolval)) return boolval['boolval'] === true
  const text = isTree(sval) ? sval['sval'] : undefined
  if (typeof text !== 'string') return undefined
  if (/^\s*(t|true|y|yes|on|1)\s*$/i.test(text)) return true
  return /^\s*(f|false|n|no|off|0)\s*$/i.test(text) ? false : undefined
}

function constantOf(value: unknown): number | string | undefined {
  const constant = bodyOf(value, 'A_Const')
  if (!constant) return undefined
  const { ival, fval, sval } = constant
  if (isTree(ival)) return Number(ival['ival'] ?? 0)
  if (isTree(fval)) return Number(fval['fval'])
  const text = isTree(sval) ? sval['sval'] : undefined
  return typeof text === 'string' ? text : undefined
}
