// Where: what people want to reach.

import type { TargetId } from './ids.ts'

/** How the connection to the target is protected; the words are libpq's `sslmode`. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-full'

/** What a target speaks; `mysql` is MySQL and MariaDB. */
export type TargetProtocol = 'postgres' | 'mysql'

/** A host that a target is reached by way of, over SSH. */
export interface JumpHost {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The one key that it must show: `ssh-ed25519 AAAA…` as OpenSSH writes it, or `SHA256:…`. */
  readonly hostKey: string
  /** How we prove who we are; the key or password is sealed and never part of this value. */
  readonly auth: 'key' | 'password'
}

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
  /** The gateway's port for this target, its own for life; `undefined`: reached by the console and the tunnel only. */
  readonly listenPort: number | undefined
  readonly disabled: boolean
  /** Missing: the target is reached directly. */
  readonly jump?: JumpHost
  /** Tells the target by the PROXY protocol, version 2, whom a connection is for. */
  readonly sendProxy?: boolean
  /** Of an UPDATE or DELETE of at most so many rows, what they were before and after is kept; missing: none is. */
  readonly snapshotRowsMax?: number
}
