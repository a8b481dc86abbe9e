// Sessions of the SQL editor: opening, running, stopping, closing.

import { GatewayError } from '../../core/errors.ts'
import type { SqlRoutes } from './sql-contract.ts'
import { eventLines, type Handlers, type Visitor } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { visibleTarget } from '../targets/visible-targets.ts'
import type { SqlSessions } from './sql-sessions.ts'

type SessionRoute = Extract<keyof SqlRoutes, `${string} /api/sql/sessions${string}`>

/** What a session belongs to: gone with it when its owner signs out. */
export const signInOf = ({ session, user }: Visitor): string => `${user.id} ${session.csrfToken}`

export function sqlSessionHandlers(parts: ConsoleParts, sessions: SqlSessions): Handlers<SessionRoute> {
  return {
    'GET /api/sql/sessions': ({ visitor }) => Promise.resolve(sessions.list(visitor.user.id)),
    async 'POST /api/sql/sessions'({ visitor, input, address }) {
      const target = await visibleTarget(parts, visitor.user, input.targetId, address)
      // Whether they may connect is the gate's to say: its refusal goes on record.
      if (target.disabled) throw new GatewayError('target.unreachable', 'it is switched off')
      return sessions.open(visitor.user, target, address, signInOf(visitor))
    },
    'GET /api/sql/sessions/:id': async ({ visitor, param }) =>
      Promise.resolve(sessions.of(visitor.user.id, param('id')).describe()),
    async 'DELETE /api/sql/sessions/:id'({ visitor, param }) {
      await Promise.resolve(sessions.of(visitor.user.id, param('id')).close())
    },
    async 'POST /api/sql/sessions/:id/run'({ visitor, input, param }) {
      refuseZero([input.sql, ...(input.parameters ?? [])])
      const session = sessions.of(visitor.user.id, param('id'))
      const running = sessions.list(visitor.user.id).filter(one => one.running).length
      if (running >= parts.limits.editorRunsPerUserMax && !session.isRunning)
        throw new GatewayError('limit.exceeded', `${running} of your queries are still running`)
      return Promise.resolve(eventLines(session.run(input)))
    },
    async 'POST /api/sql/sessions/:id/stop'({ visitor, param }) {
      await Promise.resolve(sessions.of(visitor.user.id, param('id')).stop())
    },
  }
}

/** @throws GatewayError `request.invalid` for texts that end in the middle at the target */
export function refuseZero(texts: readonly (string | null | undefined)[]): void {
  if (texts.some(text => text?.includes('\0')))
    throw new GatewayError('request.invalid', 'the text holds a zero byte')
}
