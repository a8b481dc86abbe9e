// The guard at the door of every route: is this request from our pages, who is it, may they?

import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { SignIn } from '../access/access.ts'
import type { ApiTokens } from '../access/api-tokens.ts'
import { GatewayError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import type { Visitor } from './handlers.ts'
import type { Who } from './who.ts'

/** Longer ones are none of ours. */
const cookieCharsMax = 200

/** @throws GatewayError `request.forged | sign-in.required | password.must-change | request.forbidden` */
export async function admit(
  request: FastifyRequest,
  who: Who,
  signIn: SignIn,
  apiTokens: ApiTokens,
  cookieName: string,
): Promise<Visitor | undefined> {
  const changes = request.method !== 'GET' && request.method !== 'HEAD'
  if (changes) checkOrigin(request)
  if (who === 'public') return undefined
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return admitProgram(request, who, apiTokens, new Secret(bearer))
  const value = request.cookies[cookieName]
  if (value === undefined || value === '' || value.length > cookieCharsMax)
    throw new GatewayError('sign-in.required')
  const cookie = new Secret(value)
  const session = await signIn.find(cookie)
  if (session === undefined) throw new GatewayError('sign-in.required')
  if (changes && !same(session.csrfToken, request.headers['x-sekisho-csrf']))
    throw new GatewayError('request.forged')
  if (session.mustChangePassword && who !== 'newcomer') throw new GatewayError('password.must-change')
  const { user } = session
  if (who === 'administrator' && user.role !== 'administrator') throw new GatewayError('request.forbidden')
  return {
    session,
    cookie,
    user,
    isProgram: false,
    by: { userId: user.id, userName: user.name, address: request.ip },
  }
}

/** A program shows its token with every request: there is nothing that another page could make it send. */
async function admitProgram(
  request: FastifyRequest,
  who: Who,
  apiTokens: ApiTokens,
  secret: Secret,
): Promise<Visitor> {
  const found = await apiTokens.find(secret)
  if (found === undefined) throw new GatewayError('sign-in.required')
  const { user, token } = found
  if (who === 'administrator' && user.role !== 'administrator') throw new GatewayError('request.forbidden')
  const session = { user, mustChangePassword: false, csrfToken: '', expiresAtMs: token.expiresAtMs }
  const by = { userId: user.id, userName: user.name, address: `${request.ip} (API token ${token.label})` }
  return { session, cookie: new Secret(''), user, isProgram: true, by }
}

/**
 * Browsers name the origin of every changing request; ours is the host that they asked. Programs that are no browsers name
 * none, and have no cookie that another page could abuse.
 */
function checkOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new GatewayError('request.forged')
  if (origin === undefined) return
  const host = URL.canParse(origin) ? new URL(origin).host : undefined
  if (host === undefined || host !== request.host) throw new GatewayError('request.forged')
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const same = (expected: string, given: string | readonly string[] | undefined): boolean =>
  typeof given === 'string' && timingSafeEqual(digest(expected), digest(given))
