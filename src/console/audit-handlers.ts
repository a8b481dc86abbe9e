// The audit: administrators find everything, users what they did themselves.

import type { AuditFilter } from '../audit/audit.ts'
import { GatewayError } from '../core/errors.ts'
import type { User } from '../core/user.ts'
import { parseAuditFilter } from './audit-filter.ts'
import type { Routes } from './contract.ts'
import type { Handlers } from './handlers.ts'
import type { ConsoleParts } from './parts.ts'

type AuditRoute = Extract<keyof Routes, `${string} /api/audit${string}`>

export function auditHandlers({ auditSearch }: ConsoleParts): Handlers<AuditRoute> {
  const seesAll = (user: User) => user.role === 'administrator'
  return {
    'GET /api/audit': ({ query, visitor: { user } }) => {
      const asked = parseAuditFilter(query)
      const filter: AuditFilter = seesAll(user) ? asked : { ...asked, userName: user.name }
      return auditSearch.find(filter)
    },
    'GET /api/audit/chain': () => Promise.resolve(auditSearch.chain()),
    async 'GET /api/audit/:id'({ param, visitor: { user } }) {
      const entry = await auditSearch.get(param('id'))
      if (entry === undefined || !(seesAll(user) || entry.userName === user.name)) {
        throw new GatewayError('not-found', 'event')
      }
      return entry
    },
  }
}
