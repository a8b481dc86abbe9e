// Who is at which target, and ending it: administrators everybody's, everybody else their own.

import { GatewayError } from '../core/errors.ts'
import type { User } from '../core/user.ts'
import type { SessionRow } from './contract.ts'
import type { Handlers, PlainRoute } from './handlers.ts'
import type { ConsoleParts } from './parts.ts'

type OpenSessionRoute = Extract<PlainRoute, `${string} /api/sessions${string}`>

export function openSessionHandlers({ sessions }: ConsoleParts): Handlers<OpenSessionRoute> {
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
    async 'DELETE /api/sessions/:id'({ param, visitor }) {
      await sessions.end(await one(visitor.user, param('id')), visitor.by)
    },
    async 'POST /api/sessions/:id/stop'({ param, visitor }) {
      await sessions.stop(await one(visitor.user, param('id')), visitor.by)
    },
  }
}
