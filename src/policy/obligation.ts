// Annotations of policies: their name, and what a permit demands in return. A misspelt one is an error, never ignored.

import { limits } from '../core/limits.ts'
import type { AuditStrength } from '../core/verdict.ts'
import { type GuardAnnotations, type GuardProblem, guards, readGuards } from './guard-annotations.ts'

export interface Obligations {
  readonly rowFilter: string | undefined
  readonly rowLimit: number | undefined
  readonly strength: AuditStrength | undefined
  readonly guards: GuardAnnotations | undefined
}

/** What is wrong with an annotation; `annotation` is `undefined` if one is missing. */
export interface AnnotationProblem {
  readonly annotation: string | undefined
  readonly code:
    | 'id-missing'
    | 'id-unfit'
    | 'unknown-annotation'
    | 'filter-unfit'
    | 'limit-unfit'
    | 'audit-unfit'
    | 'forbid-demands'
    | 'filter-idle'
    | 'limit-idle'
    | 'column-permit'
    | GuardProblem
  readonly detail: string
}

export interface Annotated {
  readonly name: string
  /** Switched off by `@disabled("true")`: checked as ever, and decides nothing. */
  readonly disabled: boolean
  readonly obligations: Obligations
  readonly problems: readonly AnnotationProblem[]
}

const described = new Set(['id', 'description', 'label', 'disabled'])
const demands = new Set(['row_filter', 'row_limit', 'audit', ...Object.keys(guards)])

/**
 * @param annotations as Cedar's JSON form has them: `null` for one without a value
 * @param effect      a `forbid` can demand nothing
 * @param actions     what the policy speaks about
 */
export function readAnnotations(
  annotations: Readonly<Record<string, string | null>>,
  effect: 'permit' | 'forbid',
  actions: ReadonlySet<string>,
): Annotated {
  const problems: AnnotationProblem[] = []
  const report = (annotation: string | undefined, code: AnnotationProblem['code'], detail: string) => {
    problems.push({ annotation, code, detail })
  }
  const name = annotations['id'] ?? ''
  if (name === '') report(annotations['id'] === undefined ? undefined : 'id', 'id-missing', '')
  else if (name.length > limits.policyNameCharsMax || /\p{C}/u.test(name)) report('id', 'id-unfit', '')
  for (const annotation of Object.keys(annotations)) {
    if (!described.has(annotation) && !demands.has(annotation))
      report(annotation, 'unknown-annotation', annotation)
    if (demands.has(annotation) && effect === 'forbid') report(annotation, 'forbid-demands', annotation)
  }
  const disabled = Object.hasOwn(annotations, 'disabled')
  if (disabled && annotations['disabled'] !== 'true') report('disabled', 'true-unfit', 'disabled')
  const obligations = {
    rowFilter: readFilter(annotations['row_filter'], actions, report),
    rowLimit: readLimit(annotations['row_limit'], actions, report),
    strength: readStrength(annotations['audit'], report),
    guards: readGuards(annotations, actions, report),
  }
  return { name, disabled, obligations, problems }
}

type Report = (annotation: string, code: AnnotationProblem['code'], detail: string) => void
type Text = string | null | undefined

function readFilter(text: Text, actions: ReadonlySet<string>, report: Report): string | undefined {
  if (text === undefined) return undefined
  const wrong = filterProblem(text ?? '')
  if (wrong !== undefined) report('row_filter', 'filter-unfit', wrong)
  if (!filteredActions.some(action => actions.has(action))) report('row_filter', 'filter-idle', '')
  return (text ?? '').trim()
}

/** Actions whose rows a filter can narrow. */
export const filteredActions = ['select', 'update', 'delete'] as const

function readLimit(text: Text, actions: ReadonlySet<string>, report: Report): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text ?? '')) report('row_limit', 'limit-unfit', '')
  if (!actions.has('select')) report('row_limit', 'limit-idle', '')
  return Number(text)
}

function readStrength(text: Text, report: Report): AuditStrength | undefined {
  if (text === 'strict' || text === 'written' || text === undefined) return text
  report('audit', 'audit-unfit', '')
  return undefined
}

/**
 * Whether a text can stand inside parentheses without reaching out of them. Whether it is a condition, and on which
 * columns, is for the SQL room to say when it is used.
 * @returns what is wrong, for people
 */
export function filterProblem(text: string): string | undefined {
  if (text.trim() === '') return 'empty'
  if (text.length > limits.rowFilterCharsMax) return 'too-long'
  // What is quoted can hold anything but a backslash, which means different things in different strings.
  const bare = text.replaceAll(/'(?:[^'\\]|'')*'|"(?:[^"\\]|"")*"/g, '0')
  const foreign = /['"\\;$\p{Cc}]|--|\/\*|\*\//u.exec(bare.replaceAll(/[\t\n\r]/g, ' '))
  if (foreign !== null) return foreign[0]
  let depth = 0
  for (const sign of bare) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (depth < 0) return ')'
  }
  return depth === 0 ? undefined : '('
}
