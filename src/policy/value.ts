// The values that policies compute with. Equal in Cedar means equal here, whatever way a value was made.

import type { ExtensionValue } from './extension.ts'

/** Names an entity, whether or not anything is known about it. */
export interface EntityName {
  readonly kind: 'entity'
  readonly type: string
  readonly id: string
  /** Type and id in one string, unambiguous. */
  readonly key: string
}

/** An entity about which something is known. */
export interface Entity extends EntityName {
  /** Whether it is, or lies below, the entity with this key. */
  isIn(key: string): boolean
  attribute(name: string): Value | undefined
  tag(name: string): Value | undefined
}

export interface SetValue {
  readonly kind: 'set'
  readonly items: readonly Value[]
}

export interface RecordValue {
  readonly kind: 'record'
  readonly entries: ReadonlyMap<string, Value>
}

export type Value = boolean | bigint | string | EntityName | SetValue | RecordValue | ExtensionValue

/** Types never hold a NUL, so a key names exactly one entity. */
export function entityKey(type: string, id: string): string {
  return `${type}\0${id}`
}

export function entityName(type: string, id: string): EntityName {
  return { kind: 'entity', type, id, key: entityKey(type, id) }
}

/** Values of different types are never equal; this is no error. */
export function isEqual(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if (a.kind === 'entity' && b.kind === 'entity') return a.key === b.key
  return a.kind === b.kind && valueKey(a) === valueKey(b)
}

/** A string that is the same for equal values and for no others. */
export function valueKey(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  switch (value.kind) {
    case 'entity':
      return `entity ${JSON.stringify([value.type, value.id])}`
    case 'set':
      return `{${[...new Set(value.items.map(valueKey))].toSorted().join()}}`
    case 'record':
      return `[${[...value.entries]
        .map(([name, field]) => `${JSON.stringify(name)}:${valueKey(field)}`)
        .toSorted()
        .join()}]`
    case 'ip':
      return `ip ${value.version} ${value.bits} ${value.prefix}`
    case 'decimal':
      return `decimal ${value.units}`
    default:
      return `${value.kind} ${value.ms}`
  }
}
