// What `main` hands to the console.

import type { Duplex } from 'node:stream'
import type { Access } from '../access/access.ts'
import type { ApiTokens } from '../access/api-tokens.ts'
import type { Devices } from '../access/devices.ts'
import type { Recorder } from '../access/record.ts'
import type { SavedQueries } from '../access/saved-queries.ts'
import type { AccessRequest, Requests } from '../access/requests.ts'
import type { AuditSearch } from '../audit/audit.ts'
import type { SavedFilters } from '../audit/saved-filters.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Reach } from '../catalog/reach.ts'
import type { Clock } from '../core/clock.ts'
import type { Actor, ChangeEvent } from '../core/event.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Sight } from '../core/verdict.ts'
import type { Companion, Gate } from '../gate/gate.ts'
import type { PolicyBook } from '../gate/policy-book.ts'
import type { RuleBook } from '../gate/rules.ts'
import type { GateWatcher } from '../gate/running.ts'
import type { CarriedLiveEvent } from './sessions/oversight.ts'
import type { Snapshots } from '../gate/snapshots.ts'
import type { PolicyLanguage } from '../policy/policy.ts'
import type { AttentionItem, HealthReport, HostKeyShown, SessionRow } from './contract.ts'
import type { JobFiles } from './jobs/job-files.ts'

/** How a target greeted us, or why it did not. */
export type Trial =
  | {
      readonly kind: 'reached'
      readonly serverVersion: string
      readonly tls: string | undefined
      readonly durationMs: number
    }
  | { readonly kind: 'failed'; readonly message: string }

/** Levels as pino's. */
export interface ConsoleLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** Who is inside, of all servers, and what can be done about it. */
export interface SessionsParts {
  list(): Promise<readonly SessionRow[]>
  /** Statements as they pass this server. @returns a function that ends the watching */
  watch(watcher: GateWatcher): () => void
  /** The same of the other servers, a little later; missing where there are none. */
  watchOthers?(watcher: (event: CarriedLiveEvent) => void): () => void
  /** On record first; the server that has it cuts it. @throws GatewayError `audit.unavailable` */
  end(session: SessionRow, by: Actor, reason?: string): Promise<void>
  /** On record first; the server that has it stops what runs. @throws GatewayError `audit.unavailable` */
  stop(session: SessionRow, by: Actor, reason?: string): Promise<void>
}

export interface ConsoleParts {
  readonly access: Access
  readonly apiTokens: ApiTokens
  readonly devices: Devices
  /** Port of the tunnel that devices come by. */
  readonly tunnelPort: number
  readonly requests: Requests
  readonly savedQueries: SavedQueries
  readonly sessions: SessionsParts
  /**
   * Lets one text that only asks for a plan through without another approval, until the returned function is called.
   * @throws GatewayError `audit.unavailable`
   */
  readonly permitPlan: (
    request: AccessRequest,
    asking: { readonly user: User; readonly target: Target; readonly sql: string },
    by: Actor,
  ) => Promise<() => void>
  readonly catalog: Catalog
  readonly reach: Reach
  /** How the server is, and what needs an administrator. */
  readonly health: {
    report(): Promise<HealthReport>
    attention(user: User): Promise<readonly AttentionItem[]>
  }
  readonly policyBook: PolicyBook
  readonly policyLanguage: PolicyLanguage
  readonly ruleBook: RuleBook
  /** What would happen to statements of somebody. @throws GatewayError `connect.denied | target.schema-unavailable` */
  readonly rehearse: Gate['rehearse']
  /** Puts on record that somebody tried something out. @throws GatewayError `audit.unavailable` */
  readonly recordTrial: (
    by: Actor,
    what: string,
    object: string,
    fields: ChangeEvent['fields'],
  ) => Promise<void>
  /** Of `context.localHour` in policies. */
  readonly timeZone: string
  readonly auditSearch: AuditSearch
  readonly auditFilters: SavedFilters
  /** Rows kept before and after changes. */
  readonly snapshots: Pick<Snapshots, 'open'>
  /** Whether the policies in force let this person connect to the target from the console. */
  readonly mayConnect: (user: User, target: Target, address: string) => boolean
  /** What this person may see of the target. @throws GatewayError `target.schema-unavailable` */
  readonly see: (user: User, target: Target, address: string) => Promise<Sight>
  /** A stream that speaks the target's protocol through the gate, as this person, who is known already. */
  /** Puts something that a user does on record, before it is done. @throws GatewayError `audit.unavailable` */
  readonly recordChange: Recorder['changed']
  /** Where files of users are kept for some hours. */
  readonly jobFiles: JobFiles
  readonly openTarget: (target: Target, user: User, address: string, companion?: Companion) => Duplex
  readonly tryTarget: (
    target: Omit<Target, 'id' | 'listenPort'>,
    password: Secret,
    jumpSecret: Secret | undefined,
  ) => Promise<Trial>
  /** Which key a jump host shows, so that an administrator can confirm it. @throws GatewayError `target.unreachable` */
  readonly askHostKey: (place: { readonly host: string; readonly port: number }) => Promise<HostKeyShown>
  readonly clock: Clock
  readonly limits: Limits
  readonly version: string
  readonly log: ConsoleLog
  /** The built pages; where there are none the API is served alone. */
  readonly webFolder: string
  /** Where native clients find this server. */
  readonly publicHost: string
  /** Whether browsers come by HTTPS, ours or that of a balancer. */
  readonly cookieSecure: boolean
  /** Addresses and networks of balancers whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** Reasons why nobody should be sent here; empty: ready. */
  readonly ready: () => Promise<readonly string[]>
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>
}
