// What the gate needs to know of approvals: whether somebody approved exactly this statement. `main` hands in the requests.

import type { SessionId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'

/** What somebody wants to run, as an approver must see it. */
export interface ApprovalWish {
  readonly user: User
  readonly target: Target
  readonly sessionId: SessionId
  /** The statement as the user wrote it; exactly these bytes are approved. */
  readonly statement: string
  /** Command words of its statements, joined by `; `. */
  readonly verb?: string
  /** `schema.table`, sorted. */
  readonly tables: readonly string[]
  /** Columns masked in it: `schema.table.column`, sorted. */
  readonly hidden: readonly string[]
  /** The policy that asks for approval. */
  readonly policy: string
  /** Who may approve: the name of a group, or `administrators`. Administrators always may. Missing: administrators. */
  readonly approvers?: string | undefined
  readonly reason: string | undefined
}

export type Approval =
  | { readonly kind: 'approved'; readonly requestNumber: number }
  /** Asked for just now or earlier; nobody has answered yet. */
  | { readonly kind: 'pending'; readonly requestNumber: number }
  | { readonly kind: 'refused'; readonly requestNumber: number; readonly by: string }

export interface ApprovalBook {
  /** Looks for an approval of exactly this, still in its time; asks for one if nobody has. @throws GatewayError `audit.unavailable` */
  seek(wish: ApprovalWish): Promise<Approval>
}
