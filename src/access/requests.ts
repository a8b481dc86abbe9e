// Requests: what somebody wants and may not do alone, and what others decided about it.

import type { Actor } from '../core/event.ts'
import type { Id, SessionId, TargetId, UserId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'

export type RequestId = Id<'request'>

/**
 * `approved`: until `validUntilMs`, or until used if it is good for once. `used`: it was good for once. `expired`: nobody
 * decided in time, or the time that it was approved for is over.
 */
export type RequestState = 'pending' | 'approved' | 'refused' | 'withdrawn' | 'expired' | 'used'

/** A statement that a policy wants approved, as an approver must see it. */
export interface StatementSubject {
  readonly kind: 'statement'
  /** As the user wrote it; exactly these bytes are approved. */
  readonly statement: string
  /** `schema.table`, sorted. */
  readonly tables: readonly string[]
  /** Columns masked in it: `schema.table.column`, sorted. */
  readonly hidden: readonly string[]
  /** The policy that asks for approval. */
  readonly policy: string
  readonly reason: string | undefined
}

/** What is asked for. Roles and sessions will be kinds of their own. */
export type RequestSubject = StatementSubject

export interface AccessRequest {
  readonly id: RequestId
  /** Counts up; what people call it by. */
  readonly number: number
  readonly kind: RequestSubject['kind']
  readonly userId: UserId
  readonly userName: string
  readonly targetId: TargetId
  readonly targetName: string
  readonly subject: RequestSubject
  /** The group whose members decide beside administrators, or `administrators`. */
  readonly approvers: string
  readonly state: RequestState
  readonly createdAtMs: number
  /** Until then it can be decided. */
  readonly expiresAtMs: number
  readonly decidedBy: string | undefined
  readonly decidedAtMs: number | undefined
  /** What the one who decided said. */
  readonly note: string
  /** Of an approval. */
  readonly validUntilMs: number | undefined
  readonly once: boolean
}

/** What somebody wants to run. The same as the gate's. */
export interface StatementWish {
  readonly user: User
  readonly target: Target
  readonly sessionId: SessionId
  readonly statement: string
  readonly tables: readonly string[]
  readonly hidden: readonly string[]
  readonly policy: string
  readonly approvers?: string | undefined
  readonly reason: string | undefined
}

export type RequestAnswer =
  | { readonly kind: 'approved'; readonly requestNumber: number }
  | { readonly kind: 'pending'; readonly requestNumber: number }
  | { readonly kind: 'refused'; readonly requestNumber: number; readonly by: string }

export type Decision =
  | { readonly kind: 'approve'; readonly minutes: number; readonly once: boolean; readonly note: string }
  | { readonly kind: 'refuse'; readonly note: string }

export interface RequestsFor {
  /** Asked for by themselves, newest first. */
  readonly own: readonly AccessRequest[]
  /** Pending ones that they may decide, oldest first. */
  readonly waiting: readonly AccessRequest[]
  /** Decided ones of others that they might have decided, newest first. */
  readonly decided: readonly AccessRequest[]
}

export interface Requests {
  /**
   * Looks for an approval of exactly this, still in its time; asks for one if nobody has. An approval for once is used up
   * by the answer `approved`.
   * @throws GatewayError `audit.unavailable | limit.exceeded`
   */
  seek(wish: StatementWish): Promise<RequestAnswer>
  for(user: User): Promise<RequestsFor>
  /** How many wait for this person. */
  waitingFor(user: User): Promise<number>
  /** @throws GatewayError `not-found`, also for what is not theirs to see */
  get(number: number, user: User): Promise<AccessRequest>
  /** @throws GatewayError `not-found | request.forbidden | conflict | audit.unavailable` */
  decide(number: number, decision: Decision, by: Actor): Promise<AccessRequest>
  /** Its author takes it back, or somebody who may approve takes an approval back. */
  withdraw(number: number, by: Actor): Promise<AccessRequest>
}

/** Whether somebody may decide: never about what they asked for themselves. */
export function mayDecide(request: Pick<AccessRequest, 'userId' | 'approvers'>, user: User): boolean {
  if (user.disabled || user.id === request.userId) return false
  return user.role === 'administrator' || user.groups.includes(request.approvers)
}
