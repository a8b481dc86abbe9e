// Groups in the server database.

import type { GroupStore } from '../access/user-store.ts'
import { GatewayError } from '../core/errors.ts'
import type { GroupId } from '../core/ids.ts'
import type { Database } from './database.ts'
import { isDuplicate, locked, transact } from './rows.ts'

export function createGroupStore(database: Database): GroupStore {
  const { query } = database
  return {
    async list() {
      const groups = await query.selectFrom('user_groups').selectAll().orderBy('name').execute()
      const members = await query
        .selectFrom('memberships')
        .innerJoin('users', 'users.id', 'memberships.user_id')
        .select(['memberships.group_id', 'users.name'])
        .orderBy('users.name')
        .execute()
      return groups.map(group => ({
        id: group.id as GroupId,
        name: group.name,
        description: group.description,
        members: members.filter(member => member.group_id === group.id).map(member => member.name),
      }))
    },
    async add(group) {
      try {
        await query
          .insertInto('user_groups')
          .values({ ...group })
          .execute()
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', group.name, { cause: error })
        throw error
      }
    },
    async update(id, change) {
      await transact(database, async work => {
        const found = work.selectFrom('user_groups').select('id').where('id', '=', id)
        if ((await locked(database, found).executeTakeFirst()) === undefined) {
          throw new GatewayError('not-found', 'group')
        }
        if (change.description !== undefined) {
          await work
            .updateTable('user_groups')
            .set({ description: change.description })
            .where('id', '=', id)
            .execute()
        }
        if (change.members === undefined) return
        await work.deleteFrom('memberships').where('group_id', '=', id).execute()
        if (change.members.length === 0) return
        const users = await work
          .selectFrom('users')
          .select('id')
          .where('name', 'in', [...change.members])
          .execute()
        if (users.length !== new Set(change.members).size) throw new GatewayError('not-found', 'user')
        await work
          .insertInto('memberships')
          .values(users.map(user => ({ user_id: user.id, group_id: id })))
          .execute()
      })
    },
    async remove(id) {
      const gone = await query.deleteFrom('user_groups').where('id', '=', id).executeTakeFirst()
      if (gone.numDeletedRows === 0n) throw new GatewayError('not-found', 'group')
    },
  }
}
