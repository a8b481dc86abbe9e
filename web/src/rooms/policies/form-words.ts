// Words of the form that are keys of the locale: which kinds of conditions and demands there are, and what each begins as.

import type { FormCondition } from '../../../../src/console/contract.ts'

export const actionNames = [
  ...(['connect', 'select', 'insert', 'update', 'delete', 'write', 'export', 'import'] as const),
  ...(['define', 'call', 'administer', 'reveal'] as const),
]

export const conditionKinds = [
  ...(['tag', 'person', 'administrator', 'place', 'time', 'date', 'address'] as const),
  ...(['console', 'reason', 'program', 'cedar'] as const),
]

export type ConditionKind = FormCondition['kind']

export const firstOf: { readonly [K in ConditionKind]: Extract<FormCondition, { kind: K }> } = {
  tag: { kind: 'tag', is: true, tag: 'env', values: ['prod'] },
  person: { kind: 'person', is: true, people: [] },
  administrator: { kind: 'administrator', is: true },
  place: { kind: 'place', is: true, places: [] },
  time: { kind: 'time', fact: 'localHour', comparison: '>=', value: 9 },
  date: { kind: 'date', comparison: '<', value: '2030-01-01' },
  address: { kind: 'address', is: true, ranges: ['10.0.0.0/8'] },
  console: { kind: 'console', is: true },
  reason: { kind: 'reason', is: true },
  program: { kind: 'program', is: true, pattern: 'psql*' },
  cedar: { kind: 'cedar', text: 'true' },
}

/** Whether everything that a condition needs is filled in. */
export function isWhole(condition: FormCondition): boolean {
  switch (condition.kind) {
    case 'tag':
      return condition.tag !== '' && condition.values.length > 0
    case 'person':
      return condition.people.length > 0
    case 'place':
      return condition.places.length > 0
    case 'address':
      return condition.ranges.length > 0
    case 'cedar':
      return condition.text.trim() !== ''
    default:
      return true
  }
}

/** What a permit can ask in return: annotation, how it is filled in, and what it begins as. */
export const demands = [
  { annotation: 'row_filter', input: 'text', first: "region = 'EU'" },
  { annotation: 'row_limit', input: 'number', first: '1000' },
  { annotation: 'require_where', input: 'none', first: 'true' },
  { annotation: 'require_reason', input: 'none', first: 'true' },
  { annotation: 'approval', input: 'group', first: 'administrators' },
  { annotation: 'read_only', input: 'none', first: 'true' },
  { annotation: 'time_limit', input: 'text', first: '30s' },
  { annotation: 'byte_limit', input: 'text', first: '100MB' },
  { annotation: 'rows_per_day', input: 'number', first: '100000' },
  { annotation: 'bytes_per_day', input: 'text', first: '2GB' },
  { annotation: 'max_sessions', input: 'number', first: '5' },
  { annotation: 'idle_timeout', input: 'text', first: '15m' },
  { annotation: 'audit', input: 'none', first: 'strict' },
] as const
