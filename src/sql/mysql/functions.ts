// What the functions that a statement calls mean: effects for policy, and whether they may meet hidden values.

import type { TableUse, TargetEffect } from '../../core/action.ts'
import type { Routine } from '../schema.ts'
import { administering, harmless, telling } from './functions-allowed.ts'
import { isSystemSchema } from './names.ts'
import { unknown, unsafe } from './refusal.ts'
import type { MysqlIndex } from './schema-index.ts'
import type { Call } from './syntax.ts'

/** What a call of a routine does to the target, beside computing. */
export interface RoutineFacts {
  readonly effects: readonly TargetEffect[]
  /** Tables that the body changes. */
  readonly tables: readonly TableUse[]
}

export function functionName(call: Call): string {
  return call.parts
    .map(part => part.text)
    .join('.')
    .toLowerCase()
}

function schemaOf(call: Call): string | undefined {
  return call.parts.length > 1 ? call.parts.at(-2)?.text : undefined
}

/** Stored functions that a call could mean, in whichever database. */
export function routinesOf(index: MysqlIndex, call: Call): readonly Routine[] {
  if (call.form === 'keyword' && call.parts.length < 2) return []
  const schema = schemaOf(call)
  const routines = index.functionsNamed(call.name)
  return schema === undefined
    ? routines
    : routines.filter(one => index.fold(one.schema) === index.fold(schema))
}

function mayBeBuiltIn(call: Call): boolean {
  return schemaOf(call) === undefined
}

/** @throws Refusal for functions nobody knows */
export function describeFunctions(
  calls: readonly Call[],
  index: MysqlIndex,
  factsOf: (routine: Routine) => RoutineFacts,
): RoutineFacts {
  const effects = new Set<TargetEffect>()
  const tables: TableUse[] = []
  for (const call of calls) {
    const routines = routinesOf(index, call)
    const builtIn = mayBeBuiltIn(call)
    if (builtIn && administering.has(call.name)) effects.add('administer')
    const known =
      builtIn && (harmless.has(call.name) || administering.has(call.name) || telling.has(call.name))
    if (!known && routines.length === 0) {
      const schema = schemaOf(call)
      if (schema !== undefined && isSystemSchema(schema)) {
        effects.add('call')
        continue
      }
      throw unknown(
        `There is no function "${functionName(call)}" that Sekisho knows of. If it was made a moment ago, try again.`,
        call.start,
      )
    }
    for (const routine of routines) {
      if (!known) effects.add('call')
      const facts = factsOf(routine)
      for (const effect of facts.effects) effects.add(effect)
      tables.push(...facts.tables)
    }
  }
  return { effects: [...effects], tables }
}

/** @throws Refusal for functions that could show hidden values */
export function checkFunctions(
  calls: readonly Call[],
  index: MysqlIndex,
  passes: (routine: Routine) => boolean,
): void {
  for (const call of calls) {
    const routines = routinesOf(index, call)
    const allowed = mayBeBuiltIn(call) && harmless.has(call.name)
    if (!allowed && routines.length === 0) throw refusedFunction(call)
    if (mayBeBuiltIn(call) && (administering.has(call.name) || telling.has(call.name)))
      throw refusedFunction(call)
    for (const routine of routines) if (!passes(routine)) throw refusedFunction(call)
  }
}

function refusedFunction(call: Call): Error {
  return unsafe(
    `The function "${functionName(call)}" could show values that are hidden from you, so it is not let through. ` +
      'Leave it out, or ask an administrator for reveal on what is hidden.',
    call.start,
  )
}
