// Which targets somebody knows of: administrators of all, everybody else of those that they may connect to.

import { GatewayError } from '../../core/errors.ts'
import type { TargetId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ConsoleParts } from '../parts.ts'

type Parts = Pick<ConsoleParts, 'catalog' | 'mayConnect'>

const isVisible = (parts: Parts, user: User, target: Target, address: string): boolean =>
  user.role === 'administrator' || (!target.disabled && parts.mayConnect(user, target, address))

/** @throws GatewayError `not-found`, also for a target that is there but not for this person */
export async function visibleTarget(parts: Parts, user: User, id: string, address: string): Promise<Target> {
  const target = await parts.catalog.targets.get(id as TargetId)
  if (target === undefined || !isVisible(parts, user, target, address))
    throw new GatewayError('not-found', 'target')
  return target
}
