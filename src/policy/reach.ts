// What somebody may do with a thing, at any moment that policies tell apart, and which policies say so: for people to look at.

import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { CompiledPolicy, Scope } from './compiled-policy.ts'
import { keysOf } from './column-tags.ts'
import { decide } from './decision.ts'
import { ColumnEntity, TableEntity, targetEntity } from './entity.ts'
import { children, type Expression, mentions } from './expression.ts'
import type { GuardAnnotations } from './guard-annotations.ts'
import { guardActions, limitNames } from './guard-annotations.ts'
import { allMoments, momentChooser } from './moments.ts'
import type { Asker, PolicyContext, PolicySet, TagDefinition } from './policy.ts'
import { insideOf } from './policy-set.ts'
import { Moment, Question } from './question.ts'
import type { ActionName } from './schema.ts'
import type { Entity } from './value.ts'

/** A policy that decides, and those of the person's groups that it names. */
export interface Decider {
  readonly name: string
  readonly groups: readonly string[]
  /** Whether it names the person. */
  readonly named: boolean
}

/** What is asked in return, by the most generous of the permits. */
export interface Terms extends Omit<GuardAnnotations, 'requireWhere' | 'requireReason' | 'readOnly'> {
  readonly rowFilter?: string
  readonly rowLimit?: number
  readonly requireWhere?: boolean
  readonly requireReason?: boolean
  readonly readOnly?: boolean
}

/** `sometimes`: depends on time, address, program or whether a reason is given. */
export type ReachState = 'always' | 'sometimes' | 'never'

export interface Reached {
  readonly state: ReachState
  /** Permits where it is permitted at all, else the forbids; none: nothing permits it. */
  readonly decidedBy: readonly Decider[]
  readonly terms: Terms
  /** For each moment `undefined` where it is not permitted, else the terms. Comparable between sets. */
  readonly moments: readonly (string | undefined)[]
}

/** Somebody at a target under a set of policies. */
export class Reach {
  readonly #find: ReturnType<typeof insideOf>['find']
  readonly #asker: Asker
  readonly #moments: readonly Moment[]
  readonly #target: Entity

  constructor(set: PolicySet, user: User, target: Target, contexts: readonly PolicyContext[]) {
    this.#find = insideOf(set).find
    const [context = { nowMs: 0, address: 'console', program: '' }] = contexts
    this.#asker = { user, target, context }
    this.#moments = contexts.map(one => new Moment(one))
    this.#target = targetEntity(target)
  }

  onTarget(action: ActionName): Reached {
    return this.#ask(action, this.#target)
  }

  onTable(action: ActionName, schema: string, table: string): Reached {
    return this.#ask(action, new TableEntity(this.#target, schema, table))
  }

