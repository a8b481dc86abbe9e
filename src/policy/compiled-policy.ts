// One policy as closures: its scope, its conditions, what it demands.

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { compileTest, type Request } from './evaluate.ts'
import { type Expression, NotCompilable, parseExpression } from './expression.ts'
import { type Annotated, type AnnotationProblem, type Obligations, readAnnotations } from './obligation.ts'
import { type ActionName, actionGroups, actionNames } from './schema.ts'
import { type Entity, type EntityName, entityName } from './value.ts'

/** Who or what a policy is about. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'is'; readonly type: string; readonly within: EntityName | undefined }
  | { readonly kind: 'exactly' | 'in'; readonly entity: EntityName }

export interface Condition {
  readonly kind: 'when' | 'unless'
  readonly expression: Expression
}

export interface CompiledPolicy {
  readonly name: string
  readonly disabled: boolean
  readonly effect: 'permit' | 'forbid'
  readonly principal: Scope
  /** Whether its text names no action. */
  readonly anyAction: boolean
  readonly actions: ReadonlySet<ActionName>
  readonly resource: Scope
  readonly conditions: readonly Condition[]
  readonly obligations: Obligations
  readonly problems: readonly AnnotationProblem[]
  /** Resource scope and conditions; principal and action are looked at by the index. Never throws. */
  applies(request: Request): boolean
}

/**
 * @param json Cedar's JSON form of one policy
 * @throws NotCompilable if it says something that cannot be decided exactly as Cedar would
 */
export function compilePolicy(json: PolicyJson): CompiledPolicy {
  const conditions = json.conditions.map(({ kind, body }) => ({ kind, expression: parseExpression(body) }))
  const resource = parseScope(json.resource)
  const actions = parseActions(json.action)
  const annotations = (json.annotations ?? {}) as Readonly<Record<string, string | null>>
  const annotated: Annotated = readAnnotations(annotations, json.effect, actions)
  return {
    ...annotated,
    problems: [...annotated.problems, ...columnPermit(json.effect, actions, resource)],
    effect: json.effect,
    principal: parseScope(json.principal),
    anyAction: json.action.op === 'All',
    actions,
    resource,
    conditions,
    applies: compileApplies(resource, conditions),
  }
}

/** Columns can be taken away from a permitted table, and revealed; nothing else is ever asked of them. */
function columnPermit(
  effect: PolicyJson['effect'],
  actions: ReadonlySet<ActionName>,
  resource: Scope,
): readonly AnnotationProblem[] {
  const isOfColumns =
    resource.kind === 'is'
      ? resource.type === 'Column'
      : resource.kind !== 'all' && ['Column', 'Tag'].includes(resource.entity.type)
  if (effect === 'forbid' || !isOfColumns || actions.has('reveal') || actions.size === 0) return []
  return [{ annotation: undefined, code: 'column-permit', detail: '' }]
}

function compileApplies(resource: Scope, conditions: readonly Condition[]): CompiledPolicy['applies'] {
  const tests = conditions.map(({ kind, expression }) => {
    const test = compileTest(expression)
    return kind === 'when' ? test : (request: Request) => !test(request)
  })
  return request => {
    if (!isInScope(resource, request.resource)) return false
    try {
      for (const test of tests) if (!test(request)) return false
      return true
    } catch {
      // As in Cedar: a policy that cannot be evaluated does not apply, be it a permit or a forbid.
      return false
    }
  }
}

export function isInScope(scope: Scope, entity: Entity): boolean {
  switch (scope.kind) {
    case 'all':
      return true
    case 'exactly':
      return entity.key === scope.entity.key
    case 'in':
      return entity.isIn(scope.entity.key)
    default:
      return entity.type === scope.type && (scope.within === undefined || entity.isIn(scope.within.key))
  }
}

function parseScope(json: PolicyJson['principal']): Scope {
  switch (json.op) {
    case 'All':
      return { kind: 'all' }
    case '==':
      return { kind: 'exactly', entity: parseEntity(json) }
    case 'in':
      return { kind: 'in', entity: parseEntity(json) }
    default:
      return {
        kind: 'is',
        type: json.entity_type,
        within: json.in === undefined ? undefined : parseEntity(json.in),
      }
  }
}

function parseActions(json: PolicyJson['action']): ReadonlySet<ActionName> {
  if (json.op === 'All') return new Set(actionNames)
  const named = 'entities' in json ? json.entities.map(entity => ({ entity })) : [json]
  const ids = named.map(parseEntity)
  const matches = (name: ActionName, id: EntityName) =>
    id.type === 'Action' &&
    (id.id === name || (json.op === 'in' && (actionGroups[name] as readonly string[]).includes(id.id)))
  return new Set(actionNames.filter(name => ids.some(id => matches(name, id))))
}

function parseEntity(json: object): EntityName {
  const entity = 'entity' in json ? json.entity : undefined
  if (typeof entity !== 'object' || entity === null) throw new NotCompilable('templates are not supported')
  const { type, id } = ('__entity' in entity ? entity.__entity : entity) as { type: string; id: string }
  return entityName(type, id)
}
