// What must be done so that the server stands as the files want it. Pure.

import { Secret } from '../../core/secret.ts'
import type { WantedDocument } from './documents.ts'
import { type Kind, kinds } from './kinds.ts'
import { type Column, type Facts, sortedColumns, type Standing, wholeFacts } from './state.ts'

export interface Step {
  readonly kind: Kind
  readonly name: string
  readonly action: 'create' | 'change' | 'remove' | 'same'
  /** `{ field: [before, after] }`; secrets show as `***`. */
  readonly fields: Readonly<Record<string, readonly [before: unknown, after: unknown]>>
  /** Whole, secrets included; `undefined` for what is removed. */
  readonly wanted: Facts | undefined
}

export interface PlanOptions {
  /** Removes what the files do not name, of the kinds that they do name. */
  readonly prune: boolean
  /** Sends the passwords of targets that are there already: whether they differ cannot be seen. */
  readonly passwords: boolean
}

/** All policies of the files together are one set; it has this name here. */
const policySet = 'policies'
const removable: readonly Kind[] = ['Group', 'User', 'Target', 'Rule']

export function planSteps(
  documents: readonly WantedDocument[],
  standing: Standing,
  options: PlanOptions,
): readonly Step[] {
  const steps: Step[] = []
  for (const kind of kinds) {
    const named = documents.filter(document => document.kind === kind)
    if (named.length === 0) continue
    const wanted =
      kind === 'Policy' ? [wholeSet(named)] : named.map(one => [one.name, wholeFacts(one)] as const)
    const there = standing.facts[kind]
    for (const [name, facts] of wanted) steps.push(stepFor(kind, name, facts, there.get(name), options))
    const names = new Set(wanted.map(([name]) => name))
    if (kind === 'Rule') steps.push(...reordered([...names], [...there.keys()]))
    if (!(options.prune && removable.includes(kind))) continue
    for (const [name, facts] of there) {
      if (names.has(name) || (kind === 'User' && name === standing.me)) continue
      const fields = Object.fromEntries(
        Object.entries(facts).map(([key, one]) => [key, [one, null] as const]),
      )
      steps.push({ kind, name, action: 'remove', fields, wanted: undefined })
    }
  }
  return steps
}

/** Of rules the first that fits decides: their order is a fact like any other. */
function reordered(wanted: readonly string[], there: readonly string[]): readonly Step[] {
  const before = there.filter(name => wanted.includes(name))
  const after = wanted.filter(name => there.includes(name))
  if (before.join('\n') === after.join('\n')) return []
  const fields = { order: [before, after] } as const
  return [{ kind: 'Rule', name: 'order', action: 'change', fields, wanted: {} }]
}

function wholeSet(documents: readonly WantedDocument[]): readonly [string, Facts] {
  const texts = documents.map(document => String(wholeFacts(document)['text']).trim())
  return [policySet, { text: `${texts.join('\n\n')}\n` }]
}

function stepFor(
  kind: Kind,
  name: string,
  wanted: Facts,
  there: Facts | undefined,
  options: PlanOptions,
): Step {
  const fields: Record<string, readonly [unknown, unknown]> = {}
  // A rule is sent as a whole: what its document leaves out goes.
  const left = kind === 'Rule' ? Object.keys(there ?? {}).filter(key => !(key in wanted)) : []
  for (const [key, value] of [...Object.entries(wanted), ...left.map(key => [key, undefined] as const)]) {
    if (value instanceof Secret) {
      if (there === undefined || options.passwords) fields[key] = [there === undefined ? null : '***', '***']
      continue
    }
    const before = comparable(key, there?.[key])
    const after = comparable(key, value)
    if (JSON.stringify(before) !== JSON.stringify(after)) fields[key] = [before ?? null, after ?? null]
  }
  if (there === undefined) return { kind, name, action: 'create', fields, wanted }
  return { kind, name, action: Object.keys(fields).length === 0 ? 'same' : 'change', fields, wanted }
}

/** The same value whatever the order of what has none. */
function comparable(key: string, value: unknown): unknown {
  if (key === 'columns' && Array.isArray(value)) return sortedColumns(value as readonly Column[])
  if (key === 'text' && typeof value === 'string') return `${value.trim()}\n`
  if (key === 'tags' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  return value
}

/** Only what is to be done, removals last: what is still used by others goes after them. */
export function stepsToDo(steps: readonly Step[]): readonly Step[] {
  const removals = steps.filter(step => step.action === 'remove').toReversed()
  return [...steps.filter(step => step.action === 'create' || step.action === 'change'), ...removals]
}
