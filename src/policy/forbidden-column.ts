// Whether a statement reads or writes a column that policies take away from a table they permit.

import type { Action, TableUse } from '../core/action.ts'
import { keysOf, tableKey, tablesOf } from './column-tags.ts'
import { type Decision, type FindCandidates } from './decision.ts'
import { ColumnEntity, TableEntity, userEntity } from './entity.ts'
import type { Asker, ColumnTags } from './policy.ts'
import { type Moment, Question, targetOf } from './question.ts'
import { type ActionName, columnActions } from './schema.ts'
import type { Entity } from './value.ts'

export interface ForbiddenColumn extends Decision {
  readonly action: ActionName
  readonly resource: Entity
}

/** Nothing is asked unless there are policies that tell columns from their tables. */
export function forbiddenColumn(
  find: FindCandidates,
  asker: Asker,
  moment: Moment,
  action: Action,
  tags: ColumnTags | undefined,
): ForbiddenColumn | undefined {
  if (action.kind === 'connect') return undefined
  const user = userEntity(asker.user)
  for (const statement of action.statements) {
    for (const use of statement.tables) {
      for (const effect of use.effects) {
        if (!isOnColumns(effect) || find(effect, user).columnForbids.length === 0) continue
        const found = inTable(find, asker, moment, use, effect, tags)
        if (found !== undefined) return found
      }
    }
  }
  return undefined
}

type ColumnAction = keyof typeof columnActions

const isOnColumns = (effect: ActionName): effect is ColumnAction => Object.hasOwn(columnActions, effect)

const untagged: ReadonlySet<string> = new Set()

function inTable(
  find: FindCandidates,
  asker: Asker,
  moment: Moment,
  use: TableUse,
  action: ColumnAction,
  tags: ColumnTags | undefined,
): ForbiddenColumn | undefined {
  const table = new TableEntity(targetOf(asker), use.schema, use.table)
  const tagged = tags === undefined ? undefined : tablesOf(tags).get(tableKey(use.schema, use.table))
  const { columnForbids } = find(action, userEntity(asker.user))
  for (const name of use[columnActions[action]]) {
    const tagsHere = tagged?.get(name)
    const resource = new ColumnEntity(table, name, tagsHere === undefined ? untagged : keysOf(tagsHere))
    const question = new Question(asker, moment, action, resource)
    const determining = columnForbids.filter(policy => policy.applies(question))
    if (determining.length > 0) return { action, resource, isPermitted: false, determining }
  }
  return undefined
}
