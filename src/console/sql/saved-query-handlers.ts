// Queries that people keep and share with their groups.

import type { SavedQueryId } from '../../access/saved-queries.ts'
import type { TargetId } from '../../core/ids.ts'
import type { SavedQueryInput } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import type { SqlRoutes } from './sql-contract.ts'

type SavedRoute = Extract<keyof SqlRoutes, `${string} /api/sql/saved${string}`>

export function savedQueryHandlers({ savedQueries }: ConsoleParts): Handlers<SavedRoute> {
  const wishOf = ({ name, text, targetId, groups }: SavedQueryInput) => ({
    name,
    text,
    // A target that is gone does no harm: it is shown as none.
    targetId: targetId as TargetId | undefined,
    groups,
  })
  return {
    'GET /api/sql/saved': ({ visitor }) => savedQueries.list(visitor.user),
    'POST /api/sql/saved': ({ visitor, input }) => savedQueries.add(visitor.user, wishOf(input)),
    'PUT /api/sql/saved/:id': ({ visitor, input, param }) =>
      savedQueries.change(visitor.user, param('id') as SavedQueryId, wishOf(input)),
    'DELETE /api/sql/saved/:id': ({ visitor, param }) =>
      savedQueries.remove(visitor.user, param('id') as SavedQueryId),
  }
}
