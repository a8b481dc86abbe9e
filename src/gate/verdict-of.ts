// What policies say of one statement: as it stands, or as it would be once somebody approved it, and that somebody must.

import type { SqlAction } from '../core/action.ts'
import type { Allowed, PolicyName, Verdict } from '../core/verdict.ts'
import type { Asker } from '../policy/policy.ts'
import { reasonOf } from './reason.ts'
import type { View } from './view.ts'

/** @param isLifted a query rule spares it the guards; it permits nothing that policies do not */
export function verdictOf(view: View, text: string, action: SqlAction, isLifted: boolean): Verdict {
  const { policies, tags } = view
  const asker = askerOf(view, text)
  const verdict = policies.judge(asker, action, tags)
  if (isLifted || !policies.looksAtApproval) return verdict
  if (verdict.kind === 'allowed' && verdict.guards.approval === undefined) return verdict
  const context = { ...asker.context, isApproved: true }
  const approved = policies.judge({ ...asker, context }, action, tags)
  if (approved.kind === 'denied') return verdict.kind === 'denied' ? verdict : approved
  const own = approved.guards.approval ?? (verdict.kind === 'allowed' ? verdict.guards.approval : undefined)
  const approval = own ?? { policy: behind(view, asker, approved, verdict), approvers: ['administrators'] }
  return { ...approved, guards: { ...approved.guards, approval } }
}

/** The policy that an approval is for: what forbids without it, or what permits with it, beside the right to be there. */
function behind({ policies }: View, asker: Asker, approved: Allowed, without: Verdict): PolicyName {
  const forbids = without.kind === 'denied' ? without.decidedBy : []
  const entering = policies.judge(asker, { kind: 'connect' }).decidedBy.map(({ name }) => name)
  const permits = approved.decidedBy.filter(({ name }) => !entering.includes(name))
  return [...forbids, ...permits, ...approved.decidedBy][0] ?? { name: '', version: policies.version }
}

function askerOf({ asker }: View, text: string): Asker {
  if (reasonOf(text) === undefined) return asker
  return { ...asker, context: { ...asker.context, hasReason: true } }
}
