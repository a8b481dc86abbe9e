// Serves every route of the contract: the guard first, then the schema, then the handler.

import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { GatewayError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import { apiTokenHandlers } from './people/api-token-handlers.ts'
import { auditExportHandlers } from './audit/audit-export-handlers.ts'
import { auditHandlers } from './audit/audit-handlers.ts'
import type { Routes } from './contract.ts'
import { deviceHandlers } from './devices/device-handlers.ts'
import { healthHandlers } from './health/health-handlers.ts'
import { admit } from './guard.ts'
import { type Call, type Handlers, Streamed, type Visitor } from './handlers.ts'
import { inputs } from './inputs.ts'
import { Jobs } from './jobs/jobs.ts'
import { openSessionHandlers } from './sessions/open-session-handlers.ts'
import type { ConsoleParts } from './parts.ts'
import { peopleHandlers } from './people/people-handlers.ts'
import { policyHandlers } from './policies/policy-handlers.ts'
import { policyWorkHandlers } from './policies/policy-work-handlers.ts'
import { reachHandlers } from './reach/reach-handlers.ts'
import { requestHandlers } from './requests/request-handlers.ts'
import { ruleHandlers } from './policies/rule-handlers.ts'
import { sessionHandlers } from './people/session-handlers.ts'
import { snapshotHandlers } from './audit/snapshot-handlers.ts'
import { sqlHandlers } from './sql/sql-handlers.ts'
import { signInOf } from './sql/sql-session-handlers.ts'
import { SqlSessions } from './sql/sql-sessions.ts'
import { Uploads } from './sql/uploads.ts'
import { targetHandlers } from './targets/target-handlers.ts'
import { targetListHandlers } from './targets/target-list-handlers.ts'
import { type Who, who } from './who.ts'

/** `__Host-`: only by HTTPS, only for this host, only as a whole. Without HTTPS browsers would not take it. */
export const cookieNameOf = (secure: boolean): string => (secure ? '__Host-sekisho' : 'sekisho')

export function addRoutes(
  app: FastifyInstance,
  parts: ConsoleParts,
  secure: boolean,
  closing: AbortSignal,
): void {
  const sqlSessions = new SqlSessions(parts, closing)
  const uploads = new Uploads(parts, closing)
  const jobs = new Jobs({ ...parts, files: parts.jobFiles }, closing)
  const handlers: Handlers = {
    ...sessionHandlers(parts, visitor => sqlSessions.signedOut(signInOf(visitor))),
    ...peopleHandlers(parts),
    ...targetHandlers(parts),
    ...policyHandlers(parts),
    ...policyWorkHandlers(parts),
    ...reachHandlers(parts),
    ...ruleHandlers(parts),
    ...auditHandlers(parts),
    ...auditExportHandlers(parts, jobs),
    ...snapshotHandlers(parts),
    ...apiTokenHandlers(parts),
    ...requestHandlers(parts),
    ...openSessionHandlers(parts),
    ...sqlHandlers(parts, sqlSessions, jobs, uploads),
    ...deviceHandlers(parts),
    ...targetListHandlers(parts),
    ...healthHandlers(parts),
  }
  const visitors = new WeakMap<FastifyRequest, Visitor>()
  const cookieName = cookieNameOf(secure)
  const guard = (needed: Who) => async (request: FastifyRequest) => {
    const visitor = await admit(request, needed, parts.access.signIn, parts.apiTokens, cookieName)
    if (visitor !== undefined) visitors.set(request, visitor)
  }
  for (const route of Object.keys(handlers) as (keyof Routes)[]) {
    const [method = '', url = ''] = route.split(' ')
    // Each handler takes what the schema of its own route has let through.
    const handle = handlers[route] as (call: Call<keyof Routes>) => Promise<unknown>
    app.route({
      method,
      url,
      schema: describeRoute(route),
      onRequest: guard(who[route]),
      async handler(request, reply) {
        const answer = await handle(callOf(request, reply, visitors.get(request), cookieName, secure))
        if (answer instanceof Streamed) return sendStream(reply, answer, closing)
        return answer === undefined ? reply.code(204).send() : reply.send(answer)
      },
    })
  }
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
): Call<keyof Routes> {
  return {
    get visitor() {
      if (visitor === undefined) throw new GatewayError('sign-in.required')
      return visitor
    },
    address: request.ip,
    input: request.body as Call<keyof Routes>['input'],
    upload: request.body instanceof Readable ? request.body : undefined,
    param: name => (request.params as Readonly<Record<string, string>>)[name] ?? '',
    query: request.query as Readonly<Record<string, unknown>>,
    setCookie(value: Secret | undefined) {
      const options = { path: '/', httpOnly: true, secure, sameSite: 'strict' } as const
      if (value === undefined) void reply.clearCookie(cookieName, options)
      else void reply.setCookie(cookieName, value.reveal(), options)
    },
  }
}

/** A stream ends when the other side goes away, or the server stops. */
function sendStream(reply: FastifyReply, { body, type, fileName }: Streamed, closing: AbortSignal) {
  const stop = () => void body.destroy()
  closing.addEventListener('abort', stop)
  reply.raw.once('close', stop)
  body.once('close', () => closing.removeEventListener('abort', stop))
  reply.type(type).header('x-accel-buffering', 'no')
  if (fileName !== undefined) reply.header('content-disposition', attachment(fileName))
  return reply.send(body)
}

/** RFC 6266, with the name in the form of RFC 8187 so that it may be in any language. */
const attachment = (name: string): string =>
  `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`
