// Default deny, forbid wins; which policies decided. Indexed by action, and by principal once one has asked.

import { type CompiledPolicy, isInScope } from './compiled-policy.ts'
import type { Request } from './evaluate.ts'
import { mentions, namesEntities } from './expression.ts'
import type { ActionName } from './schema.ts'
import type { Entity } from './value.ts'

export interface Decision {
  readonly isPermitted: boolean
  /** As Cedar has it: the permits that hold, or if any forbid holds, the forbids that do. */
  readonly determining: readonly CompiledPolicy[]
}

/** Policies that can speak about one action of one principal. */
export interface Candidates {
  readonly permits: readonly CompiledPolicy[]
  readonly forbids: readonly CompiledPolicy[]
  /** Of the forbids those that could say something else of a column than of its table. */
  readonly columnForbids: readonly CompiledPolicy[]
}

export type FindCandidates = (action: ActionName, principal: Entity) => Candidates

/** Principals are remembered weakly: one entity stands for one state of a user. */
export function createIndex(policies: readonly CompiledPolicy[]): FindCandidates {
  const byPrincipal = new WeakMap<Entity, Map<ActionName, Candidates>>()
  return (action, principal) => {
    let byAction = byPrincipal.get(principal)
    if (byAction === undefined) byPrincipal.set(principal, (byAction = new Map()))
    let candidates = byAction.get(action)
    if (candidates === undefined) {
      const open = policies.filter(
        policy => policy.actions.has(action) && isInScope(policy.principal, principal),
      )
      const forbids = open.filter(policy => policy.effect === 'forbid')
      candidates = {
        permits: open.filter(policy => policy.effect === 'permit'),
        forbids,
        columnForbids: forbids.filter(tellsColumnsApart),
      }
      byAction.set(action, candidates)
    }
    return candidates
  }
}

function tellsColumnsApart({ resource, conditions }: CompiledPolicy): boolean {
  if (resource.kind === 'is' && resource.type !== 'Column') return false
  if (resource.kind === 'is') return true
  if (resource.kind !== 'all' && ['Column', 'Tag'].includes(resource.entity.type)) return true
  return conditions.some(({ expression }) => mentions(expression, 'resource') || namesEntities(expression))
}

export function decide(candidates: Candidates, request: Request): Decision {
  const forbids = candidates.forbids.filter(policy => policy.applies(request))
  if (forbids.length > 0) return { isPermitted: false, determining: forbids }
  const permits = candidates.permits.filter(policy => policy.applies(request))
  return { isPermitted: permits.length > 0, determining: permits }
}

/** The answer alone, as soon as it is certain. */
export function isPermitted(candidates: Candidates, request: Request): boolean {
  for (const policy of candidates.forbids) if (policy.applies(request)) return false
  for (const policy of candidates.permits) if (policy.applies(request)) return true
  return false
}
