// Groups: made, changed and removed, each change on record before it is done.

import { differences } from '../core/differences.ts'
import { GatewayError } from '../core/errors.ts'
import type { GroupId, NewId } from '../core/ids.ts'
import type { Messages } from '../core/messages.ts'
import type { Groups } from './access.ts'
import type { InTurn } from './in-turn.ts'
import type { Recorder } from './record.ts'
import { checkGroupFacts, refuse } from './user-facts.ts'
import type { GroupStore, UserStore } from './user-store.ts'

export interface GroupsParts {
  readonly users: UserStore
  readonly groups: GroupStore
  readonly recorder: Recorder
  readonly messages: Messages
  readonly newId: NewId
  readonly turns: InTurn
}

/** Members are names of users. */
export function createGroups(parts: GroupsParts): Groups {
  const { groups, recorder, messages } = parts
  const inTurn = <T>(work: () => Promise<T>) => parts.turns.run('people', work)
  return {
    list: () => groups.list(),
    create: (given, by) =>
      inTurn(async () => {
        checkGroupFacts(given)
        const known = await groups.list()
        if (known.some(group => group.name === given.name)) throw new GatewayError('conflict', given.name)
        const group = { id: parts.newId<GroupId>(), name: given.name, description: given.description }
        await recorder.changed(by, 'group.created', group.name, { description: [null, group.description] })
        await groups.add(group)
        return group
      }),
    update: (id, change, by) =>
      inTurn(async () => {
        checkGroupFacts(change.description === undefined ? {} : { description: change.description })
        const before = await existing(groups, id)
        const members = change.members === undefined ? before.members : [...new Set(change.members)].sort()
        await checkMembers(parts.users, members)
        const after = { description: change.description ?? before.description, members }
        const fields = differences(before, after)
        if (Object.keys(fields).length > 0) {
          await recorder.changed(by, 'group.updated', before.name, fields)
          await groups.update(id, after)
          messages.publish('users', '')
        }
        return { id, name: before.name, description: after.description }
      }),
    remove: (id, by) =>
      inTurn(async () => {
        const { name, members } = await existing(groups, id)
        await recorder.changed(by, 'group.removed', name, { members: [members, null] })
        await groups.remove(id)
        messages.publish('users', '')
      }),
  }
}

async function existing(groups: GroupStore, id: GroupId) {
  const found = (await groups.list()).find(group => group.id === id)
  if (found === undefined) throw new GatewayError('not-found', 'group')
  return found
}

async function checkMembers(users: UserStore, names: readonly string[]): Promise<void> {
  const known = new Set((await users.list()).map(user => user.name))
  refuse(
    names.filter(name => !known.has(name)).map(name => `members: there is no user ${JSON.stringify(name)}`),
  )
}
