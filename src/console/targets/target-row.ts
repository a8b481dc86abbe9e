// A target as its users see it; administrators also see where it is and how it is.

import type { TargetState } from '../../catalog/reach.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { TargetRow } from '../contract.ts'

export function describeTarget(
  target: Target,
  user: User,
  gatewayHost: string,
  health: TargetState,
): TargetRow {
  const { id, name, protocol, database, tags, listenPort, disabled } = target
  const row = { id, name, protocol, database, tags, gatewayHost, listenPort, disabled, state: health.state }
  if (user.role !== 'administrator') return { ...row, admin: undefined }
  const { host, port, account, tls, tlsCa, jump, sendProxy = false, snapshotRowsMax = 0 } = target
  const admin = { host, port, account, tls, tlsCa, jump, sendProxy, snapshotRowsMax }
  return { ...row, health: { ...health, changes: [] }, admin }
}
