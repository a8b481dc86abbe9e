// What would happen to a statement: judged as ever, with caches of its own, and nothing done about it.

import { compileRules, type QueryRule } from './rules.ts'
import type { Trial } from './gate.ts'
import { judgeText, type JudgeParts, stopUnread } from './judge.ts'
import { cacheFor, type View } from './view.ts'

export function tryOut(
  parts: JudgeParts,
  inForce: View,
  text: string,
  rules: readonly QueryRule[] | undefined,
): Trial {
  const view: View = {
    ...inForce,
    judged: new Map(),
    rules: rules === undefined ? inForce.rules : compileRules(inForce.rules.version, rules),
  }
  const { dialect, schema } = view
  const state = dialect.stateOf?.(schema) ?? dialect.initialState
  let judged = judgeText(parts, view, cacheFor(view, state.key, parts.limits), text, state)
  if (judged === 'unknown name') {
    const reading = dialect.read(text, schema, state)
    const unknown = { kind: 'unreadable', shape: reading.shape, unknownName: true } as const
    const problem =
      reading.kind === 'unreadable'
        ? reading.problem
        : ({ code: 'statement.unreadable', message: '', position: undefined } as const)
    judged = stopUnread(parts, text, { ...unknown, problem })
  }
  const { plan } = judged
  const passed = judged.kind === 'passed' ? judged : undefined
  const stopped = judged.kind === 'stopped' ? judged : undefined
  return {
    verdict: judged.kind,
    code: stopped?.code,
    message: stopped?.message,
    text: passed?.text,
    shape: plan.shape,
    hidden: plan.hidden,
    decidedBy: plan.decidedBy,
    rule: view.rules.find(view.asker.target, text, plan.shape),
    isCounted: passed?.isNoise === true,
    approvers: passed?.guards?.approval?.approvers ?? [],
  }
}
