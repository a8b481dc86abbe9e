// What is in force for each visit: looked up anew when something changed, and shared by those who see alike.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import type { Session } from '../core/session.ts'
import type { Target, TargetProtocol } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Allowed, Denied, PolicyName } from '../core/verdict.ts'
import type { Asker, PolicySet } from '../policy/policy.ts'
import type { Dialect, SchemaIndex } from '../sql/dialect.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Draft } from './gate.ts'
import { compileRules, noRules, type RuleSet } from './rules.ts'
import type { PeopleInView, TargetsInView } from './targets-in-view.ts'
import { viewKey, type View } from './view.ts'

export interface ViewsParts {
  readonly dialects: Readonly<Record<TargetProtocol, Dialect>>
  readonly policies: () => PolicySet
  readonly people: PeopleInView
  readonly targets: TargetsInView
  readonly clock: Clock
  readonly limits: Limits
  readonly rules?: () => RuleSet
  readonly timeZone?: string
}

export class Views {
  readonly #parts: ViewsParts
  readonly #views: BoundedCache<string, View>
  readonly #indexes = new WeakMap<SchemaSnapshot, SchemaIndex>()
  /** When a target's tables were last looked at because of an unknown name. */
  readonly #lookedAgainMs = new Map<Target['id'], number>()
  /** Grows with every change that can matter to a judgement. */
  changes = 0

  constructor(parts: ViewsParts) {
    this.#parts = parts
    this.#views = new BoundedCache(parts.limits.readingCacheMax)
  }

  /** That of last time, if nothing changed since. */
  current(session: Session, last: View): View | undefined {
    const { policies, targets, clock, limits } = this.#parts
    if (last.changes !== this.changes || last.policies !== policies()) return undefined
    if (last.rules !== this.#rules()) return undefined
    if (last.schema.snapshot !== targets.currentSchema(session.target.id)) return undefined
    if (last.policies.volatile && clock.nowMs() - last.takenAtMs > limits.viewAgeMaxMs) return undefined
    return last
  }

  /** @throws GatewayError `connect.denied | session.ended | target.schema-unavailable` */
  async fresh(session: Session): Promise<View> {
    const { people, targets, clock } = this.#parts
    // Read before anything is looked at: what changes meanwhile makes the view outdated at once.
    const changes = this.changes
    const policies = this.#parts.policies()
    const user = await people.find(session.user.id)
    const target = await targets.find(session.target.id)
    if (user === undefined || user.disabled || target === undefined || target.disabled)
      throw new GatewayError('connect.denied')
    // Its statements would be judged by the tables of another place than where they are sent.
    if (hasMoved(session.target, target)) throw new GatewayError('session.ended', 'the target was moved')
    const nowMs = clock.nowMs()
    const { address, program } = session.client
    const timeZone = this.#parts.timeZone ?? 'UTC'
    const rules = this.#rules()
    const asker: Asker = { user, target, context: { nowMs, address, program, timeZone } }
    const view = await this.#make(asker, policies, rules, changes)
    const { key, schema } = view
    const known = policies.volatile ? undefined : this.#views.get(key)
    if (
      known !== undefined &&
      known.policies === policies &&
      known.rules === rules &&
      known.schema === schema
    ) {
      known.changes = Math.max(known.changes, changes)
      return known
    }
    if (!policies.volatile) this.#views.set(key, view)
    return view
  }

  /**
   * What would be in force for somebody under other policies or rules, for asking alone: it is in no cache, so no session
   * ever finds it. @throws GatewayError `connect.denied` (its cause says why) `| target.schema-unavailable`
   */
  async rehearsed(user: User, target: Target, draft: Draft): Promise<View> {
    const { clock } = this.#parts
    const policies = draft.policies ?? this.#parts.policies()
    const inForce = this.#rules()
    const rules = draft.rules === undefined ? inForce : compileRules(inForce.version, draft.rules)
    const { address, program } = draft.client ?? { address: 'console', program: '' }
    const nowMs = draft.nowMs ?? clock.nowMs()
    const timeZone = this.#parts.timeZone ?? 'UTC'
    const asker: Asker = { user, target, context: { nowMs, address, program, timeZone } }
    const verdict = policies.judge(asker, { kind: 'connect' })
    if (verdict.kind === 'denied')
      throw new GatewayError('connect.denied', '', { cause: new ConnectDenied(verdict) })
    return this.#make(asker, policies, rules, this.changes)
  }

  /** @throws GatewayError `connect.denied | target.schema-unavailable` */
  async #make(asker: Asker, policies: PolicySet, rules: RuleSet, changes: number): Promise<View> {
    const { targets } = this.#parts
    const { target, context } = asker
    const { idleTimeoutMs } = mayConnect(policies, asker).guards
    const snapshot = await targets.freshSchema(target.id)
    const dialect = this.#parts.dialects[target.protocol]
    const schema = this.#index(dialect, snapshot)
    const tags = targets.tags(target.id, snapshot)
    const sight = policies.see(asker, tags)
    return {
      key: viewKey(asker, policies, schema, sight, rules),
      asker,
      dialect,
      policies,
      schema,
      sight,
      tags,
      rules,
      idleTimeoutMs,
      takenAtMs: context.nowMs,
      changes,
      maskKey: targets.maskKey(target.id),
      judged: new Map(),
    }
  }

  /** Whether a name that the picture does not know may make it be taken anew now: not again and again. */
  mayLookAgain({ target }: Session): boolean {
    const { clock, limits } = this.#parts
    const nowMs = clock.nowMs()
    if (nowMs - (this.#lookedAgainMs.get(target.id) ?? 0) < limits.schemaRetryMs) return false
    this.#lookedAgainMs.set(target.id, nowMs)
    return true
  }

  #rules(): RuleSet {
    return this.#parts.rules?.() ?? noRules
  }

  #index(dialect: Dialect, snapshot: SchemaSnapshot): SchemaIndex {
    const known = this.#indexes.get(snapshot)
    if (known !== undefined) return known
    const index = dialect.index(snapshot)
    this.#indexes.set(snapshot, index)
    return index
  }
}

/** Why nobody would be let in: for administrators who try policies out, never for the one who is turned away. */
export class ConnectDenied extends Error {
  readonly decidedBy: readonly PolicyName[]

  constructor({ reason, decidedBy }: Denied) {
    super(reason)
    this.decidedBy = decidedBy
  }
}

/** @throws GatewayError `connect.denied` */
export function mayConnect(policies: PolicySet, asker: Asker): Allowed {
  const verdict = policies.judge(asker, { kind: 'connect' })
  if (verdict.kind === 'denied') throw new GatewayError('connect.denied')
  return verdict
}

/** Whether a connection made to the one would be made to another place, or as another account, by the other. */
const hasMoved = (before: Target, after: Target): boolean =>
  before.host !== after.host ||
  before.port !== after.port ||
  before.database !== after.database ||
  before.account !== after.account ||
  JSON.stringify(before.jump) !== JSON.stringify(after.jump)
