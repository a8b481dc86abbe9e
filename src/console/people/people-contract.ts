// The part of the contract about what administrators see and do of people beyond their accounts. Types only.

import type { Token } from '../../access/access.ts'
import type { GroupRow } from '../contract.ts'

export interface PeopleRoutes {
  /** Connection tokens of somebody, for administrators. */
  'GET /api/users/:id/tokens': { in: void; out: readonly Token[] }
  'DELETE /api/users/:id/tokens/:token': { in: void; out: void }
  /** Several at once, by name; who is in already stays in. */
  'POST /api/groups/:id/members': {
    in: { add: readonly string[]; remove: readonly string[] }
    out: GroupRow
  }
  'POST /api/sessions/:id/end': { in: { reason: string }; out: void }
}
