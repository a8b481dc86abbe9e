// The fields of a change, as the record shows them.

import type { ChangeEvent } from './event.ts'

/** The fields that differ between two values, `[before, after]` each. */
export function differences(before: object, after: object): ChangeEvent['fields'] {
  const fields: Record<string, readonly [unknown, unknown]> = {}
  const old = new Map<string, unknown>(Object.entries(before))
  for (const [name, value] of Object.entries(after)) {
    const was = old.get(name)
    if (JSON.stringify(was) !== JSON.stringify(value)) fields[name] = [was ?? null, value ?? null]
  }
  return fields
}
