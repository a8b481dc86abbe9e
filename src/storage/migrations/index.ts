// All migrations, in order. A new one is a file and a line here; released ones never change.

import { start } from './001-start.ts'
import { audit } from './002-audit.ts'
import { requests } from './003-requests.ts'
import { mysqlLogins } from './004-mysql-logins.ts'
import { queryRules } from './005-query-rules.ts'
import { waysToTargets } from './006-ways-to-targets.ts'
import { snapshots } from './007-snapshots.ts'
import { savedQueries } from './008-saved-queries.ts'
import { exposedTargets } from './010-exposed-targets.ts'
import { auditSearch } from './011-audit-search.ts'
import { devices } from './012-devices.ts'
import { liveStatements } from './013-live-statements.ts'
import type { Step } from './migration.ts'

export const migrations: readonly Step[] = [
  start,
  audit,
  requests,
  mysqlLogins,
  queryRules,
  waysToTargets,
  snapshots,
  savedQueries,
  exposedTargets,
  auditSearch,
  devices,
  liveStatements,
]
