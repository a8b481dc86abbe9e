// The contract between the console's browser half and its server half: every route, what it takes and what it gives.
// Types only: the browser half imports this file and nothing else of the server. JSON over HTTP under `/api`.
// Errors are `ApiError` with a fitting status. Changing requests carry `x-sekisho-csrf`. Times are milliseconds since 1970.

import type {
  AuditBucket,
  AuditCount,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditSummary,
  ChainState,
} from '../audit/audit.ts'
import type { Token } from '../access/access.ts'
import type { ApiToken } from '../access/api-tokens.ts'
import type { RequestState } from '../access/requests.ts'
import type { Group, Role, User } from '../core/user.ts'
import type { JumpHost, Target, TargetProtocol, TlsMode } from '../core/target.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { MaskShape } from '../core/verdict.ts'
import type { PolicyWorkRoutes } from './policies/policy-contract.ts'
import type { ReachRoutes } from './reach/reach-contract.ts'
import type { Trial as RuleTrial } from '../gate/gate.ts'
import type { QueryRule, SavedRules } from '../gate/rules.ts'
import type { PolicyTemplate } from '../policy/policy-templates.ts'
import type { Language, PolicyCheck, PolicyMeaning, TagDefinition } from '../policy/policy.ts'
import type { AuditRoutes } from './audit/audit-contract.ts'
import type { DeviceRoutes } from './devices/device-contract.ts'
import type { HealthRoutes } from './health/health-contract.ts'
import type { PeopleRoutes } from './people/people-contract.ts'
import type { TargetListRoutes, TargetRoutes } from './targets/target-contract.ts'
import type { SnapshotRoutes } from './audit/snapshot-contract.ts'
import type { SqlRoutes } from './sql/sql-contract.ts'
import type {
  DecisionInput,
  LiveEvent,
  RequestLists,
  RequestPlan,
  RequestRow,
  SessionRow,
} from './sessions/oversight.ts'

export type {
  PolicyTemplate,
  QueryRule,
  RuleTrial,
  SavedRules,
  ApiToken,
  AuditBucket,
  AuditCount,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditSummary,
  ChainState,
  ErrorCode,
  Group,
  JumpHost,
  Language,
  MaskShape,
  PolicyCheck,
  PolicyMeaning,
  RequestState,
  Role,
  TagDefinition,
  Target,
  TargetProtocol,
  TlsMode,
  Token,
  User,
}

export type * from './devices/device-contract.ts'
export type * from './health/health-contract.ts'
export type * from './people/people-contract.ts'
export type * from './targets/target-contract.ts'
export type * from './audit/audit-contract.ts'
export type * from './sessions/oversight.ts'
export type * from './policies/policy-contract.ts'
export type * from './reach/reach-contract.ts'
export type * from './audit/snapshot-contract.ts'
export type * from './sql/sql-contract.ts'

export interface ApiError {
  readonly code: ErrorCode
  /** English sentence; the browser half words it in the user's language by `code` and `detail`. */
  readonly message: string
  readonly detail: string
}

export interface Me {
  readonly user: User
  readonly mustChangePassword: boolean
  readonly csrfToken: string
  readonly version: string
}

export type UserRow = User & { readonly locked: boolean; readonly lastSignInAtMs: number | undefined }
export type GroupRow = Group & { readonly members: readonly string[] }

export interface PolicyVersion {
  readonly version: number
  readonly text: string
  readonly note: string
  readonly savedBy: string
  readonly savedAtMs: number
}

/** An answer that is written while it is read: lines of JSON, one `Item` each, or a file. */
export interface Stream<Item> {
  readonly streamOf: Item
}

