// Lets an approver see the plan of a requested statement: asking for it needs no approval of its own.

import type { Recorder } from '../access/record.ts'
import type { AccessRequest, Requests } from '../access/requests.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { ApprovalBook, ApprovalWish } from '../gate/approval-book.ts'

export interface PlanPermits extends ApprovalBook {
  /** @returns a function that ends it. @throws GatewayError `audit.unavailable` */
  permit(
    request: AccessRequest,
    asking: { readonly user: User; readonly target: Target; readonly sql: string },
    by: Actor,
  ): Promise<() => void>
}

/** Approvals come from the requests; while a plan is asked for, that very text passes if the gate reads it as nothing else. */
export function createPlanPermits(requests: Requests, recorder: Recorder): PlanPermits {
  const permitted = new Map<string, number>()
  const keyOf = (user: User, target: Target, sql: string) => JSON.stringify([user.id, target.id, sql])
  return {
    async seek(wish: ApprovalWish) {
      const requestNumber = permitted.get(keyOf(wish.user, wish.target, wish.statement))
      if (requestNumber === undefined) return requests.seek(wish)
      if (wish.verb === 'EXPLAIN') return { kind: 'approved', requestNumber }
      throw new GatewayError('statement.denied', 'There is a plan of a single statement only.')
    },
    async permit({ number }, { user, target, sql }, by) {
      const fields = { user: [null, user.name], target: [null, target.name] } as const
      await recorder.changed(by, 'request.plan-asked', `request ${number}`, fields)
      const key = keyOf(user, target, sql)
      permitted.set(key, number)
      return () => void permitted.delete(key)
    },
  }
}