  /** Of `reveal` the right itself; of the others, whether the column is taken away from its table. */
  onColumn(
    action: ActionName,
    schema: string,
    table: string,
    column: string,
    tags: readonly TagDefinition[],
  ): Reached {
    const whole = new TableEntity(this.#target, schema, table)
    const part = new ColumnEntity(whole, column, tags.length === 0 ? nothing : keysOf(tags))
    return action === 'reveal' ? this.#ask(action, part) : this.#ask(action, whole, part)
  }

  /** Whether a column of a table could be told apart from it, for this action. */
  tellsColumns(action: ActionName): boolean {
    const question = this.#question(action, this.#target, new Moment(this.#asker.context))
    return this.#find(action, question.principal).columnForbids.length > 0
  }

  /** Whether any policy could say something else of one table than of another. */
  tellsTables(action: ActionName): boolean {
    const question = this.#question(action, this.#target, new Moment(this.#asker.context))
    const { permits, forbids } = this.#find(action, question.principal)
    return permits.some(tellsTablesApart) || forbids.some(tellsTablesApart)
  }

  #question(action: ActionName, resource: Entity, moment: Moment): Question {
    return new Question(this.#asker, moment, action, resource)
  }

  #ask(action: ActionName, resource: Entity, column?: Entity): Reached {
    const permits = new Set<CompiledPolicy>()
    const forbids = new Set<CompiledPolicy>()
    const outcomes: (string | undefined)[] = []
    let terms: Terms = {}
    for (const moment of this.#moments) {
      const question = this.#question(action, resource, moment)
      const candidates = this.#find(action, question.principal)
      const { isPermitted, determining } = decide(candidates, question)
      const taken =
        column === undefined || !isPermitted
          ? []
          : candidates.columnForbids.filter(policy => policy.applies(this.#question(action, column, moment)))
      if (!isPermitted || taken.length > 0) {
        for (const policy of isPermitted ? taken : determining) forbids.add(policy)
        outcomes.push(undefined)
        continue
      }
      const found = termsOf(action, determining)
      if (permits.size === 0) terms = found
      for (const policy of determining) permits.add(policy)
      outcomes.push(JSON.stringify(found))
    }
    const allowed = outcomes.filter(outcome => outcome !== undefined).length
    const state = allowed === 0 ? 'never' : allowed === outcomes.length ? 'always' : 'sometimes'
    const deciders = state === 'never' ? forbids : permits
    const decidedBy = [...deciders].map(policy => this.#decider(policy))
    return { state, decidedBy, terms, moments: outcomes }
  }

  #decider(policy: CompiledPolicy): Decider {
    const { user } = this.#asker
    const people = peopleOf(policy)
    const groups = user.groups.filter(group => people.has(`Group\0${group}`))
    return { name: policy.name, groups, named: people.has(`User\0${user.name}`) }
  }
}

const nothing: ReadonlySet<string> = new Set()

/** The moments that matter to a person at a target, and whether these are all. */
export interface MomentsOf {
  readonly isPart: boolean
  readonly choose: (user: User, target: Target) => readonly PolicyContext[]
}

/** @param sets whose policies are told apart */
export function momentsOf(
  sets: readonly PolicySet[],
  now: Pick<PolicyContext, 'nowMs' | 'timeZone'>,
): MomentsOf {
  const policies = sets.flatMap(set => insideOf(set).policies)
  const moments = allMoments(policies, now)
  return { isPart: moments.isPart, choose: momentChooser(policies, moments) }
}

/** Whether what policies say depends on where somebody comes from, or with what. */
export function looksAtClient(set: PolicySet): boolean {
  return insideOf(set).policies.some(policy =>
    policy.conditions.some(({ expression }) => mentions(expression, 'context')),
  )
}

/** Users that policies name by themselves. */
export function usersNamed(set: PolicySet): ReadonlySet<string> {
  const keys = insideOf(set).policies.flatMap(policy => [...peopleOf(policy)])
  return new Set(keys.filter(key => key.startsWith('User\0')).map(key => key.slice('User\0'.length)))
}

const tellingTables = new WeakMap<CompiledPolicy, boolean>()

function tellsTablesApart(policy: CompiledPolicy): boolean {
  const known = tellingTables.get(policy)
  if (known !== undefined) return known
  const { resource, conditions } = policy
  const byScope = resource.kind === 'is' || (resource.kind !== 'all' && resource.entity.type !== 'Target')
  const tells = byScope || conditions.some(({ expression }) => looksAtTable(expression))
  tellingTables.set(policy, tells)
  return tells
}

/** At more of the resource than the tags, which are those of its target. */
function looksAtTable(expression: Expression): boolean {
  if (expression.kind === 'variable') return expression.name === 'resource'
  const isOfTags =
    expression.kind === 'binary' &&
    ['hasTag', 'getTag'].includes(expression.operator) &&
    expression.left.kind === 'variable'
  return isOfTags ? looksAtTable(expression.right) : children(expression).some(looksAtTable)
}

const peopleSets = new WeakMap<CompiledPolicy, ReadonlySet<string>>()

/** Keys of the groups and users that a policy is for, by its scope or a condition of its own. */
function peopleOf(policy: CompiledPolicy): ReadonlySet<string> {
  const known = peopleSets.get(policy)
  if (known !== undefined) return known
  const found = new Set<string>(keysIn(policy.principal))
  for (const { kind, expression } of policy.conditions) if (kind === 'when') gather(expression, found)
  peopleSets.set(policy, found)
  return found
}

const keysIn = (scope: Scope): readonly string[] =>
  scope.kind === 'all' ? [] : scope.kind === 'is' ? [scope.within?.key ?? []].flat() : [scope.entity.key]

function gather(expression: Expression, found: Set<string>): void {
  if (expression.kind !== 'binary') return
  const { operator, left, right } = expression
  if (operator === '&&' || operator === '||') {
    gather(left, found)
    gather(right, found)
    return
  }
  if ((operator !== 'in' && operator !== '==') || left.kind !== 'variable' || left.name !== 'principal')
    return
  for (const item of right.kind === 'set' ? right.items : [right])
    if (item.kind === 'literal' && typeof item.value === 'object' && item.value.kind === 'entity')
      found.add(item.value.key)
}

function termsOf(action: ActionName, permits: readonly CompiledPolicy[]): Terms {
  const terms: Record<string, unknown> = {}
  const all = permits.map(({ obligations }) => obligations)
  if (action === 'select' || action === 'update' || action === 'delete') {
    const filters = new Set(all.map(({ rowFilter }) => rowFilter))
    if (!filters.has(undefined)) terms['rowFilter'] = either([...filters].filter(one => one !== undefined))
  }
  if (action === 'select' && all.every(({ rowLimit }) => rowLimit !== undefined))
    terms['rowLimit'] = Math.max(...all.map(({ rowLimit }) => rowLimit ?? 0))
  for (const name of Object.keys(guardActions) as (keyof GuardAnnotations)[]) {
    if (!guardActions[name].has(action)) continue
    const values = all.map(({ guards }) => guards?.[name])
    if (values.includes(undefined)) continue
    terms[name] = (limitNames as readonly string[]).includes(name)
      ? Math.max(...values.map(Number))
      : values[0]
  }
  return terms
}

function either(filters: readonly string[]): string {
  return filters.length === 1
    ? (filters[0] ?? '')
    : filters
        .toSorted()
        .map(filter => `(${filter})`)
        .join(' OR ')
}
