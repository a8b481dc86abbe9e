// The entities of the house as policies see them: users, targets, tables, columns, tags. Names decide where they lie.

import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import { type ActionName, actionGroups } from './schema.ts'
import { type Entity, entityKey, entityName, type Value } from './value.ts'

/** Parts of a path-like id, each escaped, so that no two things share an id. */
export function entityId(...parts: readonly string[]): string {
  return parts.map(part => part.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/')
}

const users = new WeakMap<User, Entity>()

export function userEntity(user: User): Entity {
  const made = users.get(user) ?? createUser(user)
  users.set(user, made)
  return made
}

function createUser(user: User): Entity {
  const name = entityName('User', user.name)
  const keys = new Set([name.key, ...user.groups.map(group => entityKey('Group', group))])
  const attributes = new Map<string, Value>([
    ['name', user.name],
    ['role', user.role],
  ])
  if (user.email !== undefined) attributes.set('email', user.email)
  return {
    ...name,
    isIn: key => keys.has(key),
    attribute: attribute => attributes.get(attribute),
    tag: () => undefined,
  }
}

const targets = new WeakMap<Target, Entity>()

export function targetEntity(target: Target): Entity {
  const made = targets.get(target) ?? createTarget(target)
  targets.set(target, made)
  return made
}

function createTarget(target: Target): Entity {
  const name = entityName('Target', target.name)
  const attributes = new Map<string, Value>([
    ['name', target.name],
    ['protocol', target.protocol],
    ['database', target.database],
  ])
  return {
    ...name,
    isIn: key => key === name.key,
    attribute: attribute => attributes.get(attribute),
    tag: tag => (Object.hasOwn(target.tags, tag) ? target.tags[tag] : undefined),
  }
}

/** Carries the tags of its target, as its columns do. */
export class TableEntity implements Entity {
  readonly kind = 'entity'
  readonly type = 'Table'
  readonly id: string
  readonly key: string
  readonly target: Entity
  readonly schema: string
  readonly name: string
  readonly #schemaKey: string

  constructor(target: Entity, schema: string, name: string) {
    this.target = target
    this.schema = schema
    this.name = name
    this.id = entityId(target.id, schema, name)
    this.key = entityKey('Table', this.id)
    this.#schemaKey = entityKey('Schema', entityId(target.id, schema))
  }

  isIn(key: string): boolean {
    return key === this.key || key === this.target.key || key === this.#schemaKey
  }

  attribute(name: string): Value | undefined {
    if (name === 'name') return this.name
    if (name === 'schema') return this.schema
    return name === 'target' ? this.target : undefined
  }

  tag(name: string): Value | undefined {
    return this.target.tag(name)
  }

  /** What the keys of the table's surroundings stand for. */
  schemaEntity(): Entity {
    const { target } = this
    const name = entityName('Schema', entityId(target.id, this.schema))
    return {
      ...name,
      isIn: key => key === name.key || key === target.key,
      attribute: () => undefined,
      tag: () => undefined,
    }
  }
}

export class ColumnEntity implements Entity {
  readonly kind = 'entity'
  readonly type = 'Column'
  readonly id: string
  readonly key: string
  readonly table: TableEntity
  readonly name: string
  readonly #tags: ReadonlySet<string>

  /** @param tags keys of its tags and of everything that they are in; see `tagKeys` */
  constructor(table: TableEntity, name: string, tags: ReadonlySet<string>) {
    this.table = table
    this.name = name
    this.id = `${table.id}/${entityId(name)}`
    this.key = entityKey('Column', this.id)
    this.#tags = tags
  }

  isIn(key: string): boolean {
    return this.#tags.has(key) || key === this.key || this.table.isIn(key)
  }

  attribute(name: string): Value | undefined {
    if (name === 'name') return this.name
    return name === 'table' ? this.table : this.table.attribute(name)
  }

  tag(name: string): Value | undefined {
    return this.table.tag(name)
  }
}

/** A tag and all that it is in: `pii.email`, `pii`. */
export function tagLine(name: string): readonly string[] {
  const parts = name.split('.')
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('.'))
}

export function tagKeys(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap(tagLine).map(name => entityKey('Tag', name)))
}

export function tagEntity(id: string): Entity {
  const keys = tagKeys([id])
  return {
    ...entityName('Tag', id),
    isIn: key => keys.has(key),
    attribute: () => undefined,
    tag: () => undefined,
  }
}

export function actionEntity(name: ActionName): Entity {
  return actions[name]
}

const actions = Object.fromEntries(
  Object.entries(actionGroups).map(([id, groups]) => {
    const name = entityName('Action', id)
    const keys = new Set([name.key, ...groups.map(group => entityKey('Action', group))])
    const made: Entity = {
      ...name,
      isIn: key => keys.has(key),
      attribute: () => undefined,
      tag: () => undefined,
    }
    return [id, made]
  }),
) as Readonly<Record<ActionName, Entity>>
