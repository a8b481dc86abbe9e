// Jobs of the one who asks: the list, stopping, and what they made.

import type { SqlRoutes } from '../sql/sql-contract.ts'
import type { ConsoleParts } from '../parts.ts'
import { type Handlers, Streamed } from '../handlers.ts'
import type { Jobs } from './jobs.ts'

type JobRoute = Extract<keyof SqlRoutes, `${string} /api/jobs${string}`>

export function jobHandlers(parts: Pick<ConsoleParts, 'recordChange'>, jobs: Jobs): Handlers<JobRoute> {
  return {
    'GET /api/jobs': ({ visitor }) => Promise.resolve(jobs.list(visitor.user.id)),
    async 'DELETE /api/jobs/:id'({ visitor, param }) {
      await Promise.resolve(jobs.remove(visitor.user.id, param('id')))
    },
    async 'GET /api/jobs/:id/file'({ visitor, param }) {
      const { file, name } = jobs.file(visitor.user.id, param('id'))
      await parts.recordChange(visitor.by, 'file.fetched', name, { bytes: [null, file.bytes] })
      // Never shown by the browser, whatever it holds.
      return new Streamed(file.read(), 'application/octet-stream', name)
    },
  }
}
