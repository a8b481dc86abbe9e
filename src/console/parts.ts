// What `main` hands to the console.

import type { Duplex } from 'node:stream'
import type { Access } from '../access/access.ts'
import type { AuditSearch } from '../audit/audit.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../core/clock.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Sight } from '../core/verdict.ts'
import type { PolicyBook } from '../gate/policy-book.ts'
import type { PolicyLanguage } from '../policy/policy.ts'

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

export interface ConsoleParts {
  readonly access: Access
  readonly catalog: Catalog
  readonly policyBook: PolicyBook
  readonly policyLanguage: PolicyLanguage
  readonly auditSearch: AuditSearch
  /** Whether the policies in force let this person connect to the target from the console. */
  readonly mayConnect: (user: User, target: Target, address: string) => boolean
  /** What this person may see of the target. @throws GatewayError `target.schema-unavailable` */
  readonly see: (user: User, target: Target, address: string) => Promise<Sight>
  /** A stream that speaks the target's protocol through the gate, as this person, who is known already. */
  readonly openTarget: (target: Target, user: User, address: string) => Duplex
  readonly tryTarget: (target: Omit<Target, 'id' | 'listenPort'>, password: Secret) => Promise<Trial>
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
