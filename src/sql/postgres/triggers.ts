// What of the owner's acts when rows are written: triggers pass if they touch nothing hidden, rules never do.

import type { Relation, Routine } from '../schema.ts'
import { checkFunctions } from './functions.ts'
import { fieldsOf } from './mentions.ts'
import { parseText } from './parse.ts'
import { unsafe } from './refusal.ts'
import type { Rewriting } from './rewriting.ts'
import { bodyOf as routineBody, operatorsPass, routinePasses, triggersPass } from './routines.ts'
import type { PgIndex } from './schema-index.ts'
import { sightOf } from './sights.ts'
import { initialState } from './state.ts'
import { surveyTree } from './survey.ts'
import { star } from './survey-facts.ts'
import { type Tree, bodyOf, isTree, listOf, namesOf } from './tree.ts'

/** Of the server's own: they look at the row alone. */
const ownTriggers = new Set([
  'suppress_redundant_updates_trigger',
  'tsvector_update_trigger',
  'tsvector_update_trigger_column',
])

/** @param follows whether rows that refer to what is written may change or go, too. @throws Refusal */
export function refuseTriggers(rewriting: Rewriting, relation: Relation, at: number, follows: boolean): void {
  if (!rewriting.sight.hidesAnything) return
  for (const one of actingOn(rewriting.index, relation, follows)) {
    if ((one.rules ?? []).length > 0) throw acts('Rules', one, at)
    if (one.triggers === undefined) refuseUnknown(rewriting, one, at)
    for (const definition of one.triggers ?? []) {
      if (!triggerPasses(rewriting, one, definition)) throw acts('Triggers', one, at)
    }
  }
}

function acts(what: string, relation: Relation, at: number): Error {
  return unsafe(
    `${what} of "${relation.name}" could read what is hidden from you or copy it to elsewhere, so its rows cannot be ` +
      'changed. Ask an administrator.',
    at,
  )
}

/** A picture of before triggers were told apart. */
function refuseUnknown(rewriting: Rewriting, relation: Relation, at: number): void {
  if (!relation.hasTriggers) return
  if (sightOf(rewriting.index, rewriting.sight, relation) || !triggersPass(rewriting)) {
    throw acts('Triggers or rules', relation, at)
  }
}

/** Rows written into a parent may land in a child, and those that refer to a row may go with it. */
function actingOn(index: PgIndex, relation: Relation, follows: boolean): ReadonlySet<Relation> {
  const found = new Set<Relation>()
  const open = [relation]
  for (let one = open.pop(); one; one = open.pop()) {
    if (found.has(one)) continue
    found.add(one)
    open.push(...index.descendants(one))
    if (follows) open.push(...index.followers(one))
  }
  return found
}

function triggerPasses(rewriting: Rewriting, relation: Relation, definition: string): boolean {
  try {
    const [parsed, ...more] = parseText(definition)
    if (parsed?.kind !== 'CreateTrigStmt' || more.length > 0) return false
    const sight = sightOf(rewriting.index, rewriting.sight, relation)
    const { body } = parsed
    if (sight && (body['whenClause'] !== undefined || listOf(body, 'transitionRels').length > 0)) return false
    if (!conditionPasses(rewriting, body['whenClause'])) return false
    const names = namesOf(body, 'funcname')
    const name = names.at(-1) ?? ''
    if (names.length < 2) return sight === undefined && ownTriggers.has(name)
    const routines = rewriting.index.routinesNamed(name).filter(one => one.schema === names.at(-2))
    return (
      routines.length > 0 &&
      routines.every(
        routine =>
          routinePasses(rewriting, routine) && (!sight || keepsToItself(routine, relation, sight.hidden)),
      )
    )
  } catch {
    return false
  }
}

function conditionPasses(rewriting: Rewriting, condition: unknown): boolean {
  if (condition === undefined) return true
  const survey = surveyTree(condition, { index: rewriting.index, state: initialState, hasParameters: true })
  checkFunctions(survey.functions, rewriting.index, routine => routinePasses(rewriting, routine))
  operatorsPass(rewriting, survey)
  return survey.references.length === 0
}

/** Whether a trigger routine reads nothing of its row but columns that are shown. */
function keepsToItself(routine: Routine, relation: Relation, hidden: ReadonlyMap<string, unknown>): boolean {
  // Another name for the row would hide it from what follows.
  if (routine.language !== 'plpgsql' || /\balias\b/i.test(routine.source)) return false
  const statements = routineBody(routine)
  if (!statements) return false
  const shown = new Set(relation.columns.map(column => column.name).filter(name => !hidden.has(name)))
  return statements.every(({ parsed }) => columnsPass(parsed.body, shown, hidden))
}

function columnsPass(
  value: unknown,
  shown: ReadonlySet<string>,
  hidden: ReadonlyMap<string, unknown>,
): boolean {
  if (Array.isArray(value)) return value.every(item => columnsPass(item, shown, hidden))
  if (!isTree(value)) return true
  const column = bodyOf(value, 'ColumnRef')
  if (column) return columnPasses(column, shown, hidden)
  return Object.values(value).every(item => columnsPass(item, shown, hidden))
}

function columnPasses(
  column: Tree,
  shown: ReadonlySet<string>,
  hidden: ReadonlyMap<string, unknown>,
): boolean {
  const fields = fieldsOf(column)
  const last = fields.at(-1) ?? ''
  if (last === star || hidden.has(last)) return false
  const [first = ''] = fields
  // `new` alone is the whole row; `RETURN new` is no expression.
  return first !== 'old' && first !== 'new' ? true : fields.length === 2 && shown.has(last)
}
