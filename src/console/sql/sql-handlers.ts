// All that the SQL editor asks for.

import { GatewayError } from '../../core/errors.ts'
import type { SqlRoutes } from '../sql-contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { jobHandlers } from '../jobs/job-handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { historyHandlers } from './history-handlers.ts'
import { objectHandlers } from './object-handlers.ts'
import { savedQueryHandlers } from './saved-query-handlers.ts'
import { sqlSessionHandlers } from './sql-session-handlers.ts'
import { transferHandlers } from './transfer-handlers.ts'
import type { SqlSessions } from './sql-sessions.ts'

export function sqlHandlers(
  parts: ConsoleParts,
  sessions: SqlSessions,
  jobs: Jobs,
): Handlers<keyof SqlRoutes> {
  const later = (): Promise<never> => Promise.reject(new GatewayError('not-found', 'route'))
  return {
    ...sqlSessionHandlers(parts, sessions),
    ...jobHandlers(parts, jobs),
    ...transferHandlers(parts, jobs),
    ...objectHandlers(parts),
    ...historyHandlers(parts),
    ...savedQueryHandlers(parts),
    'POST /api/targets/:id/uploads': later,
    'POST /api/targets/:id/imports': later,
  }
}
