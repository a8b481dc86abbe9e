// What the functions a statement calls mean: effects for policy, and whether they may meet hidden values.

import type { TableUse, TargetEffect } from '../../core/action.ts'
import { administering, harmless, telling } from './functions-allowed.ts'
import { isSystemSchema } from './names.ts'
import { unknown, unsafe } from './refusal.ts'
import type { PgIndex } from './schema-index.ts'
import type { Routine } from '../schema.ts'
import type { RoutineFacts } from './routines.ts'
import { describeSetting, splitPath } from './settings.ts'
import type { StateChange } from './state.ts'
import type { FunctionMention } from './survey-facts.ts'
import { type Tree, bodyOf, listOf, namesOf, stringConstant } from './tree.ts'

/** Extensions whose routines compute from their arguments alone. */
const trustedExtensions = new Set(
  `pgcrypto pg_trgm uuid-ossp citext unaccent fuzzystrmatch btree_gin btree_gist hstore ltree intarray cube earthdistance
  isn seg postgis vector bloom dict_int dict_xsyn intagg`.split(/\s+/),
)

/** Routines of trusted extensions that read tables or run text all the same. */
const untrustedRoutines = new Set(
  `lo_manage postgis_full_version populate_geometry_columns updategeometrysrid addgeometrycolumn dropgeometrycolumn
  dropgeometrytable find_srid st_estimatedextent st_findextent _postgis_selectivity _postgis_join_selectivity _postgis_stats
  postgis_extensions_upgrade lockrow addauth checkauth`.split(/\s+/),
)

export interface FunctionFacts {
  readonly effects: ReadonlySet<TargetEffect>
  readonly changes: readonly StateChange[]
  /** Settings that could show hidden data are set by `set_config`. */
  readonly tells: boolean
  /** Tables that the routines change. */
  readonly tables: readonly TableUse[]
  readonly liftsReadOnly: boolean
}

const noFacts: FunctionFacts = {
  effects: new Set(),
  changes: [],
  tells: false,
  tables: [],
  liftsReadOnly: false,
}

export function functionName(mention: FunctionMention): string {
  return mention.schema === undefined ? mention.name : `${mention.schema}.${mention.name}`
}

/** Routines outside of the server's own catalog that a call could mean. */
export function routinesOf(index: PgIndex, mention: FunctionMention): readonly Routine[] {
  const routines = index.routinesNamed(mention.name)
  return mention.schema === undefined
    ? routines
    : routines.filter(routine => routine.schema === mention.schema)
}

export function mayBeBuiltIn(mention: FunctionMention): boolean {
  return mention.schema === undefined || mention.schema === 'pg_catalog'
}

export function isBuiltIn(name: string): boolean {
  return harmless.has(name) || telling.has(name) || administering.has(name)
}

/** @param routineEffects what a routine of the target does. @throws Refusal for functions nobody knows */
export function describeFunctions(
  functions: readonly FunctionMention[],
  index: PgIndex,
  routineFacts: (routine: Routine) => RoutineFacts,
  statement: Tree,
): FunctionFacts {
  if (functions.length === 0) return noFacts
  const effects = new Set<TargetEffect>()
  const changes: StateChange[] = []
  const tables: TableUse[] = []
  let tells = false
  let liftsReadOnly = false
  for (const mention of functions) {
    const routines = routinesOf(index, mention)
    const builtIn = mayBeBuiltIn(mention)
    if (builtIn && harmless.has(mention.name) && routines.length === 0) continue
    if (builtIn && mention.name === 'set_config') {
      const change = describeSetConfig(mention, statement)
      if (change.effect) effects.add(change.effect)
      changes.push(...change.changes)
      tells ||= change.tells
      liftsReadOnly ||= change.liftsReadOnly === true
      continue
    }
    if (builtIn && administering.has(mention.name)) effects.add('administer')
    if (routines.length === 0 && !(builtIn && isBuiltIn(mention.name))) {
      throw unknown(
        `There is no function "${functionName(mention)}" that Sekisho knows of. If it was made a moment ago, try again.`,
        mention.at,
      )
    }
    for (const routine of routines) {
      if (!isTrusted(routine) && !isSystemSchema(routine.schema)) effects.add('call')
      const facts = routineFacts(routine)
      for (const effect of facts.effects) effects.add(effect)
      tables.push(...facts.tables)
    }
  }
  return { effects, changes, tells, tables, liftsReadOnly }
}

function describeSetConfig(mention: FunctionMention, statement: Tree): ReturnType<typeof describeSetting> {
  const [name, value, local] = mention.arguments
  const setting = stringConstant(name) ?? namedInCondition(name, statement)
  const text = stringConstant(value)
  if (setting === undefined)
    throw unsafe('set_config needs the name of the setting as a constant.', mention.at)
  if (setting.includes('.')) return describeSetting(setting, [text ?? ''], false, mention.at)
  if (text === undefined) throw unsafe(`set_config needs the value of ${setting} as a constant.`, mention.at)
  // A third argument that is not plainly `false` may be true; both readings are safe, for ambiguous names are pinned.
  const isLocal = JSON.stringify(local).includes('"boolval":true')
  const values = setting.toLowerCase() === 'search_path' ? splitPath(text) : [text]
  return describeSetting(setting, values, isLocal, mention.at)
}

/** `SELECT set_config(name, …) FROM pg_settings WHERE name = '…'`, as pg_dump writes it. */
function namedInCondition(argument: unknown, statement: Tree): string | undefined {
  const [range, ...more] = listOf(statement, 'fromClause').map(item => bodyOf(item, 'RangeVar'))
  if (more.length > 0 || !range || range['relname'] !== 'pg_settings') return undefined
  if (range['alias'] !== undefined || (range['schemaname'] ?? 'pg_catalog') !== 'pg_catalog') return undefined
  const condition = bodyOf(statement['whereClause'], 'A_Expr')
  if (!condition || condition['kind'] !== 'AEXPR_OP' || namesOf(condition, 'name').join('') !== '=')
    return undefined
  const isName = (value: unknown): boolean => {
    const column = bodyOf(value, 'ColumnRef')
    return column !== undefined && namesOf(column, 'fields').join('.') === 'name'
  }
  return isName(argument) && isName(condition['lexpr']) ? stringConstant(condition['rexpr']) : undefined
}

/**
 * Whether built-in and extension routines of that name may meet hidden values; routines with a body of their own are
 * handed to `bodyPasses`. @throws Refusal
 */
export function checkFunctions(
  functions: readonly FunctionMention[],
  index: PgIndex,
  bodyPasses: (routine: Routine) => boolean,
): void {
  for (const mention of functions) {
    const routines = routinesOf(index, mention)
    const builtIn = mayBeBuiltIn(mention)
    // What these two write is judged by policy and by the list of settings; they tell nothing.
    const judged = mention.name === 'set_config' || mention.name === 'setval'
    if (builtIn && !harmless.has(mention.name) && !judged) {
      if (isBuiltIn(mention.name) || routines.length === 0) throw refusedFunction(mention)
    }
    for (const routine of routines) {
      if (!isTrusted(routine) && !bodyPasses(routine)) throw refusedFunction(mention)
    }
  }
}

export function isTrusted(routine: Routine): boolean {
  return (
    routine.extension !== undefined &&
    trustedExtensions.has(routine.extension) &&
    !untrustedRoutines.has(routine.name)
  )
}

function refusedFunction(mention: FunctionMention): Error {
  return unsafe(
    `The function "${functionName(mention)}" could show values that are hidden from you, so it is not let through. ` +
      'Leave it out, or ask an administrator for reveal on what is hidden.',
    mention.at,
  )
}
