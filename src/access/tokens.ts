// Connection tokens for native clients: made, scoped, looked up for a SCRAM exchange, revoked.

import { createHash, createHmac, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Id, NewId, TokenId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { Token, Tokens } from './access.ts'
import { type RandomBytes, tokenText } from './random-text.ts'
import type { Recorder } from './record.ts'
import type { StoredToken, TokenStore } from './token-store.ts'
import { isLine, publicUser, refuse } from './user-facts.ts'
import type { UserStore } from './user-store.ts'

/** The least that RFC 7677 asks for, and what PostgreSQL uses; the secret has 238 bits, so more would protect nothing. */
export const scramIterations = 4_096

const keyBytes = 32
const saltBytes = 16
const labelCharactersMax = 200
/** How exactly the last use of a token is kept. */
const usedEveryMs = 60_000

const stretch = promisify(pbkdf2)

export interface TokensParts {
  readonly users: UserStore
  readonly tokens: TokenStore
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  readonly limits: Limits
  /** Makes the salts of names that nobody has; secret, and the same for all servers and for ever. */
  readonly unknownSaltKey: Uint8Array
  /** What fails where nobody waits for it. */
  readonly warn: (error: unknown) => void
}

/** Told at once of those that end soon. */
const endingMax = 1_000

export function createTokens(parts: TokensParts): Tokens {
  const { users, tokens, clock } = parts
  const usedAtMs = new Map<TokenId, number>()
  return {
    async list(userId) {
      return (await tokens.ofUser(userId)).map(publicToken)
    },
    async ending(beforeMs) {
      return (await tokens.ending(beforeMs, endingMax)).map(publicToken)
    },
    create: (wanted, by) => create(parts, wanted, by),
    async revoke(id, by) {
      const token = await tokens.get(id)
      if (token === undefined) throw new GatewayError('not-found', 'token')
      const owner = await users.get(token.userId)
      await parts.recorder.changed(by, 'token.revoked', token.label, { user: [owner?.name ?? null, null] })
      await tokens.remove(id)
      usedAtMs.delete(id)
      parts.messages.publish('tokens', id)
    },
    async scramCandidates(userName, targetId) {
      const stored = await users.byName(userName)
      // The same two questions for a name that nobody has.
      const all = await tokens.ofUser(stored?.id ?? nobody)
      const salt =
        stored === undefined ? unknownSalt(parts, userName) : Buffer.from(stored.tokenSalt, 'base64')
      const facts = { salt, iterations: scramIterations }
      if (stored === undefined || stored.disabled) return { ...facts, user: undefined, verifiers: [] }
      const nowMs = clock.nowMs()
      const good = all.filter(token => {
        return token.expiresAtMs > nowMs && (token.targets.length === 0 || token.targets.includes(targetId))
      })
      const verifiers = good.map(({ id, storedKey, serverKey, mysqlNative, mysqlSha2 }) => {
        return { tokenId: id, storedKey, serverKey, mysqlNative, mysqlSha2 }
      })
      return { ...facts, user: publicUser(stored), verifiers }
    },
    used(id) {
      const nowMs = clock.nowMs()
      const before = usedAtMs.get(id)
      if (before !== undefined && nowMs - before < usedEveryMs) return
      usedAtMs.set(id, nowMs)
      tokens.touch(id, nowMs).catch(parts.warn)
    },
  }
}

const nobody = '00000000-0000-7000-8000-000000000000' as Id<'user'>

async function create(
  parts: TokensParts,
  wanted: Parameters<Tokens['create']>[0],
  by: Parameters<Tokens['create']>[1],
): Promise<{ readonly token: Token; readonly secret: Secret }> {
  const { tokenLifeMaxMs, tokensPerUserMax } = parts.limits
  const problems: string[] = []
  if (!isLine(wanted.label, 1, labelCharactersMax)) {
    problems.push(`label: one line of 1 to ${labelCharactersMax} characters`)
  }
  if (!(wanted.lifeMs > 0 && wanted.lifeMs <= tokenLifeMaxMs)) {
    problems.push(`life: more than nothing, and at most ${Math.floor(tokenLifeMaxMs / 86_400_000)} days`)
  }
  refuse(problems)
  const user = await parts.users.get(wanted.userId)
  if (user === undefined) throw new GatewayError('not-found', 'user')
  if ((await parts.tokens.ofUser(user.id)).length >= tokensPerUserMax) {
    throw new GatewayError('limit.exceeded', `${tokensPerUserMax} tokens for one user. Revoke one first.`)
  }
  const secret = new Secret(tokenText(parts.randomBytes))
  const nowMs = parts.clock.nowMs()
  const token: StoredToken = {
    id: parts.newId<TokenId>(),
    userId: user.id,
    label: wanted.label,
    targets: [...new Set(wanted.targets)],
    createdAtMs: nowMs,
    expiresAtMs: nowMs + Math.floor(wanted.lifeMs),
    lastUsedAtMs: undefined,
    ...(await scramKeys(secret, Buffer.from(user.tokenSalt, 'base64'), scramIterations)),
    ...mysqlHashes(secret),
  }
  await parts.recorder.changed(by, 'token.created', token.label, {
    user: [null, user.name],
    targets: [null, token.targets],
    expiresAtMs: [null, token.expiresAtMs],
  })
  await parts.tokens.add(token)
  return { token: publicToken(token), secret }
}

/** RFC 5802 section 3. The secret is ASCII, so that SASLprep changes nothing. */
export async function scramKeys(
  secret: Secret,
  salt: Uint8Array,
  iterations: number,
): Promise<{ readonly storedKey: Uint8Array; readonly serverKey: Uint8Array }> {
  const salted = await stretch(secret.reveal(), salt, iterations, keyBytes, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  return {
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  }
}

/**
 * What servers of MySQL keep for their two methods of login. Without salt, as the methods are; a secret of 238 random bits
 * cannot be guessed from them. Neither is enough to log in: a proof needs the inner of the two hashes.
 */
export function mysqlHashes(secret: Secret): {
  readonly mysqlNative: Uint8Array
  readonly mysqlSha2: Uint8Array
} {
  const twice = (name: 'sha1' | 'sha256') =>
    createHash(name).update(createHash(name).update(secret.reveal()).digest()).digest()
  return { mysqlNative: twice('sha1'), mysqlSha2: twice('sha256') }
}

function unknownSalt(parts: TokensParts, userName: string): Uint8Array {
  return createHmac('sha256', parts.unknownSaltKey).update(userName).digest().subarray(0, saltBytes)
}

function publicToken(stored: StoredToken): Token {
  const { storedKey: _stored, serverKey: _server, mysqlNative: _native, mysqlSha2: _sha2, ...token } = stored
  return token
}
