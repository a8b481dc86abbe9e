// Lists of targets, changes of many at once, and how each is.

import type { Targets } from '../../catalog/catalog.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Actor } from '../../core/event.ts'
import type { TargetId } from '../../core/ids.ts'
import type { BulkChange, BulkResult, TargetListRoutes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { parseTargetFilter } from './target-filter.ts'
import { listTargets, tagKeysOf } from './target-list.ts'
import { describeTarget } from './target-row.ts'
import { TargetSight } from './target-sight.ts'

export function targetListHandlers(parts: ConsoleParts): Handlers<keyof TargetListRoutes> {
  const { catalog, reach, limits, publicHost } = parts
  const sight = new TargetSight(parts)
  const existing = async (id: string) => {
    const target = await catalog.targets.get(id as TargetId)
    if (target === undefined) throw new GatewayError('not-found', 'target')
    return target
  }
  return {
    async 'GET /api/targets'({ visitor: { user }, query, address }) {
      const filter = parseTargetFilter(query)
      const visible = await sight.visible(user, address)
      const isAdministrator = user.role === 'administrator'
      const { targets, groups } = listTargets(visible, filter, { isAdministrator, reach })
      const { offset = 0, limit = limits.targetsPageMax } = filter
      const page = targets.slice(offset, offset + Math.min(limit, limits.targetsPageMax))
      if (isAdministrator) for (const { id } of page) reach.wanted(id)
      return {
        targets: page.map(target => describeTarget(target, user, publicHost, reach.state(target.id))),
        total: targets.length,
        all: visible.length,
        ...(groups !== undefined && { groups }),
      }
    },
    async 'GET /api/targets/tag-keys'({ visitor: { user }, address }) {
      return tagKeysOf(await sight.visible(user, address))
    },
    'POST /api/targets/bulk': ({ input, visitor }) =>
      changeAll(catalog.targets, input.ids as readonly TargetId[], input.change, visitor.by),
    async 'POST /api/targets/:id/check'({ param }) {
      return reach.check(await existing(param('id')))
    },
    async 'GET /api/targets/:id/state'({ param }) {
      const target = await existing(param('id'))
      reach.wanted(target.id)
      return reach.state(target.id)
    },
  }
}

/** Each is checked and recorded as if it were changed alone; what cannot be changed does not hold up the others. */
async function changeAll(
  targets: Targets,
  ids: readonly TargetId[],
  change: BulkChange,
  by: Actor,
): Promise<BulkResult> {
  const problems: { id: string; name: string; message: string }[] = []
  let done = 0
  for (const id of new Set(ids)) {
    const target = await targets.get(id)
    try {
      if (target === undefined) throw new GatewayError('not-found', 'target')
      await changeOne(targets, id, target.tags, change, by)
      done += 1
    } catch (error) {
      // Nothing more can be recorded: it stops here, as a single change would.
      if (!(error instanceof GatewayError) || error.code === 'audit.unavailable') throw error
      problems.push({ id, name: target?.name ?? '', message: error.message })
    }
  }
  return { done, problems }
}

async function changeOne(
  targets: Targets,
  id: TargetId,
  tags: Readonly<Record<string, string>>,
  change: BulkChange,
  by: Actor,
): Promise<void> {
  switch (change.kind) {
    case 'delete':
      return targets.remove(id, by)
    case 'enable':
    case 'disable':
      await targets.update(id, { disabled: change.kind === 'disable' }, by)
      return
    case 'expose':
    case 'hide':
      await targets.update(id, { exposed: change.kind === 'expose' }, by)
      return
    case 'tag': {
      const kept = Object.entries(tags).filter(([key]) => !change.remove.includes(key))
      await targets.update(id, { tags: { ...Object.fromEntries(kept), ...change.set } }, by)
    }
  }
}
