// Routines and triggers of the target: what their body touches decides whether they may run.

import type { TableUse, TargetEffect } from '../../core/action.ts'
import type { Sight } from '../../core/verdict.ts'
import type { Routine } from '../schema.ts'
import { canonicalise } from './canonical.ts'
import { type RoutineFacts, describeFunctions } from './functions.ts'
import { parse } from './parse.ts'
import { rewriteSurvey } from './rewrite.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import type { MysqlIndex } from './schema-index.ts'
import { initialState, parseSqlMode, surroundings } from './state.ts'
import { newDraft } from './statement-reading.ts'
import { surveyStatement } from './survey.ts'
import type { Survey } from './survey-facts.ts'
import type { CallProcedure, CreateRoutine, Opaque, Statement } from './syntax.ts'
import { tableUses } from './table-uses.ts'

export interface Body {
  readonly survey: Survey
  readonly calls: readonly CallProcedure[]
  /** Database that names without one are in. */
  readonly schema: string
}

/** Statements that a body may hold: whatever else is in it cannot be judged before it runs. */
const judged = new Set([
  'query',
  'insert',
  'update',
  'delete',
  'do',
  'set',
  'block',
  'control',
  'call-procedure',
  'transaction',
  'diagnostics',
])

const unjudged = new Set(
  `load handler show describe explain use xa lock-tables unlock-tables prepare execute execute-immediate deallocate kill
  create-table alter-table create-view create-index create-routine define-schema define-sequence drop rename-tables truncate
  table-maintenance grant define-accounts administer help opaque`.split(/\s+/),
)

/** `undefined`: it cannot be looked into. */
export function bodyOf(
  index: MysqlIndex,
  definition: string,
  schema: string,
  mode: string | undefined,
): Body | undefined {
  try {
    const state = { ...initialState, sqlMode: mode ?? '', database: schema }
    const around = surroundings(state, index)
    if (around.sqlMode.oracle || parseSqlMode(mode ?? '').oracle) return undefined
    const canonical = canonicalise(definition, around)
    const parsed = canonical.problem ?? parse(canonical.text, around)
    if (parsed.kind === 'problem') return undefined
    const [node, ...more] = parsed.statements
    if (node?.kind !== 'create-routine' || more.length > 0 || !node.body) return undefined
    const calls: CallProcedure[] = []
    if (!isJudged(node.body, calls)) return undefined
    const survey = surveyStatement([node.body], {
      index,
      state,
      hasParameters: true,
      inTrigger: node.object === 'TRIGGER',
    })
    return { survey, calls, schema }
  } catch {
    return undefined
  }
}

function isJudged(body: CreateRoutine['body'] | Statement | Opaque, calls: CallProcedure[]): boolean {
  const visit = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.every(visit)
    if (typeof value !== 'object' || value === null) return true
    if ('kind' in value && typeof value.kind === 'string') {
      if (
        unjudged.has(value.kind) ||
        (value.kind === 'into' && 'form' in value && value.form !== 'VARIABLES')
      )
        return false
      if (value.kind === 'call-procedure') calls.push(value as CallProcedure)
      if (value.kind === 'set-variable' && 'scope' in value && value.scope === 'GLOBAL') return false
      if (value.kind === 'set-password' || value.kind === 'set-role') return false
    }
    return Object.values(value).every(visit)
  }
  return body !== undefined && judged.has(body.kind) && visit(body)
}

const bodies = new WeakMap<MysqlIndex, WeakMap<Routine, Body | null>>()

function routineBody(index: MysqlIndex, routine: Routine): Body | undefined {
  const ofIndex = bodies.get(index) ?? new WeakMap<Routine, Body | null>()
  bodies.set(index, ofIndex)
  const known = ofIndex.get(routine)
  if (known !== undefined) return known ?? undefined
  const head = routine.kind === 'procedure' ? 'PROCEDURE r()' : 'FUNCTION r() RETURNS INT'
  const readable = routine.language === 'sql' && routine.source !== ''
  const body = readable
    ? bodyOf(index, `CREATE ${head} ${routine.source}`, routine.schema, routine.sqlMode)
    : undefined
  ofIndex.set(routine, body ?? null)
  return body
}

const cache = new WeakMap<Sight, WeakMap<Routine, boolean>>()

/** Whether nothing hidden is within reach of the routine. */
export function routinePasses(rewriting: Rewriting, routine: Routine): boolean {
  const known = cache.get(rewriting.sight)?.get(routine)
  if (known !== undefined) return known
  const name = `${routine.kind} ${routine.schema}.${routine.name}()`
  // A routine that calls itself passes if the rest of it does.
  if (rewriting.within.includes(name)) return true
  const body = routineBody(rewriting.index, routine)
  const passes = body !== undefined && bodyPasses(rewriting, body, name)
  // Within another routine the answer rests on an assumption about that one.
  if (rewriting.within.length === 0) {
    const ofSight = cache.get(rewriting.sight) ?? new WeakMap<Routine, boolean>()
    ofSight.set(routine, passes)
    cache.set(rewriting.sight, ofSight)
  }
  return passes
}

export function bodyPasses(rewriting: Rewriting, body: Body, name: string): boolean {
  const options = { ...rewriting.options, rowLimit: undefined }
  const inner = beginRewriting({ ...rewriting, options }, '', [...rewriting.within, name])
  try {
    rewriteSurvey(inner, body.survey)
    return !inner.changed && body.calls.every(call => callPasses(inner, call, body.schema))
  } catch {
    // What would have to be rewritten cannot be: there is no text of it at hand.
    return false
  }
}

function callPasses(rewriting: Rewriting, { routine }: CallProcedure, schema: string): boolean {
  const called = rewriting.index.routine(routine.schema?.text ?? schema, routine.name.text, 'procedure')
  return called !== undefined && routinePasses(rewriting, called)
}

const unclear: RoutineFacts = { effects: ['administer'], tables: [] }
const facts = new WeakMap<MysqlIndex, WeakMap<Routine, RoutineFacts>>()
const callDepthMax = 20

/** What policy must know of a routine: what its body changes; `administer` if that cannot be told. */
export function routineFacts(index: MysqlIndex, routine: Routine, depth = 0): RoutineFacts {
  const known = facts.get(index)?.get(routine)
  if (known) return known
  if (depth > callDepthMax) return unclear
  const found = factsOfBody(index, routineBody(index, routine), depth)
  const ofIndex = facts.get(index) ?? new WeakMap<Routine, RoutineFacts>()
  ofIndex.set(routine, found)
  facts.set(index, ofIndex)
  return found
}

function factsOfBody(index: MysqlIndex, body: Body | undefined, depth: number): RoutineFacts {
  if (!body) return unclear
  const effects = new Set<TargetEffect>()
  const tables: TableUse[] = []
  const add = (more: RoutineFacts): void => {
    for (const effect of more.effects) effects.add(effect)
    tables.push(...more.tables)
  }
  try {
    add(describeFunctions(body.survey.calls, index, one => routineFacts(index, one, depth + 1)))
  } catch {
    return unclear
  }
  for (const { routine } of body.calls) {
    const called = index.routine(routine.schema?.text ?? body.schema, routine.name.text, 'procedure')
    add(called ? routineFacts(index, called, depth + 1) : unclear)
  }
  const draft = { ...newDraft('CALL', 'query'), survey: body.survey }
  for (const table of tableUses(draft, [])) {
    const changes = table.effects.filter(effect => effect !== 'select')
    if (changes.length > 0) tables.push({ ...table, effects: changes, reads: [] })
  }
  effects.delete('call')
  return { effects: [...effects], tables }
}
