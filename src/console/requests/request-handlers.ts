// Requests: asked for by some, decided by others, with what the target says it would do.

import { type AccessRequest, mayDecide } from '../../access/requests.ts'
import { GatewayError } from '../../core/errors.ts'
import type { User } from '../../core/user.ts'
import { askPlan } from './ask-plan.ts'
import type { RequestRow, Routes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

type RequestRoute = Extract<keyof Routes, `${string} /api/requests${string}`>

export function requestHandlers(parts: ConsoleParts): Handlers<RequestRoute> {
  const { requests } = parts
  return {
    async 'GET /api/requests'({ visitor: { user } }) {
      const { own, waiting, decided } = await requests.for(user)
      const rows = (list: readonly AccessRequest[]) => list.map(one => rowOf(one, user))
      return { own: rows(own), waiting: rows(waiting), decided: rows(decided) }
    },
    async 'GET /api/requests/waiting'({ visitor: { user } }) {
      return { waiting: await requests.waitingFor(user) }
    },
    async 'GET /api/requests/:number'({ param, visitor: { user } }) {
      return rowOf(await requests.get(numberOf(param('number')), user), user)
    },
    async 'POST /api/requests/:number/decide'({ input, param, visitor: { user, by } }) {
      return rowOf(await requests.decide(numberOf(param('number')), input, by), user)
    },
    async 'POST /api/requests/:number/withdraw'({ param, visitor: { user, by } }) {
      return rowOf(await requests.withdraw(numberOf(param('number')), by), user)
    },
    async 'POST /api/requests/:number/plan'({ param, visitor: { user, by } }) {
      const request = await requests.get(numberOf(param('number')), user)
      if (!mayDecide(request, user)) throw new GatewayError('request.forbidden')
      return askPlan(parts, request, by)
    },
  }
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new GatewayError('not-found', 'request')
  return Number(text)
}

function rowOf({ id: _id, ...request }: AccessRequest, user: User): RequestRow {
  return { ...request, mine: request.userId === user.id, mayDecide: mayDecide(request, user) }
}
