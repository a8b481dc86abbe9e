// Who is at which target, and ending it: administrators everybody's, everybody else their own.

import { GatewayError } from '../../core/errors.ts'
import type { User } from '../../core/user.ts'
import type { Routes, SessionRow } from '../contract.ts'
import { CountEach } from '../count-each.ts'
import { eventLines, type Handlers } from '../handlers.ts'
import { liveEvents } from './live-events.ts'
import type { ConsoleParts } from '../parts.ts'
import { watchAs } from '../watch-as.ts'

type OpenSessionRoute = Extract<keyof Routes, `${string} /api/sessions${string}`>

export function openSessionHandlers(parts: ConsoleParts): Handlers<OpenSessionRoute> {
  const { sessions } = parts
  const watching = new CountEach(
    parts.limits.liveWatchersPerUserMax,
    count => `${count} of your pages watch already`,
  )
  const visible = async (user: User): Promise<readonly SessionRow[]> => {
    const all = await sessions.list()
    return user.role === 'administrator' ? all : all.filter(session => session.userId === user.id)
  }
  const one = async (user: User, id: string): Promise<SessionRow> => {
    const found = (await visible(user)).find(session => session.id === id)
    if (found === undefined) throw new GatewayError('not-found', 'session')
    return found
  }
  return {
    'GET /api/sessions': ({ visitor }) => visible(visitor.user),
    async 'GET /api/sessions/live'({ visitor: { user } }) {
      return eventLines(watching.open(user.id, () => watchAs(parts, user, liveEvents(parts, user))))
    },
    async 'POST /api/sessions/:id/end'({ param, input, visitor }) {
      await sessions.end(await one(visitor.user, param('id')), visitor.by, input.reason)
    },
    async 'DELETE /api/sessions/:id'({ param, visitor }) {
      await sessions.end(await one(visitor.user, param('id')), visitor.by)
    },
    async 'POST /api/sessions/:id/stop'({ param, input, visitor }) {
      await sessions.stop(await one(visitor.user, param('id')), visitor.by, input?.reason)
    },
  }
}
