// People: made, changed and removed, each change on record before it is done.

import { differences } from '../core/differences.ts'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { NewId, UserId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { NewUser, Users } from './access.ts'
import type { InTurn } from './in-turn.ts'
import { hashPassword, type PasswordCost } from './password-hash.ts'
import { firstPasswordText, type RandomBytes } from './random-text.ts'
import type { Recorder } from './record.ts'
import { attemptKey } from './sign-in.ts'
import type { AttemptStore, SessionStore } from './sign-in-store.ts'
import { checkUserFacts, publicUser, refuse } from './user-facts.ts'
import type { GroupStore, StoredUser, UserStore } from './user-store.ts'

const saltBytes = 16

export interface UsersParts {
  readonly users: UserStore
  readonly groups: GroupStore
  readonly sessions: SessionStore
  readonly attempts: AttemptStore
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  readonly passwordCost: PasswordCost
  /** Shared with groups: a change of either decides on what the other holds. */
  readonly turns: InTurn
}

type Change = Partial<Omit<NewUser, 'name'>> & { readonly disabled?: boolean }

export function createUsers(parts: UsersParts): Users {
  const { users, recorder, messages } = parts
  const inTurn = <T>(work: () => Promise<T>) => parts.turns.run('people', work)
  return {
    async list() {
      const [stored, locked] = await Promise.all([users.list(), parts.attempts.locked(parts.clock.nowMs())])
      return stored.map(user => ({
        ...publicUser(user),
        locked: locked.has(attemptKey(user.name)),
        lastSignInAtMs: user.lastSignInAtMs,
      }))
    },
    async get(id) {
      const stored = await users.get(id)
      return stored && publicUser(stored)
    },
    async byName(name) {
      const stored = await users.byName(name)
      return stored && publicUser(stored)
    },
    create: (user, by) => inTurn(() => create(parts, user, by)),
    update: (id, change, by) => inTurn(() => update(parts, id, change, by)),
    resetPassword: (id, by) =>
      inTurn(async () => {
        const { name } = await existing(users, id)
        const password = new Secret(firstPasswordText(parts.randomBytes))
        const passwordHash = await hashPassword(password, parts.randomBytes, parts.passwordCost)
        await recorder.changed(by, 'user.password-reset', name, { password: ['***', '***'] })
        await users.update(id, { passwordHash, mustChangePassword: true })
        await parts.sessions.removeOf(id)
        await parts.attempts.clear(attemptKey(name))
        messages.publish('users', id)
        return password
      }),
    unlock: (id, by) =>
      inTurn(async () => {
        const { name } = await existing(users, id)
        await recorder.changed(by, 'user.unlocked', name, {})
        await parts.attempts.clear(attemptKey(name))
      }),
    remove: (id, by) =>
      inTurn(async () => {
        const stored = await existing(users, id)
        await keepAdministrator(users, stored, undefined)
        await recorder.changed(by, 'user.removed', stored.name, {})
        await users.remove(id)
        messages.publish('users', id)
      }),
  }
}

async function create(parts: UsersParts, user: NewUser, by: Actor) {
  checkUserFacts(user)
  await checkGroups(parts.groups, user.groups)
  if ((await parts.users.byName(user.name)) !== undefined) throw new GatewayError('conflict', user.name)
  const firstPassword = new Secret(firstPasswordText(parts.randomBytes))
  const stored: StoredUser = {
    id: parts.newId<UserId>(),
    name: user.name,
    displayName: user.displayName,
    email: user.email,
    role: user.role,
    disabled: false,
    groups: sorted(user.groups),
    passwordHash: await hashPassword(firstPassword, parts.randomBytes, parts.passwordCost),
    mustChangePassword: true,
    tokenSalt: Buffer.from(parts.randomBytes(saltBytes)).toString('base64'),
    lastSignInAtMs: undefined,
    createdAtMs: parts.clock.nowMs(),
  }
  const { id: _, ...facts } = publicUser(stored)
  await parts.recorder.changed(by, 'user.created', user.name, differences({}, facts))
  await parts.users.add(stored)
  parts.messages.publish('users', stored.id)
  return { user: publicUser(stored), firstPassword }
}

async function update(parts: UsersParts, id: UserId, change: Change, by: Actor) {
  const { email, ...facts } = change
  // Empty text takes the address away.
  checkUserFacts(email === undefined || email === '' ? facts : change)
  if (change.groups !== undefined) await checkGroups(parts.groups, change.groups)
  const before = await existing(parts.users, id)
  const wanted = {
    displayName: change.displayName ?? before.displayName,
    email: email === undefined ? before.email : email || undefined,
    role: change.role ?? before.role,
    groups: change.groups === undefined ? before.groups : sorted(change.groups),
    disabled: change.disabled ?? before.disabled,
  }
  await keepAdministrator(parts.users, before, wanted)
  const fields = differences(before, wanted)
  if (Object.keys(fields).length > 0) {
    await parts.recorder.changed(by, 'user.updated', before.name, fields)
    await parts.users.update(id, wanted)
    if (wanted.disabled) await parts.sessions.removeOf(id)
    parts.messages.publish('users', id)
  }
  return publicUser({ ...before, ...wanted })
}

async function existing(users: UserStore, id: UserId): Promise<StoredUser> {
  const stored = await users.get(id)
  if (stored === undefined) throw new GatewayError('not-found', 'user')
  return stored
}

/** The store holds this too, in one step with the change; here it is looked at before the change is put on record. */
async function keepAdministrator(
  users: UserStore,
  before: StoredUser,
  after: Pick<StoredUser, 'role' | 'disabled'> | undefined,
): Promise<void> {
  const administers = (user: Pick<StoredUser, 'role' | 'disabled'>) =>
    user.role === 'administrator' && !user.disabled
  if (!administers(before) || (after !== undefined && administers(after))) return
  const others = (await users.list()).filter(user => user.id !== before.id && administers(user))
  if (others.length === 0) throw new GatewayError('conflict', 'the last administrator has to stay')
}

async function checkGroups(groups: GroupStore, names: readonly string[]): Promise<void> {
  const known = new Set((await groups.list()).map(group => group.name))
  refuse(
    names.filter(name => !known.has(name)).map(name => `groups: there is no group ${JSON.stringify(name)}`),
  )
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
