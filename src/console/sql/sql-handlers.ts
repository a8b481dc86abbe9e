// All that the SQL editor asks for.

import type { SqlRoutes } from './sql-contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { jobHandlers } from '../jobs/job-handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { historyHandlers } from './history-handlers.ts'
import { objectHandlers } from './object-handlers.ts'
import { savedQueryHandlers } from './saved-query-handlers.ts'
import { sqlSessionHandlers } from './sql-session-handlers.ts'
import type { Uploads } from './uploads.ts'
import { transferHandlers } from './transfer-handlers.ts'
import type { SqlSessions } from './sql-sessions.ts'

export function sqlHandlers(
  parts: ConsoleParts,
  sessions: SqlSessions,
  jobs: Jobs,
  uploads: Uploads,
): Handlers<keyof SqlRoutes> {
  return {
    ...sqlSessionHandlers(parts, sessions),
    ...jobHandlers(parts, jobs),
    ...transferHandlers(parts, jobs, uploads),
    ...objectHandlers(parts),
    ...historyHandlers(parts),
    ...savedQueryHandlers(parts),
  }
}
