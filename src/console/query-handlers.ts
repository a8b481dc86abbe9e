// What a text of the SQL page gives.

import { GatewayError } from '../core/errors.ts'
import { CountEach } from './count-each.ts'
import { eventLines, type Handlers } from './handlers.ts'
import type { ConsoleParts } from './parts.ts'
import { runQuery } from './run-query.ts'
import { visibleTarget } from './visible-targets.ts'

export function queryHandlers(parts: ConsoleParts): Handlers<'POST /api/targets/:id/query'> {
  const running = new CountEach(
    parts.limits.editorRunsPerUserMax,
    count => `${count} of your queries are still running`,
  )
  return {
    async 'POST /api/targets/:id/query'({ visitor, input, param, address }) {
      const { user } = visitor
      const { sql } = input
      if (sql.includes('\0')) throw new GatewayError('request.invalid', 'the text holds a zero byte')
      const target = await visibleTarget(parts, user, param('id'), address)
      // Whether they may connect is the gate's to say: its refusal goes on record.
      if (target.disabled) throw new GatewayError('target.unreachable', 'it is switched off')
      return eventLines(running.open(user.id, () => runQuery(parts, { target, user, address, sql })))
    },
  }
}
