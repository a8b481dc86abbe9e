// Lets an approver see the plan of a requested statement: asking for it needs no approval of its own.

import type { Recorder } from '../access/record.ts'
import type { AccessRequest, Requests } from '../access/requests.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { Target, TargetProtocol } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { ApprovalBook, ApprovalWish } from '../gate/approval-book.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'

export interface PlanPermits extends ApprovalBook {
  /** @returns a function that ends it. @throws GatewayError `request.invalid | audit.unavailable` */
  permit(
    request: AccessRequest,
    asking: { readonly user: User; readonly target: Target; readonly sql: string },
    by: Actor,
  ): Promise<() => void>
}

interface PlanPermitsParts {
  readonly requests: Requests
  readonly recorder: Recorder
  readonly dialects: Readonly<Record<TargetProtocol, Dialect>>
  readonly schema: (target: Target) => Promise<SchemaSnapshot>
}

export function createPlanPermits({ requests, recorder, dialects, schema }: PlanPermitsParts): PlanPermits {
  const permitted = new Map<string, number>()
  const keyOf = (user: User, target: Target, sql: string) => JSON.stringify([user.id, target.id, sql])
  return {
    async seek(wish: ApprovalWish) {
      const requestNumber = permitted.get(keyOf(wish.user, wish.target, wish.statement))
      if (requestNumber !== undefined) return { kind: 'approved', requestNumber }
      return requests.seek(wish)
    },
    async permit(request, { user, target, sql }, by) {
      const dialect = dialects[target.protocol]
      const reading = dialect.read(sql, dialect.index(await schema(target)), dialect.initialState)
      if (reading.kind === 'unreadable') {
        throw new GatewayError('request.invalid', `its plan cannot be asked for. ${reading.problem.message}`)
      }
      const [first, ...more] = reading.action.statements
      if (first?.verb !== 'EXPLAIN' || more.length > 0) {
        throw new GatewayError('request.invalid', 'there is a plan of a single statement only')
      }
      const object = `request ${request.number}`
      await recorder.changed(by, 'request.plan-asked', object, { user: [null, user.name] })
      const key = keyOf(user, target, sql)
      permitted.set(key, request.number)
      return () => void permitted.delete(key)
    },
  }
}
