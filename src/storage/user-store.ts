// People in the server database.

import type { Transaction } from 'kysely'
import type { StoredUser, UserStore } from '../access/user-store.ts'
import { GatewayError } from '../core/errors.ts'
import type { UserId } from '../core/ids.ts'
import type { Role } from '../core/user.ts'
import type { Database } from './database.ts'
import { flag, isDuplicate, locked, orUndefined, transact } from './rows.ts'
import type { Tables, UsersTable } from './tables.ts'

export function createUserStore(database: Database): UserStore {
  const { query } = database
  return {
    list: () => find({}),
    get: async id => (await find({ id }))[0],
    byName: async name => (await find({ name }))[0],
    async add(user) {
      const row = {
        id: user.id,
        name: user.name,
        created_at_ms: user.createdAtMs,
        token_salt: user.tokenSalt,
      }
      try {
        await transact(database, async work => {
          await work
            .insertInto('users')
            .values({ ...row, ...requiredColumns(user) })
            .execute()
          await putGroups(work, user.id, user.groups)
        })
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', user.name, { cause: error })
        throw error
      }
    },
    async update(id, change) {
      await transact(database, async work => {
        await keepAdministrator(database, work, id, change)
        const set = columnsOf(change)
        if (Object.keys(set).length > 0)
          await work.updateTable('users').set(set).where('id', '=', id).execute()
        if (change.groups !== undefined) await putGroups(work, id, change.groups)
      })
    },
    async remove(id) {
      await transact(database, async work => {
        await keepAdministrator(database, work, id, { role: 'user' })
        await work.deleteFrom('users').where('id', '=', id).execute()
      })
    },
  }

  async function find(which: {
    readonly id?: UserId
    readonly name?: string
  }): Promise<readonly StoredUser[]> {
    let users = query.selectFrom('users').selectAll().orderBy('name')
    let groups = query
      .selectFrom('memberships')
      .innerJoin('user_groups', 'user_groups.id', 'memberships.group_id')
      .select(['memberships.user_id', 'user_groups.name'])
      .orderBy('user_groups.name')
    if (which.id !== undefined) users = users.where('id', '=', which.id)
    if (which.name !== undefined) users = users.where('name', '=', which.name)
    const rows = await users.execute()
    if (which.id !== undefined || which.name !== undefined) {
      groups = groups.where('memberships.user_id', '=', rows[0]?.id ?? '')
    }
    const names = new Map<string, string[]>()
    for (const { user_id, name } of await groups.execute()) {
      names.set(user_id, [...(names.get(user_id) ?? []), name])
    }
    return rows.map(row => storedUser(row, names.get(row.id) ?? []))
  }
}

function storedUser(row: UsersTable, groups: readonly string[]): StoredUser {
  return {
    id: row.id as UserId,
    name: row.name,
    displayName: row.display_name,
    email: orUndefined(row.email),
    role: row.role as Role,
    disabled: row.disabled === 1,
    groups,
    passwordHash: row.password_hash,
    mustChangePassword: row.must_change_password === 1,
    tokenSalt: row.token_salt,
    lastSignInAtMs: orUndefined(row.last_sign_in_at_ms),
    createdAtMs: row.created_at_ms,
  }
}

function requiredColumns(user: StoredUser) {
  return {
    display_name: user.displayName,
    email: user.email ?? null,
    role: user.role,
    disabled: flag(user.disabled),
    password_hash: user.passwordHash,
    must_change_password: flag(user.mustChangePassword),
    last_sign_in_at_ms: user.lastSignInAtMs ?? null,
  }
}

function columnsOf(change: Parameters<UserStore['update']>[1]): Partial<UsersTable> {
  return {
    ...(change.displayName === undefined ? {} : { display_name: change.displayName }),
    ...('email' in change ? { email: change.email ?? null } : {}),
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.disabled === undefined ? {} : { disabled: flag(change.disabled) }),
    ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
    ...(change.mustChangePassword === undefined
      ? {}
      : { must_change_password: flag(change.mustChangePassword) }),
    ...(change.tokenSalt === undefined ? {} : { token_salt: change.tokenSalt }),
    ...(change.lastSignInAtMs === undefined ? {} : { last_sign_in_at_ms: change.lastSignInAtMs }),
  }
}

async function putGroups(work: Transaction<Tables>, id: UserId, names: readonly string[]): Promise<void> {
  await work.deleteFrom('memberships').where('user_id', '=', id).execute()
  if (names.length === 0) return
  const groups = await work
    .selectFrom('user_groups')
    .select('id')
    .where('name', 'in', [...names])
    .execute()
  if (groups.length !== new Set(names).size) throw new GatewayError('not-found', 'group')
  await work
    .insertInto('memberships')
    .values(groups.map(group => ({ user_id: id, group_id: group.id })))
    .execute()
}

/** Looks at the administrators and the user under a lock, so that two changes at once cannot remove the last two. */
async function keepAdministrator(
  database: Database,
  work: Transaction<Tables>,
  id: UserId,
  change: { readonly role?: Role; readonly disabled?: boolean },
): Promise<void> {
  const administrators = await locked(
    database,
    work.selectFrom('users').select(['id', 'disabled']).where('role', '=', 'administrator'),
  ).execute()
  const itself = await work.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst()
  if (itself === undefined) throw new GatewayError('not-found', 'user')
  const enabled = administrators.filter(one => one.disabled === 0)
  const gives = (change.role !== undefined && change.role !== 'administrator') || change.disabled === true
  if (gives && enabled.length === 1 && enabled[0]?.id === id) {
    throw new GatewayError('conflict', 'the last administrator has to stay')
  }
}
