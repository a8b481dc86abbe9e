// The seam: what a protocol is to the rest of the house.

import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { Companion, Gate } from '../gate/gate.ts'

/** How a client is known. */
export type ClientEntry =
  /** Came over the network: must log in with user name and connection token. */
  | { readonly kind: 'network'; readonly address: string }
  /** Came from the console, which knows who it is: no login, no TLS. */
  | { readonly kind: 'console'; readonly user: User; readonly companion?: Companion | undefined }
  /** Came by the tunnel, with the certificate of a device: no login; TLS is around it already. */
  | {
      readonly kind: 'tunnel'
      readonly user: User
      readonly address: string
      /** What the record calls the device. */
      readonly credential: string
    }

/** What it takes to check a connection token without learning it (SCRAM-SHA-256, RFC 5802). Never rejects for an unknown user. */
export type FindVerifiers = (
  userName: string,
  target: Target,
) => Promise<{
  readonly user: User | undefined
  readonly salt: Uint8Array
  readonly iterations: number
  readonly verifiers: readonly {
    readonly label: string
    readonly storedKey: Uint8Array
    readonly serverKey: Uint8Array
    /** SHA-1 of the SHA-1 of the token (`mysql_native_password`); missing for tokens made before MySQL was spoken. */
    readonly mysqlNative?: Uint8Array
    /** SHA-256 of the SHA-256 of the token (`caching_sha2_password`). */
    readonly mysqlSha2?: Uint8Array
    used(): void
  }[]
}>

export type DialledTarget = Omit<Target, 'id' | 'listenPort'> & { readonly id?: Target['id'] }

/** Opens the way to a target that something stands in front of, without TLS of ours yet; `undefined`: connect directly. */
export type Dial = (target: DialledTarget) => Promise<Duplex> | undefined

/** What `main` hands to a protocol. */
export interface ProtocolContext {
  readonly gate: Gate
  readonly limits: Limits
  /** Our certificate towards clients, read at each connection so that a new one counts at once. */
  readonly clientTls: () => SecureContext
  readonly findVerifiers: FindVerifiers
  readonly targetPassword: (target: Target) => Promise<Secret>
  readonly log: ProtocolLog
  readonly dial?: Dial
  /** Called once the client has proved who it is; until then it counts among `pendingLoginsMax`. */
  readonly identified?: () => void
}

/** Levels as pino's. Never values, never statement texts. */
export interface ProtocolLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** What came of trying a target: how it greeted us, or why it did not. */
export type TargetTrial =
  | {
      readonly kind: 'reached'
      readonly serverVersion: string
      readonly tls: string | undefined
      readonly durationMs: number
      /** Of the certificate that it showed. */
      readonly certificateEndsAtMs?: number
    }
  | { readonly kind: 'failed'; readonly message: string }

export interface Protocol {
  readonly name: Target['protocol']
  /** Carries one client to its end. Resolves when both sides are closed; never rejects. */
  serve(client: Duplex, entry: ClientEntry, target: Target, context: ProtocolContext): Promise<void>
  /** Logs in to a target as the gateway would, and out again. */
  tryTarget(
    target: Omit<Target, 'id' | 'listenPort'>,
    password: Secret,
    limits: Limits,
    dial?: Dial,
  ): Promise<TargetTrial>
}
