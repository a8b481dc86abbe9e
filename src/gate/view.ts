// What is in force for one visit at one moment: who asks, under which policies, over which tables, seeing what.

import type { Limits } from '../core/limits.ts'
import type { Limit, Sight } from '../core/verdict.ts'
import type { Asker, ColumnTags, PolicySet } from '../policy/policy.ts'
import type { Dialect, SchemaIndex } from '../sql/dialect.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Form } from './form.ts'
import type { Judged } from './gate.ts'
import type { RuleSet } from './rules.ts'

export interface View {
  /** Equal keys judge every statement alike, apart from volatile policies. */
  readonly key: string
  readonly asker: Asker
  readonly dialect: Dialect
  readonly policies: PolicySet
  readonly schema: SchemaIndex
  readonly sight: Sight
  /** Of the target's columns, for policies that forbid by tag. */
  readonly tags: ColumnTags
  readonly rules: RuleSet
  /** Without a statement for so long, the visit ends. */
  readonly idleTimeoutMs: Limit | undefined
  readonly takenAtMs: number
  /** The count of changes (policies, people, targets, tags) up to which it is known to hold; moved on when looked at again. */
  changes: number
  /** Key for hash masks of this target. */
  readonly maskKey: string
  /** What was judged, by state key; shared by all visits with the same view. */
  readonly judged: Map<string, KnownJudgements>
}

/** What was judged in one state of a session. */
export interface KnownJudgements {
  readonly byText: BoundedCache<string, Judged>
  /** Judgements that the values of literals made no difference to, by form. */
  readonly byForm: BoundedCache<string, Form>
}

/** States of sessions that are told apart in one view's cache before it starts afresh. */
const statesMax = 64

/** The part of a view's cache that belongs to one state of a session. */
export function cacheFor(view: View, stateKey: string, limits: Limits): KnownJudgements {
  const found = view.judged.get(stateKey)
  if (found !== undefined) return found
  if (view.judged.size >= statesMax) view.judged.clear()
  const made = {
    byText: new BoundedCache<string, Judged>(limits.readingCacheMax),
    byForm: new BoundedCache<string, Form>(limits.readingCacheMax),
  }
  view.judged.set(stateKey, made)
  return made
}

/** Everything that an answer can depend on, in one string. */
export function viewKey(
  asker: Asker,
  policies: PolicySet,
  schema: SchemaIndex,
  sight: Sight,
  rules: RuleSet,
): string {
  const { user, target, context } = asker
  return JSON.stringify([
    target.id,
    // All that policies may look at.
    target.name,
    target.protocol,
    target.database,
    target.tags,
    target.snapshotRowsMax,
    user.id,
    user.name,
    user.email,
    user.role,
    user.groups,
    context.address,
    context.program,
    policies.version,
    sight.version,
    schema.snapshot.version,
    rules.version,
  ])
}
