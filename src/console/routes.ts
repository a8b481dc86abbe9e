// Serves every route of the contract: the guard first, then the schema, then the handler.

import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { GatewayError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { UserId } from '../core/ids.ts'
import type { User } from '../core/user.ts'
import { apiTokenHandlers } from './api-token-handlers.ts'
import { auditHandlers } from './audit-handlers.ts'
import type { Routes } from './contract.ts'
import { admit } from './guard.ts'
import type { Call, Handlers, PlainRoute, Visitor } from './handlers.ts'
import { inputs } from './inputs.ts'
import { liveEvents } from './live-events.ts'
import { openSessionHandlers } from './open-session-handlers.ts'
import type { ConsoleParts } from './parts.ts'
import { peopleHandlers } from './people-handlers.ts'
import { policyHandlers } from './policy-handlers.ts'
import { requestHandlers } from './request-handlers.ts'
import { ruleHandlers } from './rule-handlers.ts'
import { runQuery } from './run-query.ts'
import { sessionHandlers } from './session-handlers.ts'
import { targetHandlers } from './target-handlers.ts'
import { visibleTarget } from './visible-targets.ts'
import { type Who, who } from './who.ts'

const queryRoute = 'POST /api/targets/:id/query'
const liveRoute = 'GET /api/sessions/live'

/** `__Host-`: only by HTTPS, only for this host, only as a whole. Without HTTPS browsers would not take it. */
export const cookieNameOf = (secure: boolean): string => (secure ? '__Host-sekisho' : 'sekisho')

export function addRoutes(
  app: FastifyInstance,
  parts: ConsoleParts,
  secure: boolean,
  closing: AbortSignal,
): void {
  const handlers: Handlers = {
    ...sessionHandlers(parts),
    ...peopleHandlers(parts),
    ...targetHandlers(parts),
    ...policyHandlers(parts),
    ...ruleHandlers(parts),
    ...auditHandlers(parts),
    ...apiTokenHandlers(parts),
    ...requestHandlers(parts),
    ...openSessionHandlers(parts),
  }
  const visitors = new WeakMap<FastifyRequest, Visitor>()
  const cookieName = cookieNameOf(secure)
  const guard = (needed: Who) => async (request: FastifyRequest) => {
    const visitor = await admit(request, needed, parts.access.signIn, parts.apiTokens, cookieName)
    if (visitor !== undefined) visitors.set(request, visitor)
  }
  const add = (
    route: keyof Routes,
    answer: (call: Call<PlainRoute>, reply: FastifyReply) => Promise<unknown>,
  ) => {
    const [method = '', url = ''] = route.split(' ')
    app.route({
      method,
      url,
      schema: describeRoute(route),
      onRequest: guard(who[route]),
      handler: (request, reply) =>
        answer(callOf(request, reply, visitors.get(request), cookieName, secure), reply),
    })
  }
  for (const route of Object.keys(handlers) as PlainRoute[]) {
    // Each handler takes what the schema of its own route has let through.
    const handle = handlers[route] as (call: Call<PlainRoute>) => Promise<unknown>
    add(route, async (call, reply) => {
      const answer = await handle(call)
      return answer === undefined ? reply.code(204).send() : reply.send(answer)
    })
  }
  addQuery(add, parts, closing)
  addLive(add, parts, closing)
}

function describeRoute(route: keyof Routes): Record<string, unknown> {
  const body: TSchema | undefined = (inputs as Readonly<Record<string, TSchema>>)[route]
  const tag = route.split('/')[2]
  const summary = `For: ${who[route]}`
  return { tags: [tag], summary, ...(body === undefined ? {} : { body }) }
}

function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  visitor: Visitor | undefined,
  cookieName: string,
  secure: boolean,
): Call<PlainRoute> {
  return {
    get visitor() {
      if (visitor === undefined) throw new GatewayError('sign-in.required')
      return visitor
    },
    address: request.ip,
    input: request.body as Call<PlainRoute>['input'],
    param: name => (request.params as Readonly<Record<string, string>>)[name] ?? '',
    query: request.query as Readonly<Record<string, unknown>>,
    setCookie(value: Secret | undefined) {
      const options = { path: '/', httpOnly: true, secure, sameSite: 'strict' } as const
      if (value === undefined) void reply.clearCookie(cookieName, options)
      else void reply.setCookie(cookieName, value.reveal(), options)
    },
  }
}

type Add = (
  route: keyof Routes,
  answer: (call: Call<PlainRoute>, reply: FastifyReply) => Promise<unknown>,
) => void

/** Statements as they pass. */
function addLive(add: Add, parts: ConsoleParts, closing: AbortSignal): void {
  const watching = new Map<UserId, number>()
  add(liveRoute, async (call, reply) => {
    const { user } = call.visitor
    const count = watching.get(user.id) ?? 0
    if (count >= parts.limits.liveWatchersPerUserMax) {
      throw new GatewayError('limit.exceeded', `${count} of your pages watch already`)
    }
    watching.set(user.id, count + 1)
    const lines = liveEvents(parts, user)
    const look = setInterval(
      () => void stillMay(parts, user).then(may => may || lines.destroy()),
      lookEveryMs,
    )
    // Pages come back by themselves, and show who they are again.
    const over = setTimeout(() => lines.push(null), liveMaxMs)
    endWith(lines, reply, closing, () => {
      clearInterval(look)
      clearTimeout(over)
      const left = (watching.get(user.id) ?? 1) - 1
      if (left > 0) watching.set(user.id, left)
      else watching.delete(user.id)
    })
    return sendLines(reply, lines)
  })
}

/** Whether somebody who watches is still who they were. */
async function stillMay({ access }: ConsoleParts, watcher: User): Promise<boolean> {
  const now = await access.users.get(watcher.id).catch(() => undefined)
  return now !== undefined && !now.disabled && now.role === watcher.role
}

const lookEveryMs = 1_000
const liveMaxMs = 5 * 60_000

/** A stream ends when the other side goes away, or the server stops. */
function endWith(lines: Readable, reply: FastifyReply, closing: AbortSignal, ended: () => void): void {
  const stop = () => void lines.destroy()
  closing.addEventListener('abort', stop)
  reply.raw.once('close', stop)
  lines.once('close', () => {
    closing.removeEventListener('abort', stop)
    ended()
  })
}

const sendLines = (reply: FastifyReply, lines: Readable) =>
  reply.type('application/x-ndjson; charset=utf-8').header('x-accel-buffering', 'no').send(lines)

/** What a text of the SQL page gives. */
function addQuery(add: Add, parts: ConsoleParts, closing: AbortSignal): void {
  const running = new Map<UserId, number>()
  add(queryRoute, async (call, reply) => {
    const { user } = call.visitor
    const { sql } = call.input as Routes[typeof queryRoute]['in']
    if (sql.includes('\0')) throw new GatewayError('request.invalid', 'the text holds a zero byte')
    const target = await visibleTarget(parts, user, call.param('id'), call.address)
    // Whether they may connect is the gate's to say: its refusal goes on record.
    if (target.disabled) throw new GatewayError('target.unreachable', 'it is switched off')
    const count = running.get(user.id) ?? 0
    if (count >= parts.limits.editorRunsPerUserMax) {
      throw new GatewayError('limit.exceeded', `${count} of your queries are still running`)
    }
    running.set(user.id, count + 1)
    const lines = runQuery(parts, { target, user, address: call.address, sql })
    endWith(lines, reply, closing, () => {
      const left = (running.get(user.id) ?? 1) - 1
      if (left > 0) running.set(user.id, left)
      else running.delete(user.id)
    })
    return sendLines(reply, lines)
  })
}