/** `'METHOD /path'` → what it takes and gives. `:name` is a path parameter. `void` means no body. */
export interface Routes
  extends PolicyWorkRoutes,
    ReachRoutes,
    AuditRoutes,
    DeviceRoutes,
    HealthRoutes,
    PeopleRoutes,
    TargetListRoutes,
    TargetRoutes,
    SnapshotRoutes,
    SqlRoutes {
  'POST /api/sign-in': { in: { name: string; password: string }; out: Me }
  'POST /api/sign-out': { in: void; out: void }
  'POST /api/password': { in: { current: string; next: string }; out: Me }
  'GET /api/me': { in: void; out: Me }

  'GET /api/tags': { in: void; out: readonly TagDefinition[] }
  'PUT /api/tags/:name': { in: Omit<TagDefinition, 'name'>; out: void }

  /** Own tokens. */
  'GET /api/tokens': { in: void; out: readonly Token[] }
  'POST /api/tokens': {
    in: { label: string; targets: readonly string[]; lifeDays: number }
    out: { token: Token; secret: string }
  }
  'DELETE /api/tokens/:id': { in: void; out: void }

  /** For programs that administer: `Authorization: Bearer ska_…`. Own tokens. */
  'GET /api/api-tokens': { in: void; out: readonly ApiToken[] }
  'POST /api/api-tokens': {
    in: { label: string; lifeDays: number }
    out: { token: ApiToken; secret: string }
  }
  'DELETE /api/api-tokens/:id': { in: void; out: void }

  'GET /api/requests': { in: void; out: RequestLists }
  /** How many wait for the one who asks. */
  'GET /api/requests/waiting': { in: void; out: { waiting: number } }
  'GET /api/requests/:number': { in: void; out: RequestRow }
  'POST /api/requests/:number/decide': { in: DecisionInput; out: RequestRow }
  'POST /api/requests/:number/withdraw': { in: void; out: RequestRow }
  /** Asks the target, as the author of the request, for its plan. */
  'POST /api/requests/:number/plan': { in: void; out: RequestPlan }

  /** Administrators see all, everybody else their own. */
  'GET /api/sessions': { in: void; out: readonly SessionRow[] }
  /** Answer is a stream of `LiveEvent`, until the request is closed. */
  'GET /api/sessions/live': { in: void; out: Stream<LiveEvent> }
  'DELETE /api/sessions/:id': { in: void; out: void }
  /** Stops what runs in it. */
  'POST /api/sessions/:id/stop': { in: { reason: string } | undefined; out: void }

  'GET /api/users': { in: void; out: readonly UserRow[] }
  'POST /api/users': {
    in: { name: string; displayName: string; email?: string; role: Role; groups: readonly string[] }
    out: { user: User; firstPassword: string }
  }
  'PUT /api/users/:id': {
    /** An empty e-mail clears it. */
    in: { displayName?: string; email?: string; role?: Role; groups?: readonly string[]; disabled?: boolean }
    out: User
  }
  'POST /api/users/:id/password': { in: void; out: { firstPassword: string } }
  'POST /api/users/:id/unlock': { in: void; out: void }
  'DELETE /api/users/:id': { in: void; out: void }

  'GET /api/groups': { in: void; out: readonly GroupRow[] }
  'POST /api/groups': { in: { name: string; description: string }; out: Group }
  'PUT /api/groups/:id': { in: { description?: string; members?: readonly string[] }; out: Group }
  'DELETE /api/groups/:id': { in: void; out: void }

  'GET /api/policies': {
    in: void
    out: { current: PolicyVersion; versions: readonly Omit<PolicyVersion, 'text'>[] }
  }
  'GET /api/policies/:version': { in: void; out: PolicyVersion }
  'POST /api/policies/check': { in: { text: string; language: Language }; out: PolicyCheck }
  'POST /api/policies/format': { in: { text: string }; out: { text: string } }
  /** `basedOn` guards against overwriting somebody else's change: 409 `conflict` if it is not the current version. */
  'PUT /api/policies': { in: { text: string; note: string; basedOn: number }; out: PolicyVersion }

  /** Ready-made policies to begin with. */
  'GET /api/policy-templates': { in: void; out: readonly PolicyTemplate[] }

  'GET /api/rules': { in: void; out: SavedRules }
  /** 409 `conflict` if `basedOn` is not the current version. */
  'PUT /api/rules': { in: { rules: readonly QueryRule[]; basedOn: number }; out: SavedRules }
  /** What would happen to a statement of somebody (oneself if nobody is named) under these rules, or those in force. */
  'POST /api/rules/test': {
    in: { targetId: string; userName?: string; text: string; rules?: readonly QueryRule[] }
    out: RuleTrial
  }
}
