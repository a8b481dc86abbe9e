// A compiled set of policies: the two questions that the gate asks, and what they depend on.

import { createHash } from 'node:crypto'
import type { CompiledPolicy } from './compiled-policy.ts'
import { createIndex, type FindCandidates } from './decision.ts'
import { compileExpression, type Evaluate } from './evaluate.ts'
import { children, type Expression, mentions, namesEntities } from './expression.ts'
import { judge } from './judge.ts'
import { isReadOnly } from './read-only.ts'
import { filteredActions } from './obligation.ts'
import type { PolicySet } from './policy.ts'
import { Question, targetOf } from './question.ts'
import { type DescribeMoment, see } from './sight.ts'
import { valueKey } from './value.ts'

/** @param text what the policies were compiled from; tells sets of the same version apart */
export function createPolicySet(
  policies: readonly CompiledPolicy[],
  version: number,
  text: string,
): PolicySet {
  const find = createIndex(policies)
  const identity = `${version} ${createHash('sha256').update(text).digest('base64url')}`
  const describeMoment = momentDescriber(policies)
  const set: PolicySet = {
    version,
    volatile: policies.some(policy =>
      policy.conditions.some(({ expression }) => looksAtTheClock(expression)),
    ),
    looksAtApproval: policies.some(policy =>
      policy.conditions.some(({ expression }) => looksAt(expression, 'approved')),
    ),
    judge: (asker, action, tags) => judge(find, version, asker, action, tags),
    isReadOnly: asker => isReadOnly(find, asker),
    see: (asker, tags) => see(find, identity, describeMoment, asker, tags),
  }
  insides.set(set, { policies, find })
  return set
}

/** What a set is made of, for those who explain it rather than ask it. */
export interface SetInside {
  readonly policies: readonly CompiledPolicy[]
  readonly find: FindCandidates
}

const insides = new WeakMap<PolicySet, SetInside>()

/** @throws TypeError for a set that was not made here */
export function insideOf(set: PolicySet): SetInside {
  const inside = insides.get(set)
  if (inside === undefined) throw new TypeError('no policy set of this room')
  return inside
}

/** Facts of the context that stay what they are for the whole of a session, or say something of the text alone. */
const steady = new Set(['address', 'console', 'program', 'reason', 'approved'])

/** Any look at the context but at one of its steady facts. */
const looksAtTheClock = (expression: Expression): boolean =>
  looksAtContext(expression, fact => fact === undefined || !steady.has(fact))

/** At one fact of the context, or at the whole of it. */
const looksAt = (expression: Expression, fact: string): boolean =>
  looksAtContext(expression, one => one === undefined || one === fact)

/** @param isMeant is given what is looked at; `undefined`: the whole */
function looksAtContext(expression: Expression, isMeant: (fact: string | undefined) => boolean): boolean {
  if (expression.kind === 'variable') return expression.name === 'context' && isMeant(undefined)
  const isOfContext =
    (expression.kind === 'attribute' || expression.kind === 'has') &&
    expression.of.kind === 'variable' &&
    expression.of.name === 'context'
  if (isOfContext) return isMeant(expression.kind === 'attribute' ? expression.name : expression.path[0])
  return children(expression).some(one => looksAtContext(one, isMeant))
}

/**
 * A sight depends on the moment only through those parts of conditions that look at the context and at nothing of the
 * table or column. Their values are few (`context.hour < 18` has two), so few moments differ.
 */
function momentDescriber(policies: readonly CompiledPolicy[]): DescribeMoment {
  const looking = new Set<string>(['reveal', ...filteredActions])
  const parts = policies
    .filter(policy => [...policy.actions].some(action => looking.has(action)))
    .flatMap(policy => policy.conditions.flatMap(({ expression }) => momentParts(expression)))
  return (asker, moment) => {
    if (parts.length === 0) return ''
    const question = new Question(asker, moment, 'connect', targetOf(asker))
    return JSON.stringify(parts.map(part => momentOutcome(part, question)))
  }
}

export function momentParts(expression: Expression): readonly Evaluate[] {
  if (!mentions(expression, 'context')) return []
  return mentions(expression, 'resource') || mentions(expression, 'action') || namesEntities(expression)
    ? children(expression).flatMap(momentParts)
    : [compileExpression(expression)]
}

export function momentOutcome(part: Evaluate, question: Question): string | null {
  try {
    return valueKey(part(question))
  } catch {
    return null
  }
}
