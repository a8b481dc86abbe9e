// Routines of the target with a body: what the body touches decides whether they may be called.

import type { TableUse, TargetEffect } from '../../core/action.ts'
import type { Sight } from '../../core/verdict.ts'
import type { Routine } from '../schema.ts'
import { isTrusted } from './functions.ts'
import { parseProcedural, parseText, toBytes, type Parsed } from './parse.ts'
import { quoteName } from './quote.ts'
import { unsafe } from './refusal.ts'
import { rewriteStatement } from './rewrite.ts'
import { type Rewriting, beginRewriting } from './rewriting.ts'
import type { PgIndex } from './schema-index.ts'
import { initialState } from './state.ts'
import { readStatement } from './statements.ts'
import type { Survey } from './survey-facts.ts'
import { isTree } from './tree.ts'

const cache = new WeakMap<Sight, WeakMap<Routine, boolean>>()

/** Whether nothing hidden is within reach of the routine. */
export function routinePasses(rewriting: Rewriting, routine: Routine): boolean {
  const known = cache.get(rewriting.sight)?.get(routine)
  if (known !== undefined) return known
  const name = `${routine.schema}.${routine.name}()`
  // A routine that calls itself passes if the rest of it does.
  if (rewriting.within.includes(name)) return true
  const passes = isTrusted(routine) || bodyPasses(rewriting, routine, name)
  const ofSight = cache.get(rewriting.sight) ?? new WeakMap<Routine, boolean>()
  // Within another routine the answer rests on an assumption about that one.
  if (rewriting.within.length === 0) ofSight.set(routine, passes)
  cache.set(rewriting.sight, ofSight)
  return passes
}

function bodyPasses(rewriting: Rewriting, routine: Routine, name: string): boolean {
  const statements = bodyOf(routine)
  if (!statements) return false
  const { index, sight, options, within } = rewriting
  try {
    for (const { parsed, text } of statements) {
      const inner = beginRewriting(index, sight, { ...options, rowLimit: undefined }, toBytes(text), [
        ...within,
        name,
      ])
      const context = { index, state: initialState, routineFacts: () => readsOnly, hasParameters: true }
      const reading = readStatement(parsed, context, text)
      const named = [...(reading.survey?.references ?? []), ...reading.definitions]
      // Which table an ambiguous name means is decided when the routine runs.
      if (named.some(reference => reference.pin !== undefined)) return false
      if (reading.changesSchema || reading.changes.length > 0) return false
      rewriteStatement(inner, reading)
      if (inner.changed) return false
    }
    return true
  } catch {
    return false
  }
}

interface BodyStatement {
  readonly parsed: Parsed
  readonly text: string
}

/** `undefined`: it cannot be looked into. */
export function bodyOf(routine: Routine): readonly BodyStatement[] | undefined {
  try {
    if (routine.language === 'sql') return statementsOf(routine.source)
    if (routine.language === 'plpgsql') return proceduralStatements(routine)
  } catch {
    return undefined
  }
  return undefined
}

function statementsOf(source: string): readonly BodyStatement[] | undefined {
  const parsed = parseText(source)
  if (parsed.some(one => one.kind === 'CreateFunctionStmt')) return atomicStatements(source)
  return parsed.map(one => ({ parsed: one, text: source }))
}

/** `CREATE FUNCTION … BEGIN ATOMIC …; END` or `RETURN …`, as the server prints it. */
function atomicStatements(source: string): readonly BodyStatement[] | undefined {
  const [parsed] = parseText(source)
  const body = parsed?.body['sql_body']
  const found: BodyStatement[] = []
  const visit = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.every(visit)
    if (!isTree(value)) return false
    for (const kind in value) {
      const inner = value[kind]
      if (kind === 'List' && isTree(inner)) return visit(inner['items'] ?? [])
      if (kind === 'ReturnStmt' && isTree(inner)) {
        const select = { targetList: [{ ResTarget: { val: inner['returnval'] } }], op: 'SETOP_NONE' }
        found.push({
          parsed: { kind: 'SelectStmt', body: select, start: 0, end: source.length },
          text: source,
        })
        return true
      }
      if (!isTree(inner)) return false
      found.push({ parsed: { kind, body: inner, start: 0, end: source.length }, text: source })
      return true
    }
    return false
  }
  return body !== undefined && visit(body) ? found : undefined
}

