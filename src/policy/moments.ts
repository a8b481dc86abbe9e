// Moments that stand for all that policies can tell apart: of time, address, program and reason, as far as they look at them.

import { limits } from '../core/limits.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { children, type Expression, mentions } from './expression.ts'
import type { PolicyContext } from './policy.ts'
import { momentOutcome, momentParts } from './policy-set.ts'
import { Moment, Question, targetOf } from './question.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'

const halfHourMs = 1_800_000
const halfHoursOfAWeek = 336

export interface Moments {
  readonly contexts: readonly PolicyContext[]
  /** Whether there were too many to look at each. */
  readonly isPart: boolean
}

interface Looked {
  readonly facts: Set<string>
  readonly addresses: Set<string>
  readonly programs: Set<string>
  readonly datesMs: Set<number>
}

/** One for each combination of facts, of which most are soon found to make no difference. */
export function allMoments(
  policies: readonly CompiledPolicy[],
  now: Pick<PolicyContext, 'nowMs' | 'timeZone'>,
): Moments {
  const looked: Looked = {
    facts: new Set(),
    addresses: new Set(),
    programs: new Set(),
    datesMs: new Set(),
  }
  for (const { conditions } of policies) for (const { expression } of conditions) look(expression, looked)
  const { facts } = looked
  const looksAtTime = ['now', 'hour', 'weekday', 'localHour', 'localWeekday'].some(fact => facts.has(fact))
  const times = looksAtTime
    ? [
        now.nowMs,
        ...Array.from({ length: halfHoursOfAWeek - 1 }, (_, index) => now.nowMs + (index + 1) * halfHourMs),
        ...[...looked.datesMs].flatMap(ms => [ms - 1, ms + 1]),
      ]
    : [now.nowMs]
  const addresses = ['192.0.2.1', ...looked.addresses]
  if (facts.has('console') || facts.has('address')) addresses.unshift('console')
  const programs = facts.has('program') ? ['', ...looked.programs] : ['']
  const reasons = facts.has('reason') ? [false, true] : [false]
  const approvals = facts.has('approved') ? [false, true] : [false]
  const contexts: PolicyContext[] = []
  const { timeZone } = now
  for (const nowMs of times)
    for (const address of facts.has('address') || facts.has('console') ? addresses : ['console'])
      for (const program of programs)
        for (const hasReason of reasons)
          for (const isApproved of approvals) {
            if (contexts.length >= limits.policyMomentsMax) return { contexts, isPart: true }
            const said = { hasReason, isApproved, ...(timeZone !== undefined && { timeZone }) }
            contexts.push({ nowMs, address, program, ...said })
          }
  return { contexts, isPart: false }
}

/** Those moments between which the policies can tell for one person; the first is the first given. */
export function momentChooser(
  policies: readonly CompiledPolicy[],
  { contexts }: Moments,
): (user: User, target: Target) => readonly PolicyContext[] {
  const looking = policies.flatMap(({ conditions }) =>
    conditions.map(({ expression }) => expression).filter(expression => mentions(expression, 'context')),
  )
  const parts = looking.flatMap(momentParts)
  const dependsOnPerson = looking.some(expression => mentions(expression, 'principal'))
  const choose = (user: User, target: Target): readonly PolicyContext[] => {
    const found = new Map<string, PolicyContext>()
    for (const context of contexts) {
      const asker = { user, target, context }
      const question = new Question(asker, new Moment(context), 'connect', targetOf(asker))
      const key = parts.map(part => momentOutcome(part, question) ?? '!').join('\0')
      if (!found.has(key)) found.set(key, context)
    }
    return [...found.values()]
  }
  if (contexts.length < 2) return () => contexts
  // What is looked at here never depends on the target.
  const known = new Map<User | undefined, readonly PolicyContext[]>()
  return (user, target) => {
    const key = dependsOnPerson ? user : undefined
    const found = known.get(key) ?? choose(user, target)
    known.set(key, found)
    return found
  }
}

function look(expression: Expression, looked: Looked): void {
  if ((expression.kind === 'attribute' || expression.kind === 'has') && isContext(expression.of))
    looked.facts.add(expression.kind === 'attribute' ? expression.name : (expression.path[0] ?? ''))
  // Looked at as a whole: it could be anything.
  if (expression.kind === 'variable' && expression.name === 'context')
    for (const fact of ['reason', 'approved', 'console']) looked.facts.add(fact)
  if (expression.kind === 'call') lookAtCall(expression, looked)
  if (expression.kind === 'like' && isFact(expression.of, 'program'))
    looked.programs.add(expression.parts.join(''))
  if (expression.kind === 'binary' && isFact(expression.left, 'program')) {
    const { right } = expression
    if (right.kind === 'literal' && typeof right.value === 'string') looked.programs.add(right.value)
  }
  const insideFact = expression.kind === 'attribute' || expression.kind === 'has'
  for (const child of children(expression)) if (!(insideFact && isContext(child))) look(child, looked)
}

function lookAtCall({ name, arguments: [of] }: Extract<Expression, { kind: 'call' }>, looked: Looked): void {
  const text = of?.kind === 'literal' && typeof of.value === 'string' ? of.value : undefined
  if (text === undefined) return
  if (name === 'ip') looked.addresses.add(text.replace(/\/\d+$/, ''))
  if (name === 'datetime' && !Number.isNaN(Date.parse(text))) looked.datesMs.add(Date.parse(text))
}

const isContext = (of: Expression): boolean => of.kind === 'variable' && of.name === 'context'

const isFact = (of: Expression, name: string): boolean =>
  of.kind === 'attribute' && isContext(of.of) && of.name === name
