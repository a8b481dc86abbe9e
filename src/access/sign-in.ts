// Signing in at the console: the checks in their order, the cookie, and the end of a session.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { ConsoleSession, SignIn } from './access.ts'
import { InTurn } from './in-turn.ts'
import { checkPassword, hashPassword, type PasswordCost } from './password-hash.ts'
import { findWeaknesses } from './password-strength.ts'
import type { RandomBytes } from './random-text.ts'
import { RateLimit } from './rate-limit.ts'
import type { Recorder } from './record.ts'
import type { AttemptStore, SessionStore, StoredSession } from './sign-in-store.ts'
import { isUserName, publicUser } from './user-facts.ts'
import type { StoredUser, UserStore } from './user-store.ts'

const cookieBytes = 32
/** How exactly the idle time of a session is kept: not every request is worth a write. */
const touchEveryMs = 60_000

export interface SignInParts {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly attempts: AttemptStore
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly limits: Limits
  readonly passwordCost: PasswordCost
}

/** The name that a failed attempt is kept under. */
export function attemptKey(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** @param dummyHash  what the password of somebody who does not exist is compared with, at the same cost */
export function createSignIn(parts: SignInParts, dummyHash: string): SignIn {
  const rate = new RateLimit(parts.limits.signInsPerMinuteMax)
  const turns = new InTurn(parts.limits.signInsWaitingMax)

  async function signIn(givenName: string, password: Secret, address: string) {
    const name = givenName.trim().toLowerCase()
    // People type passwords into the wrong field: only what can be a name is put on record.
    const actor = { userId: undefined, userName: isUserName(name) ? name : '?', address }
    await limitRate(parts, rate, actor)
    return turns.run(name, async () => {
      const stored = await proveName(parts, name, password, dummyHash, actor)
      const by = { ...actor, userId: stored.id }
      if (stored.disabled) throw await refused(parts, by, 'sign-in.disabled')
      await parts.recorder.access('sign-in', by)
      return admit(parts, stored)
    })
  }

  async function changePassword(cookie: Secret, current: Secret, next: Secret, address: string) {
    const found = await findStored(parts, cookie)
    if (found === undefined) throw new GatewayError('sign-in.required')
    const { id, name } = found.user
    const actor: Actor = { userId: id, userName: name, address }
    await limitRate(parts, rate, actor)
    await turns.run(name, async () => {
      await proveName(parts, name, current, dummyHash, actor)
      const weaknesses = [...findWeaknesses(next, name)]
      if (next.reveal() === current.reveal()) weaknesses.push('it is the one you have now')
      if (weaknesses.length > 0) throw new GatewayError('password.weak', weaknesses.join('; '))
      const passwordHash = await hashPassword(next, parts.randomBytes, parts.passwordCost)
      await parts.recorder.changed(actor, 'password.changed', name, { password: ['***', '***'] })
      await parts.users.update(id, { passwordHash, mustChangePassword: false })
      await parts.sessions.removeOf(id, hashOf(cookie))
    })
    parts.messages.publish('users', id)
  }

  return {
    signIn,
    changePassword,
    async find(cookie) {
      const found = await findStored(parts, cookie)
      return found && consoleSession(parts, cookie, found.session, found.user)
    },
    async signOut(cookie, address) {
      const found = await findStored(parts, cookie)
      if (found === undefined) return
      const { id, name } = found.user
      await parts.recorder.access('sign-out', { userId: id, userName: name, address })
      await parts.sessions.remove(found.session.hash)
    },
  }
}

/** Compares in constant time. */
export function isCsrfToken(session: ConsoleSession, given: string | undefined): boolean {
  const expected = createHash('sha256').update(session.csrfToken).digest()
  const shown = createHash('sha256')
    .update(given ?? '')
    .digest()
  return timingSafeEqual(expected, shown)
}

async function limitRate(parts: SignInParts, rate: RateLimit, actor: Actor): Promise<void> {
  const answer = rate.count(actor.address, parts.clock.nowMs())
  if (answer === 'free') return
  if (answer === 'just exceeded') throw await refused(parts, actor, 'sign-in.rate-limited')
  throw new GatewayError('sign-in.rate-limited')
}

/** The same work in the same order for names that exist and names that do not. */
async function proveName(
  parts: SignInParts,
  name: string,
  password: Secret,
  dummyHash: string,
  actor: Actor,
): Promise<StoredUser> {
  const nowMs = parts.clock.nowMs()
  const stored = await parts.users.byName(name)
  const lockedUntilMs = await parts.attempts.admit(attemptKey(name), {
    nowMs,
    failuresMax: parts.limits.signInFailuresMax,
    lockMs: parts.limits.signInLockMs,
  })
  if (lockedUntilMs !== undefined) {
    const minutes = Math.max(1, Math.ceil((lockedUntilMs - nowMs) / 60_000))
    throw await refused(parts, actor, 'sign-in.locked', String(minutes))
  }
  const check = await checkPassword(password, stored?.passwordHash ?? dummyHash, parts.passwordCost)
  if (stored === undefined || !check.right) throw await refused(parts, actor, 'sign-in.failed')
  await parts.attempts.clear(attemptKey(name))
  if (!check.outdated) return stored
  const passwordHash = await hashPassword(password, parts.randomBytes, parts.passwordCost)
  await parts.users.update(stored.id, { passwordHash })
  return stored
}

async function refused(
  parts: SignInParts,
  actor: Actor,
  code: 'sign-in.failed' | 'sign-in.locked' | 'sign-in.rate-limited' | 'sign-in.disabled',
  detail = '',
): Promise<GatewayError> {
  await parts.recorder.access('sign-in.failed', actor, code)
  return new GatewayError(code, detail)
}

async function admit(parts: SignInParts, user: StoredUser) {
  const nowMs = parts.clock.nowMs()
  const cookie = new Secret(Buffer.from(parts.randomBytes(cookieBytes)).toString('base64url'))
  const session = { hash: hashOf(cookie), userId: user.id, createdAtMs: nowMs, seenAtMs: nowMs }
  const { consoleLifeMs, consoleIdleMs } = parts.limits
  await parts.sessions.removeOlder({ createdMs: nowMs - consoleLifeMs, seenMs: nowMs - consoleIdleMs })
  await parts.users.update(user.id, { lastSignInAtMs: nowMs })
  await parts.sessions.add(session)
  return { cookie, session: consoleSession(parts, cookie, session, user) }
}

async function findStored(
  parts: SignInParts,
  cookie: Secret,
): Promise<{ readonly session: StoredSession; readonly user: StoredUser } | undefined> {
  const nowMs = parts.clock.nowMs()
  const session = await parts.sessions.get(hashOf(cookie))
  if (session === undefined) return undefined
  const user = await parts.users.get(session.userId)
  if (user === undefined || user.disabled || nowMs >= expiry(parts, session)) {
    await parts.sessions.remove(session.hash)
    return undefined
  }
  if (nowMs - session.seenAtMs < touchEveryMs) return { session, user }
  await parts.sessions.touch(session.hash, nowMs)
  return { session: { ...session, seenAtMs: nowMs }, user }
}

function expiry(parts: SignInParts, session: StoredSession): number {
  const { consoleLifeMs, consoleIdleMs } = parts.limits
  return Math.min(session.createdAtMs + consoleLifeMs, session.seenAtMs + consoleIdleMs)
}

function consoleSession(
  parts: SignInParts,
  cookie: Secret,
  session: StoredSession,
  user: StoredUser,
): ConsoleSession {
  return {
    user: publicUser(user),
    mustChangePassword: user.mustChangePassword,
    // Follows from the cookie and tells nothing about it: bound to the session without being kept.
    csrfToken: createHmac('sha256', cookie.reveal()).update('sekisho csrf').digest('base64url'),
    expiresAtMs: expiry(parts, session),
  }
}

function hashOf(cookie: Secret): string {
  return createHash('sha256').update(cookie.reveal()).digest('hex')
}