/** Every SQL text within a PL/pgSQL body; `undefined` if some of it is put together while it runs. */
function proceduralStatements(routine: Routine): readonly BodyStatement[] | undefined {
  const tag = `$sekisho_${routine.oid}$`
  if (routine.source.includes(tag)) return undefined
  const set = routine.returnsSet ? 'SETOF ' : ''
  const head = routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION'
  const returns = routine.kind === 'procedure' ? '' : ` RETURNS ${set}${routine.returnType}`
  const text =
    `CREATE ${head} ${quoteName(routine.name)}(${routine.argumentTypes.join(', ')})${returns} ` +
    `LANGUAGE plpgsql AS ${tag}${routine.source}${tag}`
  const found: BodyStatement[] = []
  let dynamic = false
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item)
      return
    }
    if (!isTree(value)) return
    for (const key in value) {
      if (/dynexecute|dynfors/i.test(key) || key === 'dynquery') dynamic = true
      const inner = value[key]
      if (key === 'query' && typeof inner === 'string') found.push(...expressionStatements(inner))
      else visit(inner)
    }
  }
  visit(parseProcedural(text))
  return dynamic ? undefined : found
}

/** PL/pgSQL keeps expressions and assignments without the SELECT around them. */
function expressionStatements(query: string): readonly BodyStatement[] {
  for (const text of [query, `SELECT ${query}`, `SELECT ${query.replace(/^[^:=]*:?=/, '')}`]) {
    try {
      return parseText(text).map(parsed => ({ parsed, text }))
    } catch {
      // The next form.
    }
  }
  throw unsafe('A routine could not be read.')
}

/** Which routine acts on which table is not known here: all that could act must pass. */
export function triggersPass(rewriting: Rewriting): boolean {
  const routines = rewriting.index.snapshot.routines.filter(
    routine => routine.returnType === 'trigger' && routine.extension === undefined,
  )
  // Without any, it is a rule that acts.
  return routines.length > 0 && routines.every(routine => routinePasses(rewriting, routine))
}

/** What a call of a routine does to the target, beside computing. */
export interface RoutineFacts {
  readonly effects: readonly TargetEffect[]
  /** Tables that the body changes. */
  readonly tables: readonly TableUse[]
}

const readsOnly: RoutineFacts = { effects: [], tables: [] }
const unclear: RoutineFacts = { effects: ['administer'], tables: [] }
const known = new WeakMap<PgIndex, WeakMap<Routine, RoutineFacts>>()

/** What policy must know of a routine: what its body changes; `administer` if that cannot be told. */
export function routineFacts(index: PgIndex, routine: Routine, depth = 0): RoutineFacts {
  // The server itself keeps others from writing; extensions do what they were installed for.
  if (routine.volatility !== 'volatile' || isTrusted(routine)) return readsOnly
  const kept = known.get(index)?.get(routine)
  if (kept) return kept
  if (depth > callDepthMax) return unclear
  const facts = bodyFacts(index, routine, depth)
  const ofIndex = known.get(index) ?? new WeakMap<Routine, RoutineFacts>()
  ofIndex.set(routine, facts)
  known.set(index, ofIndex)
  return facts
}

const callDepthMax = 20

function bodyFacts(index: PgIndex, routine: Routine, depth: number): RoutineFacts {
  const statements = bodyOf(routine)
  if (!statements) return unclear
  const effects = new Set<TargetEffect>()
  const tables: TableUse[] = []
  try {
    for (const { parsed, text } of statements) {
      const described = readStatement(
        parsed,
        {
          index,
          state: initialState,
          routineFacts: one => routineFacts(index, one, depth + 1),
          hasParameters: true,
        },
        text,
      )
      if (described.changes.length > 0 || described.treatment === 'plain') return unclear
      for (const effect of described.facts.effects) effects.add(effect)
      for (const table of described.facts.tables) {
        const changes = table.effects.filter(effect => effect !== 'select')
        if (changes.length > 0) tables.push({ ...table, effects: changes, reads: [] })
      }
    }
  } catch {
    return unclear
  }
  return { effects: [...effects], tables }
}

/** Operators and casts of the target that call routines. @throws Refusal */
export function operatorsPass(rewriting: Rewriting, survey: Survey): void {
  const { index } = rewriting
  for (const symbol of survey.operators) {
    for (const callable of index.operatorsNamed(symbol)) {
      if (!callablePasses(rewriting, callable.routine)) {
        throw unsafe(
          `The operator ${symbol} calls a routine that could show hidden values, so it is not let through.`,
        )
      }
    }
  }
  // `place(1)` is a cast, too.
  const types = new Set([...survey.types, ...survey.functions.map(mention => mention.name)])
  if (types.size === 0) return
  for (const cast of index.casts) {
    const sides = cast.name.split('->').map(side => side.trim().split('.').at(-1) ?? '')
    if (sides.some(side => types.has(side)) && !callablePasses(rewriting, cast.routine)) {
      throw unsafe(
        `The cast ${cast.name} calls a routine that could show hidden values, so it is not let through.`,
      )
    }
  }
}

function callablePasses(rewriting: Rewriting, routine: string): boolean {
  const dot = routine.indexOf('.')
  const schema = routine.slice(0, dot)
  const name = routine.slice(dot + 1)
  if (schema === 'pg_catalog') return true
  const candidates = rewriting.index.routinesNamed(name).filter(one => one.schema === schema)
  return candidates.length > 0 && candidates.every(one => routinePasses(rewriting, one))
}
