// What a view shows once the same is hidden in its definition.

import type { Sight } from '../../core/verdict.ts'
import type { Relation } from '../schema.ts'
import { canonicalise } from './canonical.ts'
import { isSystemSchema } from './names.ts'
import { parse } from './parse.ts'
import { meansTheSame } from './read-expression.ts'
import { Refusal, unreadable, unsafe } from './refusal.ts'
import { rewriteStatement } from './rewrite.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import { applySplices, orderSplices } from './splice.ts'
import { initialState } from './state.ts'
import { readStatement } from './statements.ts'
import { sqlModeUsual } from './syntax.ts'

export interface View {
  /** The definition in parentheses, if anything in it had to be changed. */
  readonly query: string | undefined
  /** Whether anything in it was masked or filtered, and not only read in another order. */
  readonly changed: boolean
  readonly plansTell: boolean
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
  if (relation.kind !== 'view' || isSystemSchema(relation.schema) || !rewriting.sight.hidesAnything)
    return undefined
  const { sight, options, surroundings } = rewriting
  const key = `${options.maskKey} ${surroundings.modeText} ${surroundings.product} ${surroundings.version}`
  const known = cache.get(sight)?.get(relation)
  let view = known?.key === key ? known.view : undefined
  if (view === undefined) {
    try {
      view = expand(rewriting, relation)
    } catch (error) {
      view = problemOfView(relation, error)
    }
    const ofSight = cache.get(sight) ?? new WeakMap()
    ofSight.set(relation, { key, view })
    cache.set(sight, ofSight)
  }
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
  const { within, index } = rewriting
  if (definition === undefined || definition === '' || within.length > depthMax || within.includes(name)) {
    throw unreadable(`The definition of the view "${relation.name}" could not be read.`)
  }
  // The server keeps definitions in its own words, to be read in the usual mode.
  const usual = { ...rewriting.surroundings, sqlMode: sqlModeUsual, modeText: '', database: undefined }
  const canonical = canonicalise(definition, usual)
  const parsed = canonical.problem ?? parse(canonical.text, usual)
  if (parsed.kind === 'problem')
    throw unreadable(`The definition of the view "${relation.name}" could not be read.`)
  const [node, ...more] = parsed.statements
  if (node?.kind !== 'query' || more.length > 0) {
    throw unreadable(`The definition of the view "${relation.name}" could not be read.`)
  }
  const options = { ...rewriting.options, rowLimit: undefined }
  const inner = beginRewriting({ ...rewriting, options, surroundings: usual }, canonical.text, [
    ...within,
    name,
  ])
  // Names in it are qualified; what it calls counts for the person who reads the view.
  const context = {
    index,
    state: { ...initialState, sqlMode: '', database: undefined },
    surroundings: usual,
    factsOf: () => ({ effects: [], tables: [] }),
  }
  const reading = readStatement(node, context, canonical.text)
  rewriteStatement(inner, reading)
  const bases = (reading.survey?.references ?? []).flatMap(({ target }) => {
    if (target.kind !== 'relation') return []
    return viewIn(inner, target.relation)?.bases ?? [target.relation]
  })
  const query =
    inner.splices.length > 0 ? `(${applySplices(canonical.text, orderSplices(inner.splices))}\n)` : undefined
  if (query !== undefined && !meansTheSame(query, rewriting.surroundings.sqlMode)) {
    throw unsafe('It would mean something else in your sql_mode. Choose the usual one.')
  }
  const { changed, plansTell, hidden } = inner
  return { bases, query, changed, plansTell, hidden, touched: inner.touched || changed }
}
