// A statement that somebody must approve first: looks whether that has happened, and tells its author what to do.

import { GatewayError } from '../core/errors.ts'
import type { Session } from '../core/session.ts'
import type { ApprovalBook } from './approval-book.ts'
import type { Judged, Passed, Stopped } from './gate.ts'
import { stopFor } from './judge.ts'
import { reasonOf } from './reason.ts'
import type { View } from './view.ts'

/** @returns what may go to the target if it is approved. Never rejects. */
export async function seekApproval(
  book: ApprovalBook | undefined,
  session: Session,
  view: View,
  passed: Passed,
): Promise<Judged> {
  const asked = passed.guards?.approval
  if (asked === undefined) return passed
  const { plan, original } = passed
  if (book === undefined)
    return stopped(passed, 'The policy wants this approved first, and nobody can be asked here.')
  // Of several groups the first is asked; administrators may always approve.
  const [approvers] = asked.approvers
  try {
    const answer = await book.seek({
      user: view.asker.user,
      target: view.asker.target,
      sessionId: session.id,
      statement: original,
      verb: plan.verb,
      tables: plan.tables,
      hidden: plan.hidden,
      policy: asked.policy.name,
      approvers,
      reason: reasonOf(original),
    })
    const request = `request #${answer.requestNumber}`
    if (answer.kind === 'approved') {
      const decidedBy = [...plan.decidedBy, { name: request, version: asked.policy.version }]
      const guards = passed.guards && { ...passed.guards, approval: undefined }
      return { ...passed, plan: { ...plan, decidedBy }, guards, approved: true }
    }
    if (answer.kind === 'refused')
      return stopped(
        passed,
        `${answer.by} refused ${request} for this statement. Ask them why.`,
        answer.requestNumber,
      )
    const who =
      approvers === undefined || approvers === 'administrators'
        ? 'an administrator'
        : `somebody of the group “${approvers}”`
    return stopped(
      passed,
      `The policy “${asked.policy.name}” wants this statement approved by ${who}. It is ${request}; see it in the console under Requests. Run exactly this statement again once it is approved.`,
      answer.requestNumber,
    )
  } catch (error) {
    if (!(error instanceof GatewayError))
      return stopped(passed, 'Whether this statement is approved could not be found out. Try again.')
    return stopFor(passed, error.code, error.message)
  }
}

const stopped = (passed: Passed, message: string, request?: number): Stopped =>
  stopFor(passed, 'statement.needs-approval', message, request)
