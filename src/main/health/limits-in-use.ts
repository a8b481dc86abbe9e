// How full the limits are that grow with use, for the health page.

import type { HealthReport } from '../../console/contract.ts'
import type { Target } from '../../core/target.ts'
import type { Config } from '../config.ts'
import type { Rooms } from '../rooms.ts'

export function limitsInUse(
  config: Config,
  rooms: Rooms,
  targets: readonly Target[],
): HealthReport['limits'] {
  const { limits, targets: place } = config
  const perUser = new Map<string, number>()
  const perTarget = new Map<string, number>()
  for (const { user, target } of rooms.gate.visits()) {
    perUser.set(user.id, (perUser.get(user.id) ?? 0) + 1)
    perTarget.set(target.id, (perTarget.get(target.id) ?? 0) + 1)
  }
  const most = (counts: ReadonlyMap<string, number>): number => Math.max(0, ...counts.values())
  const exposed = targets.filter(target => target.listenPort !== undefined).length
  return [
    { name: 'targetPorts', used: exposed, max: place.portLast - place.portFirst + 1 },
    { name: 'sessionsPerUserMax', used: most(perUser), max: limits.sessionsPerUserMax },
    { name: 'connectionsPerTargetMax', used: most(perTarget), max: limits.connectionsPerTargetMax },
  ]
}
