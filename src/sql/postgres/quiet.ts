// Whether the conditions of a statement may meet rows that a filter leaves out. The server is free to look at them first; then
// nothing of theirs may fail, wait, tell or remember: only comparisons of plain columns with what is of their own kind.

import type { Sight } from '../../core/verdict.ts'
import { isTree, bodyOf, listOf, namesOf, nodeOf, textOf, type Tree } from './tree.ts'
import { mentionOf } from './survey.ts'
import type { Rewriting } from './rewriting.ts'
import { sightOf } from './sights.ts'
import type { Reference, Survey } from './survey-facts.ts'

type Family =
  | 'whole'
  | 'big'
  | 'exact'
  | 'float'
  | 'text'
  | 'truth'
  | 'uuid'
  | 'date'
  | 'timestamp'
  | 'timestamptz'

/** What kind of column a mention is of; `undefined`: not known for certain. */
type FamilyOf = (column: Tree) => Family | undefined

const cache = new WeakMap<Sight, WeakMap<Survey, boolean>>()

/**
 * Never looks at the value of a constant: a judgement by form holds for all of them.
 *
 * @param tree the whole statement: the server moves conditions between its levels
 */
export function isQuiet(rewriting: Rewriting, survey: Survey, tree: unknown): boolean {
  // Whoever reads a view adds conditions that are not known here.
  if (rewriting.within.length > 0) return false
  const ofSight = cache.get(rewriting.sight) ?? new WeakMap<Survey, boolean>()
  cache.set(rewriting.sight, ofSight)
  let quiet = ofSight.get(survey)
  if (quiet === undefined) {
    quiet = isPlain(rewriting, survey) && isQuietWithin(tree, columnFamilies(rewriting, survey.references))
    ofSight.set(survey, quiet)
  }
  return quiet
}

function isPlain({ index }: Rewriting, survey: Survey): boolean {
  const symbols = new Set([...survey.operators, ...comparisons])
  return (
    !survey.stray &&
    survey.references.every(reference => !reference.renames && reference.target.kind === 'relation') &&
    [...symbols].every(symbol => index.operatorsNamed(symbol).length === 0)
  )
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>='])

function columnFamilies(rewriting: Rewriting, references: readonly Reference[]): FamilyOf {
  const familyIn = ({ target }: Reference, name: string): Family | undefined => {
    if (target.kind !== 'relation') return undefined
    const { relation } = target
    // What is masked is an expression, and so may be any column of a view.
    if (relation.kind !== 'table' && relation.kind !== 'partitioned') return undefined
    if (sightOf(rewriting.index, rewriting.sight, relation)?.hidden.has(name)) return undefined
    return familyOf(relation.columns.find(column => column.name === name)?.type)
  }
  return column => {
    const { fields } = mentionOf(column)
    const [name, qualifier] = [fields.at(-1) ?? '', fields.at(-2)]
    if (fields.length > 2) return undefined
    const named = references.filter(reference => {
      if (qualifier !== undefined) return reference.alias === qualifier
      return reference.target.kind !== 'relation' || hasColumn(reference.target.relation.columns, name)
    })
    const families = new Set(named.map(reference => familyIn(reference, name)))
    return families.size === 1 ? [...families][0] : undefined
  }
}

function hasColumn(columns: readonly { readonly name: string }[], name: string): boolean {
  return columns.some(column => column.name === name)
}

/** Types of the server's own, whose comparisons never fail. */
export function familyOf(type: string | undefined): Family | undefined {
  const plain = type?.replace(/\(\d+(,-?\d+)?\)/, '')
  return plain === undefined ? undefined : families.get(plain)
}

const families: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['smallint', 'whole'],
  ['integer', 'whole'],
  ['bigint', 'big'],
  ['numeric', 'exact'],
  ['real', 'float'],
  ['double precision', 'float'],
  ['text', 'text'],
  ['character varying', 'text'],
  ['character', 'text'],
  ['boolean', 'truth'],
  ['uuid', 'uuid'],
  ['date', 'date'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
])

