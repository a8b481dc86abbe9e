// How the server is, and what needs attention, for administrators.

import type { HealthRoutes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

export function healthHandlers({ health }: ConsoleParts): Handlers<keyof HealthRoutes> {
  return {
    'GET /api/health': () => health.report(),
    'GET /api/attention': ({ visitor }) => health.attention(visitor.user),
  }
}
