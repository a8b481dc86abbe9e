// A plan as people read it: what is made, changed and removed, like a comparison of two files.

import { diffLines } from './diff-lines.ts'
import type { Step } from './plan.ts'

const signs = { create: '+', change: '~', remove: '-', same: ' ' } as const
const words = { create: 'made', change: 'changed', remove: 'removed', same: 'as wanted' } as const

export function wordPlan(steps: readonly Step[]): string {
  const lines: string[] = []
  for (const step of steps) {
    if (step.action === 'same') continue
    lines.push(`${signs[step.action]} ${step.kind} ${step.name}`)
    if (step.action === 'remove') continue
    for (const [field, [before, after]] of Object.entries(step.fields)) {
      lines.push(...wordField(field, before, after, step.action === 'create'))
    }
  }
  const counts = (['create', 'change', 'remove', 'same'] as const).map(
    action => `${steps.filter(step => step.action === action).length} ${words[action]}`,
  )
  const isDone = steps.every(step => step.action === 'same')
  return [
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    isDone ? `Nothing to do: ${counts[3]}.` : `${counts.join(', ')}.`,
  ].join('\n')
}

function wordField(field: string, before: unknown, after: unknown, isNew: boolean): readonly string[] {
  if (field === 'text' && typeof after === 'string') {
    return diffLines(typeof before === 'string' ? before : '', after).map(line => `    ${line}`)
  }
  if (field === 'columns' && Array.isArray(after)) {
    const told = (list: unknown) => (Array.isArray(list) ? list.map(wordColumn) : [])
    const lines = diffLines(told(before).join('\n'), told(after).join('\n'))
    return ['    columns:', ...lines.map(line => `      ${line}`)]
  }
  if (isNew && (after === '' || after === false || isEmpty(after))) return []
  return [isNew ? `    ${field}: ${word(after)}` : `    ${field}: ${word(before)} → ${word(after)}`]
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

const word = (value: unknown): string =>
  value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)

function wordColumn(one: unknown): string {
  const { schema, table, column, tags } = one as Record<string, unknown> & {
    readonly tags: readonly string[]
  }
  return `${String(schema)}.${String(table)}.${String(column)}: ${tags.join(', ')}`
}