/** What makes a relation of an expression, or a condition of a query. */
const loud: ReadonlySet<string> = new Set([
  'SubLink',
  'RangeSubselect',
  'RangeFunction',
  'RangeTableFunc',
  'JsonTable',
  'CommonTableExpr',
  'MergeStmt',
])

const conditions: ReadonlySet<string> = new Set(['whereClause', 'havingClause', 'quals'])

function isQuietWithin(value: unknown, family: FamilyOf): boolean {
  if (Array.isArray(value)) return value.every(item => isQuietWithin(item, family))
  if (!isTree(value)) return true
  for (const key in value) {
    if (loud.has(key)) return false
    if (conditions.has(key) && !isQuietCondition(value[key], family)) return false
  }
  const join = bodyOf(value, 'JoinExpr')
  if (join && !isQuietJoin(join, family)) return false
  return Object.values(value).every(item => isQuietWithin(item, family))
}

function isQuietJoin(join: Tree, family: FamilyOf): boolean {
  if (join['isNatural'] === true || join['alias'] !== undefined) return false
  return namesOf(join, 'usingClause').every(name =>
    comparesAmongColumns(family({ fields: [{ String: { sval: name } }] })),
  )
}

function isQuietCondition(condition: unknown, family: FamilyOf): boolean {
  const node = nodeOf(condition)
  if (!node) return false
  const { kind, body } = node
  switch (kind) {
    case 'BoolExpr':
      return listOf(body, 'args').every(part => isQuietCondition(part, family))
    case 'ColumnRef':
      return family(body) === 'truth'
    case 'A_Const':
      return true
    case 'NullTest':
      return isKnownColumn(body['arg'], family)
    case 'A_Expr':
      return isQuietComparison(body, family)
    default:
      return false
  }
}

function isKnownColumn(value: unknown, family: FamilyOf): boolean {
  const column = bodyOf(value, 'ColumnRef')
  return column !== undefined && family(column) !== undefined
}

/** Patterns are none: one that ends in an escape fails on the rows alone that match it so far. */
function isQuietComparison(body: Tree, family: FamilyOf): boolean {
  const names = namesOf(body, 'name')
  const [left, right] = [body['lexpr'], body['rexpr']]
  switch (textOf(body, 'kind')) {
    case 'AEXPR_OP':
      if (names.length !== 1 || !comparisons.has(names[0] ?? '')) return false
      return comparesAlike(left, right, family) || comparesAlike(right, left, family)
    case 'AEXPR_IN':
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const items = listOf(bodyOf(right, 'List') ?? {}, 'items')
      return items.length > 0 && items.every(item => comparesAlike(left, item, family))
    }
    default:
      return false
  }
}

/** A column, and a constant, a parameter or a column of its kind. Strings are read as that kind before any row is. */
function comparesAlike(left: unknown, right: unknown, family: FamilyOf): boolean {
  const node = nodeOf(right)
  if (nodeOf(left)?.kind === 'A_Const') return node?.kind === 'A_Const'
  const column = bodyOf(left, 'ColumnRef')
  const kind = column && family(column)
  if (kind === undefined) return false
  if (node?.kind === 'A_Const') return true
  // Its type is for the client to choose: the column could be turned into it, which may fail.
  if (node?.kind === 'ParamRef') return comparesWithParameters.has(kind)
  const other = node?.kind === 'ColumnRef' ? family(node.body) : undefined
  return comparesAmongColumns(kind) && (other === kind || (isInteger(kind) && isInteger(other)))
}

function isInteger(kind: Family | undefined): boolean {
  return kind === 'whole' || kind === 'big'
}

// A `bigint` would become an `oid` beside one, and not each can.
const comparesWithParameters: ReadonlySet<Family> = new Set(['whole', 'text', 'truth', 'uuid'])

/** Texts of two collations cannot be compared, which is said at the first row. */
function comparesAmongColumns(kind: Family | undefined): boolean {
  return kind !== undefined && kind !== 'text'
}
