// Where: what people want to reach.

import type { TargetId } from './ids.ts'

/** How the connection to the target is protected; the words are libpq's `sslmode`. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-full'

/** What a target speaks; `mysql` is MySQL and MariaDB. */
export type TargetProtocol = 'postgres' | 'mysql'

export interface Target {
  readonly id: TargetId
  /** Unique; 1-64 of `a-z 0-9 . _ -`. */
  readonly name: string
  readonly protocol: TargetProtocol
  readonly host: string
  readonly port: number
  readonly database: string
  /** The account that the gateway uses at the target. Its password is sealed and never part of this value. */
  readonly account: string
  readonly tls: TlsMode
  /** PEM certificates that the target's certificate must chain to; `undefined`: those of the system. */
  readonly tlsCa: string | undefined
  /** Facts for policies: `{ env: 'prod' }`. */
  readonly tags: Readonly<Record<string, string>>
  /** The gateway's port for this target, its own for life (40000-45000). */
  readonly listenPort: number
  readonly disabled: boolean
}
