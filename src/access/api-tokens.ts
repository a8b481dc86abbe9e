// Tokens for programs that administer: the command line, pipelines. They open the API and nothing else.

import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { Id, NewId, UserId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import { apiTokenText, type RandomBytes } from './random-text.ts'
import type { Recorder } from './record.ts'
import { isLine, refuse } from './user-facts.ts'

export type ApiTokenId = Id<'api-token'>

export interface ApiToken {
  readonly id: ApiTokenId
  readonly userId: UserId
  readonly label: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly lastUsedAtMs: number | undefined
}

/** Implemented by `storage/`. The secret itself is not kept. */
export interface ApiTokenStore {
  /** Newest first. */
  ofUser(userId: UserId): Promise<readonly ApiToken[]>
  byHash(hash: string): Promise<ApiToken | undefined>
  add(token: ApiToken, hash: string): Promise<void>
  touch(id: ApiTokenId, usedAtMs: number): Promise<void>
  /** @throws GatewayError `not-found` */
  remove(id: ApiTokenId): Promise<void>
}

export interface ApiTokens {
  list(userId: UserId): Promise<readonly ApiToken[]>
  /** @returns the token and its secret, shown once: `ska_` and 40 characters of base 62 */
  create(
    token: { readonly userId: UserId; readonly label: string; readonly lifeMs: number },
    by: Actor,
  ): Promise<{ readonly token: ApiToken; readonly secret: Secret }>
  /** @throws GatewayError `not-found`, also for somebody else's */
  revoke(id: ApiTokenId, owner: UserId, by: Actor): Promise<void>
  /** Whose it is, if it is alive and they may sign in. */
  find(secret: Secret): Promise<{ readonly token: ApiToken; readonly user: User } | undefined>
}

export interface ApiTokensParts {
  readonly store: ApiTokenStore
  readonly people: { find(id: UserId): Promise<User | undefined> }
  readonly recorder: Recorder
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  readonly limits: Limits
  readonly warn: (error: unknown) => void
}

const labelCharactersMax = 200
const dayMs = 86_400_000
/** How exactly the last use of a token is kept. */
const usedEveryMs = 60_000

export function createApiTokens(parts: ApiTokensParts): ApiTokens {
  const { store, recorder, clock, limits } = parts
  return {
    list: userId => store.ofUser(userId),
    async create({ userId, label, lifeMs }, by) {
      const problems: string[] = []
      if (!isLine(label, 1, labelCharactersMax)) {
        problems.push(`label: one line of 1 to ${labelCharactersMax} characters`)
      }
      if (!(lifeMs > 0 && lifeMs <= limits.tokenLifeMaxMs)) {
        problems.push(`life: at most ${Math.floor(limits.tokenLifeMaxMs / dayMs)} days`)
      }
      refuse(problems)
      if ((await store.ofUser(userId)).length >= limits.tokensPerUserMax) {
        throw new GatewayError(
          'limit.exceeded',
          `${limits.tokensPerUserMax} tokens for one user. Revoke one first.`,
        )
      }
      const secret = new Secret(apiTokenText(parts.randomBytes))
      const nowMs = clock.nowMs()
      const token: ApiToken = {
        id: parts.newId<ApiTokenId>(),
        userId,
        label,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + Math.floor(lifeMs),
        lastUsedAtMs: undefined,
      }
      await recorder.changed(by, 'api-token.created', label, { expiresAtMs: [null, token.expiresAtMs] })
      await store.add(token, hashOf(secret))
      return { token, secret }
    },
    async revoke(id, owner, by) {
      const token = (await store.ofUser(owner)).find(one => one.id === id)
      if (token === undefined) throw new GatewayError('not-found', 'token')
      await recorder.changed(by, 'api-token.revoked', token.label, {})
      await store.remove(id)
    },
    async find(secret) {
      const token = await store.byHash(hashOf(secret))
      const nowMs = clock.nowMs()
      if (token === undefined || token.expiresAtMs <= nowMs) return undefined
      const user = await parts.people.find(token.userId)
      if (user === undefined || user.disabled) return undefined
      if (nowMs - (token.lastUsedAtMs ?? 0) > usedEveryMs) store.touch(token.id, nowMs).catch(parts.warn)
      return { token, user }
    },
  }
}

/** The secret has 238 random bits: nothing slower than this would protect more. */
const hashOf = (secret: Secret): string => createHash('sha256').update(secret.reveal()).digest('hex')
