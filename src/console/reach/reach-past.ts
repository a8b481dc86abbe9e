// People, targets and tags taken back in time, one recorded change after the other, the newest first.

import type { TaggedColumn } from '../../catalog/catalog.ts'
import type { StoredColumnTags } from '../../catalog/tag-store.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { MaskShape } from '../../core/verdict.ts'
import type { KnownTable } from '../../policy/difference.ts'
import type { TagDefinition } from '../../policy/policy.ts'
import type { ReachNote } from './reach-contract.ts'

/** A recorded change: each field as it was before and after. */
export interface Change {
  readonly what: string
  readonly object: string
  readonly fields: Readonly<Record<string, readonly [unknown, unknown]>>
}

const userFields = new Set(['displayName', 'email', 'role', 'disabled', 'groups'])
const targetFields = new Set(['name', 'protocol', 'database', 'tags', 'disabled'])

export class Past {
  readonly #users: Map<string, User>
  readonly #targets: Map<string, Target>
  readonly #definitions: Map<string, TagDefinition>
  /** By the name that is on record, `shop: public.customers.email`: the tags that it carried. */
  readonly #columns = new Map<string, readonly string[]>()
  readonly #lostUsers = new Set<string>()
  readonly #lostTargets = new Set<string>()

  constructor(users: readonly User[], targets: readonly Target[], tags: readonly TagDefinition[]) {
    this.#users = new Map(users.map(user => [user.name, plainUser(user)]))
    this.#targets = new Map(targets.map(target => [target.name, target]))
    this.#definitions = new Map(tags.map(tag => [tag.name, tag]))
  }

  undo({ what, object, fields }: Change): void {
    switch (what) {
      case 'user.created':
        this.#users.delete(object)
        this.#lostUsers.delete(object)
        return
      case 'user.updated':
        this.#undoUser(object, fields)
        return
      case 'user.removed':
        this.#lostUsers.add(object)
        return
      case 'group.updated':
      case 'group.removed':
        this.#undoMembers(object, fields['members'])
        return
      case 'target.created':
        this.#targets.delete(object)
        this.#lostTargets.delete(object)
        return
      case 'target.updated':
        this.#undoTarget(object, fields)
        return
      case 'target.removed':
        this.#lostTargets.add(object)
        return
      case 'column.tagged':
        this.#columns.set(object, strings(fields['tags']?.[0]))
        return
      case 'tag.defined':
        this.#undoTag(object, fields)
    }
  }

  users(): readonly User[] {
    return [...this.#users.values()]
  }

  targets(): readonly Target[] {
    return [...this.#targets.values()]
  }

  definitions(): ReadonlyMap<string, TagDefinition> {
    return this.#definitions
  }

  notes(): readonly ReachNote[] {
    const [people, targets] = [[...this.#lostUsers], [...this.#lostTargets]]
    return [
      ...(people.length > 0 ? [{ kind: 'people-left-out', names: people } as const] : []),
      ...(targets.length > 0 ? [{ kind: 'targets-left-out', names: targets } as const] : []),
    ]
  }

  /** The tags given by hand at that time, to columns that are there today. */
  columnTags(
    targetName: string,
    now: readonly TaggedColumn[],
    tables: readonly KnownTable[],
  ): StoredColumnTags[] {
    const rows = new Map(now.map(row => [`${row.schema}.${row.table}.${row.column}`, row]))
    const prefix = `${targetName}: `
    for (const [object, tags] of this.#columns) {
      if (!object.startsWith(prefix)) continue
      const name = object.slice(prefix.length)
      const place = rows.get(name) ?? placeOf(name, tables)
      if (place !== undefined) rows.set(name, { ...place, tags })
    }
    return [...rows.values()]
      .filter(({ tags }) => tags.length > 0)
      .map(row => ({ ...row, relationOid: undefined, columnNumber: undefined }))
  }

  #undoUser(name: string, fields: Change['fields']): void {
    const user = this.#users.get(name)
    if (user === undefined) return
    const before = Object.entries(fields)
      .filter(([field]) => userFields.has(field))
      .map(([field, [was]]) => [field, was ?? undefined])
    this.#users.set(name, { ...user, ...(Object.fromEntries(before) as Partial<User>) })
  }

  #undoMembers(group: string, members: readonly [unknown, unknown] | undefined): void {
    if (members === undefined) return
    const before = new Set(strings(members[0]))
    for (const [name, user] of this.#users) {
      if (before.has(name) === user.groups.includes(group)) continue
      const groups = before.has(name)
        ? [...user.groups, group].sort()
        : user.groups.filter(other => other !== group)
      this.#users.set(name, { ...user, groups })
    }
  }

  /** On record under the name that it bore before the change. */
  #undoTarget(object: string, fields: Change['fields']): void {
    const later = typeof fields['name']?.[1] === 'string' ? fields['name'][1] : object
    const target = this.#targets.get(later)
    if (target === undefined) return
    const before = Object.entries(fields)
      .filter(([field]) => targetFields.has(field))
      .map(([field, [was]]) => [field, was])
    const then = { ...target, ...(Object.fromEntries(before) as Partial<Target>) }
    this.#targets.delete(later)
    this.#targets.set(then.name, then)
    if (later === then.name) return
    // What was noted of its columns was noted under the later name.
    for (const [column, tags] of new Map(this.#columns)) {
      if (!column.startsWith(`${later}: `)) continue
      this.#columns.delete(column)
      this.#columns.set(`${then.name}: ${column.slice(later.length + 2)}`, tags)
    }
  }

  #undoTag(name: string, fields: Change['fields']): void {
    const tag = this.#definitions.get(name)
    const sensitive = fields['sensitive']?.[0]
    if (tag === undefined) return
    // Without one before, the tag was not there.
    if (typeof sensitive !== 'boolean') this.#definitions.delete(name)
    else {
      const mask = (fields['mask']?.[0] ?? tag.mask) as MaskShape
      this.#definitions.set(name, { ...tag, sensitive, mask })
    }
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

/** Names may hold dots: the one that fits is looked for. */
function placeOf(name: string, tables: readonly KnownTable[]): TaggedColumn | undefined {
  for (const { schema, table, columns } of tables) {
    const prefix = `${schema}.${table}.`
    const column = name.startsWith(prefix) ? name.slice(prefix.length) : undefined
    if (column !== undefined && columns.includes(column)) return { schema, table, column, tags: [] }
  }
  return undefined
}

const plainUser = ({ id, name, displayName, email, role, disabled, groups }: User): User => ({
  id,
  name,
  displayName,
  email,
  role,
  disabled,
  groups,
})
