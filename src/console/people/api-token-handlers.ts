// Tokens of programs that administer: made by people, never by programs.

import type { ApiTokenId } from '../../access/api-tokens.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Routes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

type ApiTokenRoute = Extract<keyof Routes, `${string} /api/api-tokens${string}`>

const dayMs = 24 * 60 * 60 * 1000

export function apiTokenHandlers({ apiTokens }: ConsoleParts): Handlers<ApiTokenRoute> {
  return {
    'GET /api/api-tokens': ({ visitor }) => apiTokens.list(visitor.user.id),
    async 'POST /api/api-tokens'({ input, visitor }) {
      if (visitor.isProgram) throw new GatewayError('request.forbidden')
      const wanted = { userId: visitor.user.id, label: input.label, lifeMs: input.lifeDays * dayMs }
      const { token, secret } = await apiTokens.create(wanted, visitor.by)
      return { token, secret: secret.reveal() }
    },
    'DELETE /api/api-tokens/:id': ({ param, visitor }) =>
      apiTokens.revoke(param('id') as ApiTokenId, visitor.user.id, visitor.by),
  }
}
