// The audit: administrators find everything, users what they did themselves.

import { randomUUID } from 'node:crypto'
import type { AuditFilter } from '../../audit/audit.ts'
import type { SavedFilter } from '../../audit/saved-filters.ts'
import { GatewayError } from '../../core/errors.ts'
import type { User } from '../../core/user.ts'
import { isOwn, ownSinceMs } from './own-past.ts'
import { parseAuditFilter } from './audit-filter.ts'
import { tailEntries } from './audit-tail.ts'
import type { KeptFilter, Routes } from '../contract.ts'
import { CountEach } from '../count-each.ts'
import { eventLines, type Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { watchAs } from '../watch-as.ts'

type AuditRoute = Exclude<
  Extract<keyof Routes, `${string} /api/audit${string}`>,
  'GET /api/audit/:id/snapshot' | 'POST /api/audit/exports'
>

const seesAll = (user: User): boolean => user.role === 'administrator'

/** What somebody asked for, of what they may see. @throws GatewayError `request.invalid` */
export function auditFilterOf(user: User, query: Readonly<Record<string, unknown>>): AuditFilter {
  const asked = parseAuditFilter(query)
  if (seesAll(user)) return asked
  return { ...asked, userName: user.name, fromMs: Math.max(asked.fromMs ?? 0, ownSinceMs(user)) }
}

export function auditHandlers(parts: ConsoleParts): Handlers<AuditRoute> {
  const { auditSearch, auditFilters, clock, limits } = parts
  const watching = new CountEach(
    limits.liveWatchersPerUserMax,
    count => `${count} of your pages watch already`,
  )
  return {
    'GET /api/audit': ({ query, visitor: { user } }) => auditSearch.find(auditFilterOf(user, query)),
    'GET /api/audit/page': ({ query, visitor: { user } }) => auditSearch.page(auditFilterOf(user, query)),
    'GET /api/audit/summary': ({ query, visitor: { user } }) =>
      auditSearch.summary(auditFilterOf(user, query)),
    'GET /api/audit/chain': () => Promise.resolve(auditSearch.chain()),
    async 'GET /api/audit/tail'({ query, visitor: { user } }) {
      const filter = auditFilterOf(user, query)
      const open = () => watchAs(parts, user, tailEntries({ auditSearch, clock }, filter))
      return eventLines(watching.open(user.id, open))
    },
    async 'GET /api/audit/filters'({ visitor: { user } }) {
      const all = await auditFilters.list(user.id)
      // What administrators share may name what others need not know of.
      return all.filter(one => one.ownerId === user.id || seesAll(user)).map(one => keptFilter(one, user))
    },
    async 'POST /api/audit/filters'({ input, visitor: { user } }) {
      if (input.shared && !seesAll(user)) throw new GatewayError('request.forbidden')
      const own = (await auditFilters.list(user.id)).filter(one => one.ownerId === user.id)
      if (own.length >= limits.auditFiltersPerUserMax)
        throw new GatewayError('limit.exceeded', `you keep ${own.length} filters already`)
      const made = { ...input, id: randomUUID(), ownerId: user.id, changedAtMs: clock.nowMs() }
      await auditFilters.add(made)
      return keptFilter(made, user)
    },
    async 'DELETE /api/audit/filters/:id'({ param, visitor: { user } }) {
      const found = await auditFilters.get(param('id'))
      if (found === undefined || found.ownerId !== user.id) throw new GatewayError('not-found', 'filter')
      await auditFilters.remove(found.id)
    },
    async 'GET /api/audit/:id'({ param, visitor: { user } }) {
      const entry = await auditSearch.get(param('id'))
      if (entry === undefined || !(seesAll(user) || isOwn(user, entry))) {
        throw new GatewayError('not-found', 'event')
      }
      return entry
    },
  }
}

const keptFilter = ({ id, name, search, shared, ownerId }: SavedFilter, user: User): KeptFilter => ({
  id,
  name,
  search,
  shared,
  mine: ownerId === user.id,
})
