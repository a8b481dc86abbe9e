// The seam: what a metadata source is to the rest of the house.

import type { Duplex } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'

/** How a source is reached: what a target says of itself, and the opened password of its account. */
export interface SourceFacts
  extends Pick<Target, 'host' | 'port' | 'database' | 'account' | 'tls' | 'tlsCa'> {
  readonly password: Secret
  /** Opens the way if something stands in front of it; without one, or if it gives none, it is reached directly. */
  readonly dial?: () => Promise<Duplex> | undefined
}

/** What `main` hands to a source. */
export interface SourceContext {
  readonly clock: Clock
  readonly limits: Pick<Limits, 'schemaTimeoutMs'>
}

/** What a source can tell. Profiles, lineage and usage get their words here when the first source offers them. */
export type Offer = 'schema'

export interface Harvested {
  readonly kind: 'schema'
  readonly snapshot: SchemaSnapshot
}

export interface Source {
  readonly name: Target['protocol']
  readonly offers: readonly Offer[]
  /** Asks the source once for everything it offers. @throws GatewayError `target.schema-unavailable` */
  harvest(facts: SourceFacts, context: SourceContext): AsyncIterable<Harvested>
}
