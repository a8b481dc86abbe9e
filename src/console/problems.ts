// Errors on their way out: which status, and what the caller reads. No stack, no text of somebody else's error.

import { randomUUID } from 'node:crypto'
import type { FastifyError } from 'fastify'
import { type ErrorCode, GatewayError } from '../core/errors.ts'
import type { ApiError } from './contract.ts'
import type { ConsoleLog } from './parts.ts'

const statuses: { readonly [C in ErrorCode]: number } = {
  'sign-in.failed': 401,
  'sign-in.locked': 423,
  'sign-in.rate-limited': 429,
  'sign-in.disabled': 403,
  'sign-in.required': 401,
  'password.weak': 400,
  'password.must-change': 403,
  'request.invalid': 400,
  'request.forbidden': 403,
  'request.forged': 403,
  'not-found': 404,
  conflict: 409,
  'token.invalid': 401,
  'connect.denied': 403,
  'statement.denied': 403,
  'statement.unreadable': 400,
  'statement.unsafe': 400,
  'statement.needs-reason': 403,
  'statement.needs-approval': 403,
  'statement.stopped': 403,
  'audit.unavailable': 503,
  'target.unreachable': 502,
  'target.login-failed': 502,
  'target.schema-unavailable': 502,
  'protocol.violation': 400,
  'protocol.unsupported': 400,
  'limit.exceeded': 429,
  'session.ended': 403,
  'server.draining': 503,
  internal: 500,
}

export interface Problem {
  readonly status: number
  readonly body: ApiError
}

export function describeProblem(error: unknown, log: ConsoleLog, route: string): Problem {
  const known = error instanceof GatewayError ? error : fromFastify(error)
  if (known !== undefined && known.code !== 'internal') {
    if (known.cause !== undefined) log.warn({ err: known.cause, code: known.code, route }, 'request failed')
    const status = isTooLarge(error) ? 413 : statuses[known.code]
    return { status, body: { code: known.code, message: known.message, detail: known.detail } }
  }
  const id = randomUUID()
  log.error({ err: error, id, route }, 'request failed')
  const told = new GatewayError('internal', id)
  return { status: 500, body: { code: told.code, message: told.message, detail: told.detail } }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'

/** What Fastify itself found wrong with a request; its own texts may repeat what was sent. */
function fromFastify(error: unknown): GatewayError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const { code, statusCode } = error as FastifyError
  if (statusCode === undefined || statusCode >= 500) return undefined
  const said: Readonly<Record<string, string>> = {
    FST_ERR_CTP_BODY_TOO_LARGE: 'the body is too large',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'the body must be application/json',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty',
  }
  return new GatewayError('request.invalid', said[code] ?? 'the request cannot be read')
}

/** The first thing that a schema objects to: where and what, never the value. */
export function schemaProblem(
  errors: readonly { readonly instancePath?: string; readonly message?: string; readonly params?: unknown }[],
): GatewayError {
  const [first] = errors
  const where = first?.instancePath?.slice(1).replaceAll('/', '.') ?? ''
  return new GatewayError(
    'request.invalid',
    `${where === '' ? 'the body' : where} ${first?.message ?? 'is not valid'}`,
  )
}
