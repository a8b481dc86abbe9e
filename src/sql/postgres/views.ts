// What a view shows once the same is hidden in its definition.

import type { Sight } from '../../core/verdict.ts'
import type { Relation } from '../schema.ts'
import { isSystemSchema } from './names.ts'
import { parseText, toBytes } from './parse.ts'
import { Refusal, unreadable, unsafe } from './refusal.ts'
import { rewriteStatement } from './rewrite.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import { applySplices } from './splice.ts'
import { initialState } from './state.ts'
import { readStatement } from './statements.ts'
import { systemSight } from './system-relations.ts'

export interface View {
  /** The definition in parentheses, if anything in it had to be changed. */
  readonly query: string | undefined
  readonly hidden: ReadonlySet<string>
  /** Whether anything of which something is hidden is behind it. */
  readonly touched: boolean
  /** Tables behind it, through other views, too. */
  readonly bases: readonly Relation[]
}

const depthMax = 50
const cache = new WeakMap<Sight, WeakMap<Relation, { readonly key: string; readonly view: View | Error }>>()

/** `undefined`: it is no view, or one of the server's own. @throws Refusal if the view cannot be looked into */
export function viewIn(rewriting: Rewriting, relation: Relation): View | undefined {
  if (relation.kind !== 'view' && relation.kind !== 'materialized') return undefined
  if (isSystemSchema(relation.schema) || !rewriting.sight.hidesAnything) return undefined
  // Views of extensions over server statistics have their own rule.
  if (systemSight(relation.schema, relation.name)) return undefined
  const { sight, options } = rewriting
  const known = cache.get(sight)?.get(relation)
  if (known && known.key === options.maskKey) {
    if (known.view instanceof Error) throw known.view
    return known.view
  }
  let view: View | Error
  try {
    view = expand(rewriting, relation)
  } catch (error) {
    view = problemOfView(relation, error)
  }
  const ofSight = cache.get(sight) ?? new WeakMap()
  ofSight.set(relation, { key: options.maskKey, view })
  cache.set(sight, ofSight)
  if (view instanceof Error) throw view
  return view
}

/** Positions within the definition mean nothing to whom only names the view. */
function problemOfView(relation: Relation, error: unknown): Refusal {
  const reason = error instanceof Refusal ? error.message : 'It could not be read.'
  return unsafe(`The view "${relation.schema}.${relation.name}" is not let through. ${reason}`)
}

function expand(rewriting: Rewriting, relation: Relation): View {
  const name = `${relation.schema}.${relation.name}`
  const definition = relation.definition?.trim().replace(/;$/, '')
  if (
    definition === undefined ||
    definition === '' ||
    rewriting.within.length > depthMax ||
    rewriting.within.includes(name)
  ) {
    throw unreadable(`The definition of the view "${relation.name}" could not be read.`)
  }
  const { index, sight, options } = rewriting
  const bytes = toBytes(definition)
  const inner = beginRewriting(index, sight, { ...options, rowLimit: undefined }, bytes, [
    ...rewriting.within,
    name,
  ])
  const [parsed, ...more] = parseText(definition)
  if (!parsed || parsed.kind !== 'SelectStmt' || more.length > 0) {
    throw unreadable(`The definition of the view "${relation.name}" could not be read.`)
  }
  // Names in it are qualified; what it calls counts for the person who reads the view.
  const context = {
    index,
    state: { ...initialState, path: [] },
    routineFacts: () => ({ effects: [], tables: [] }),
  }
  const reading = readStatement(parsed, context, definition)
  rewriteStatement(inner, reading)
  const bases = (reading.survey?.references ?? []).flatMap(({ target: named }) => {
    if (named.kind !== 'relation') return []
    return viewIn(inner, named.relation)?.bases ?? [named.relation]
  })
  return {
    bases,
    query: inner.changed ? `(${applySplices(bytes, inner.splices)}\n)` : undefined,
    hidden: inner.hidden,
    touched: inner.touched || inner.changed,
  }
}
