// Queries that people keep for themselves and share with groups that they are in. Their texts are sealed: they may hold values.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { GroupId, Id, NewId, TargetId, UserId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import type { Groups, Users, Vault } from './access.ts'

export type SavedQueryId = Id<'saved-query'>

/** As it is kept. */
export interface StoredQuery {
  readonly id: SavedQueryId
  readonly ownerId: UserId
  /** Name and text. */
  readonly sealed: string
  readonly targetId: TargetId | undefined
  readonly groups: readonly GroupId[]
  readonly changedAtMs: number
}

/** Implemented by `storage/`. */
export interface SavedQueryStore {
  get(id: SavedQueryId): Promise<StoredQuery | undefined>
  /** Of the owner, and those shared with any of the groups; last changed first. */
  visible(ownerId: UserId, groups: readonly GroupId[], limit: number): Promise<readonly StoredQuery[]>
  countOf(ownerId: UserId): Promise<number>
  /** Adds it, or puts it in the place of the one with its id. */
  put(query: StoredQuery): Promise<void>
  remove(id: SavedQueryId): Promise<void>
}

export interface SavedQueryText {
  readonly name: string
  readonly text: string
  readonly targetId: TargetId | undefined
  /** Names of groups. */
  readonly groups: readonly string[]
}

export interface KeptQuery extends SavedQueryText {
  readonly id: SavedQueryId
  readonly ownerName: string
  readonly mine: boolean
  readonly changedAtMs: number
}

export interface SavedQueries {
  /** Theirs, and those that others share with their groups; last changed first. */
  list(user: User): Promise<readonly KeptQuery[]>
  /** @throws GatewayError `limit.exceeded`; `request.invalid` for groups that they are not in */
  add(user: User, query: SavedQueryText): Promise<KeptQuery>
  /** @throws GatewayError `not-found`, also for somebody else's; `request.invalid` */
  change(user: User, id: SavedQueryId, query: SavedQueryText): Promise<KeptQuery>
  /** @throws GatewayError `not-found`, also for somebody else's */
  remove(user: User, id: SavedQueryId): Promise<void>
}

export interface SavedQueriesParts {
  readonly store: SavedQueryStore
  readonly vault: Vault
  readonly users: Pick<Users, 'get'>
  readonly groups: Pick<Groups, 'list'>
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
}

export function createSavedQueries(parts: SavedQueriesParts): SavedQueries {
  const { store, vault, users, clock, newId, limits } = parts
  const groupsOf = async (user: User): Promise<ReadonlyMap<string, GroupId>> => {
    const all = await parts.groups.list()
    return new Map(all.filter(group => user.groups.includes(group.name)).map(group => [group.name, group.id]))
  }
  const opened = (
    stored: StoredQuery,
    user: User,
    ownerName: string,
    names: ReadonlyMap<GroupId, string>,
  ) => {
    const { id, ownerId, sealed, targetId, groups, changedAtMs } = stored
    const { name, text } = JSON.parse(vault.open(sealed, purposeOf(id)).reveal()) as Record<string, string>
    const shared = groups.flatMap(group => names.get(group) ?? [])
    const mine = ownerId === user.id
    return { id, name: name ?? '', text: text ?? '', targetId, groups: shared, ownerName, mine, changedAtMs }
  }
  const own = async (user: User, id: SavedQueryId): Promise<StoredQuery> => {
    const stored = await store.get(id)
    if (stored === undefined || stored.ownerId !== user.id) throw new GatewayError('not-found', 'query')
    return stored
  }
  const put = async (user: User, id: SavedQueryId, query: SavedQueryText): Promise<KeptQuery> => {
    const theirs = await groupsOf(user)
    const groups = query.groups.map(name => {
      const group = theirs.get(name)
      if (group === undefined)
        throw new GatewayError(
          'request.invalid',
          `you are not in the group ${name}, so you cannot share with it`,
        )
      return group
    })
    const { name, text, targetId } = query
    const sealed = vault.seal(new Secret(JSON.stringify({ name, text })), purposeOf(id))
    const changedAtMs = clock.nowMs()
    const stored = { id, ownerId: user.id, sealed, targetId, groups: [...new Set(groups)], changedAtMs }
    await store.put(stored)
    return opened(stored, user, user.displayName || user.name, new Map([...theirs].map(([a, b]) => [b, a])))
  }
  return {
    async list(user) {
      const theirs = await groupsOf(user)
      const names = new Map([...theirs].map(([name, id]) => [id, name]))
      const found = await store.visible(user.id, [...theirs.values()], limits.savedQueriesShownMax)
      const owners = new Map<UserId, User | undefined>()
      for (const { ownerId } of found) if (!owners.has(ownerId)) owners.set(ownerId, await users.get(ownerId))
      return found.flatMap(stored => {
        const owner = owners.get(stored.ownerId)
        // Of somebody who is gone, nothing is shared any more.
        return owner ? [opened(stored, user, owner.displayName || owner.name, names)] : []
      })
    },
    async add(user, query) {
      const count = await store.countOf(user.id)
      if (count >= limits.savedQueriesPerUserMax)
        throw new GatewayError('limit.exceeded', `you keep ${count} queries already. Remove some first.`)
      return put(user, newId<SavedQueryId>(), query)
    },
    async change(user, id, query) {
      await own(user, id)
      return put(user, id, query)
    },
    async remove(user, id) {
      await own(user, id)
      await store.remove(id)
    },
  }
}

const purposeOf = (id: SavedQueryId): string => `saved-query:${id}`
