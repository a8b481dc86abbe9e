// What would happen to statements: judged as ever, with caches of its own, and nothing done about it.

import type { HiddenColumn } from '../core/verdict.ts'
import type { SqlState } from '../sql/dialect.ts'
import { BoundedCache } from './bounded-cache.ts'
import type { Judged, Passed, Trial, TrialColumn } from './gate.ts'
import { judgeText, type JudgeParts, stopUnread } from './judge.ts'
import { reasonOf } from './reason.ts'
import { cacheFor, type View } from './view.ts'

/** One person at one target under one set of policies and rules. Asks, and does nothing; its view is nobody else's. */
export class Rehearsal {
  readonly #view: View
  readonly #parts: JudgeParts
  readonly #initial: SqlState

  /** @param view not shared: what is judged in it must not be found by a session */
  constructor(parts: JudgeParts, view: View) {
    this.#view = view
    this.#parts = { ...parts, plans: new BoundedCache(parts.limits.readingCacheMax) }
    this.#initial = view.dialect.stateOf?.(view.schema) ?? view.dialect.initialState
  }

  /** By itself, at the beginning of a session. */
  judge(text: string): Judged {
    return this.#judge(text, this.#initial)
  }

  /** One after the other in one session, as if each that is let through succeeded. */
  try(texts: readonly string[]): readonly Trial[] {
    const { dialect } = this.#view
    let state = this.#initial
    return texts.map(text => {
      const judged = this.#judge(text, state)
      const trial = this.#describe(judged, text)
      if (judged.kind === 'passed' && judged.reading.changesState)
        for (const index of judged.reading.action.statements.keys())
          state = dialect.follow(state, judged.reading, index)
      return trial
    })
  }

  #judge(text: string, state: SqlState): Judged {
    const view = this.#view
    const known = cacheFor(view, state.key, this.#parts.limits)
    const judged = judgeText(this.#parts, view, known, text, state)
    if (judged !== 'unknown name') return judged
    const reading = view.dialect.read(text, view.schema, state)
    const unknown = { kind: 'unreadable', shape: reading.shape, unknownName: true } as const
    const problem =
      reading.kind === 'unreadable'
        ? reading.problem
        : ({ code: 'statement.unreadable', message: '', position: undefined } as const)
    return stopUnread(this.#parts, text, { ...unknown, problem })
  }

  #describe(judged: Judged, text: string): Trial {
    const view = this.#view
    const { plan } = judged
    const passed = judged.kind === 'passed' ? judged : undefined
    const stopped = judged.kind === 'stopped' ? judged : undefined
    return {
      verdict: judged.kind,
      code: stopped?.code,
      message: stopped?.message,
      position: stopped?.position,
      text: passed?.text,
      shape: plan.shape,
      hidden: plan.hidden,
      columns: this.#columns(plan.hidden),
      decidedBy: plan.decidedBy,
      rule: view.rules.find(view.asker.target, text, plan.shape),
      isCounted: passed?.isNoise === true,
      approvers: passed?.guards?.approval?.approvers ?? [],
      ...this.#demands(passed),
    }
  }

  /** What goes along with a statement that is let through. */
  #demands(passed: Passed | undefined): Pick<Trial, 'rowFilters' | 'rowLimit' | 'guards' | 'strength'> {
    if (passed === undefined)
      return { rowFilters: [], rowLimit: undefined, guards: undefined, strength: undefined }
    const { policies, asker, tags, sight } = this.#view
    const { action } = passed.reading
    const hasReason = reasonOf(passed.original) !== undefined
    const isApproved = passed.guards?.approval !== undefined
    const context = { ...asker.context, hasReason, isApproved }
    const verdict = policies.judge({ ...asker, context }, action, tags)
    const tables = new Map(
      action.statements.flatMap(statement =>
        statement.tables.map(({ schema, table }) => [`${schema}.${table}`, sight.table(schema, table)]),
      ),
    )
    const rowFilters = [...tables].flatMap(([table, seen]) =>
      seen?.rowFilter === undefined ? [] : [{ table, filter: seen.rowFilter }],
    )
    const rowLimit = verdict.kind === 'allowed' ? verdict.rowLimit : undefined
    return { rowFilters, rowLimit, guards: passed.guards, strength: passed.strength }
  }

  /** The masks of what is hidden; what a view hides behind another name has none that could be told here. */
  #columns(hidden: readonly string[]): readonly TrialColumn[] {
    if (hidden.length === 0) return []
    const masks = new Map<string, HiddenColumn>()
    const { tags, sight } = this.#view
    for (const { schema, table } of tags.tables)
      for (const [column, mask] of sight.table(schema, table)?.hidden ?? [])
        masks.set(`${schema}.${table}.${column}`, mask)
    return hidden.map(name => ({ name, mask: masks.get(name)?.mask, tag: masks.get(name)?.tag }))
  }
}
