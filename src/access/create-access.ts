// Puts the access room together.

import type { Clock } from '../core/clock.ts'
import type { NewId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { Access } from './access.ts'
import { createGroups } from './groups.ts'
import { InTurn } from './in-turn.ts'
import { hashPassword, passwordCost, type PasswordCost } from './password-hash.ts'
import { firstPasswordText, type RandomBytes } from './random-text.ts'
import { createRecorder, type RecordChange } from './record.ts'
import { createSignIn } from './sign-in.ts'
import type { AttemptStore, SessionStore } from './sign-in-store.ts'
import type { TokenStore } from './token-store.ts'
import { createTokens } from './tokens.ts'
import type { GroupStore, UserStore } from './user-store.ts'
import { createUsers } from './users.ts'

/** Changes of people that may wait for each other. */
const changesWaitingMax = 1_000

export interface AccessParts {
  readonly users: UserStore
  readonly groups: GroupStore
  readonly sessions: SessionStore
  readonly attempts: AttemptStore
  readonly tokens: TokenStore
  readonly record: RecordChange
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  readonly limits: Limits
  /** 32 secret bytes that stay the same for ever, for all servers: `vault.derive('unknown-salt')`. */
  readonly unknownSaltKey: Uint8Array
  readonly warn: (error: unknown) => void
  /** Less only in tests. */
  readonly passwordCost?: PasswordCost
}

export async function createAccess(parts: AccessParts): Promise<Access> {
  const cost = parts.passwordCost ?? passwordCost
  const recorder = createRecorder(parts.record, parts.clock, parts.newId)
  const shared = { ...parts, recorder, passwordCost: cost, turns: new InTurn(changesWaitingMax) }
  const nobodysPassword = new Secret(firstPasswordText(parts.randomBytes))
  return {
    signIn: createSignIn(shared, await hashPassword(nobodysPassword, parts.randomBytes, cost)),
    users: createUsers(shared),
    groups: createGroups(shared),
    tokens: createTokens(shared),
  }
}
