// The part of the contract about how the server is, and what needs an administrator's attention. Types only.

export type AttentionKind =
  | 'audit.unwritable'
  | 'audit.waiting'
  | 'storage.unwritable'
  | 'port.closed'
  | 'target.unreachable'
  | 'certificate.ending'
  | 'tag.no-policy'
  | 'user.no-group'
  | 'user.locked'
  | 'request.waiting'
  | 'token.ending'
  | 'limit.near'
  | 'server.silent'

/** One thing to look at, with some of those it is about. */
export interface AttentionItem {
  readonly kind: AttentionKind
  /** `urgent`: something does not work; `soon`: it will not; `notice`: worth a look. */
  readonly level: 'urgent' | 'soon' | 'notice'
  readonly count: number
  readonly examples: readonly AttentionExample[]
}

export interface AttentionExample {
  readonly name: string
  /** Of the target, user or request, for a link to it. */
  readonly id?: string
  readonly detail?: string
  /** Since when, or until when. */
  readonly atMs?: number
}

export interface HealthReport {
  readonly atMs: number
  readonly server: {
    readonly version: string
    readonly node: string
    readonly system: string
    readonly startedAtMs: number
    readonly ready: boolean
    readonly reasons: readonly string[]
  }
  readonly ports: readonly {
    readonly name: 'console' | 'tunnel'
    readonly host: string
    readonly port: number
    readonly listening: boolean
  }[]
  readonly targetPorts: {
    readonly host: string
    readonly first: number
    readonly last: number
    /** Ports of exposed, enabled targets, those of them that are open, and targets without a port. */
    readonly wanted: number
    readonly open: number
    readonly hidden: number
    readonly failures: readonly { readonly name: string; readonly reason: string }[]
  }
  readonly storage: {
    readonly kind: 'sqlite' | 'mysql'
    readonly version: string
    readonly bytes: number | undefined
    readonly lastMigration: string
    readonly migrations: number
    /** How long a write took; `undefined`: it cannot be written. */
    readonly writeMs: number | undefined
  }
  readonly audit: {
    readonly writable: boolean
    /** Events on the journal that the server database does not have yet. */
    readonly waiting: number
    readonly entries: number
    readonly lastEntryAtMs: number | undefined
    readonly journalBytes: number
    readonly journalFiles: number
  }
  readonly queues: readonly {
    readonly name: QueueName
    readonly length: number
    readonly max: number | undefined
  }[]
  readonly process: {
    readonly rssBytes: number
    readonly heapBytes: number
    readonly loopDelayMs: number
    readonly openSessions: number
  }
  readonly certificates: readonly CertificateRow[]
  readonly servers: readonly { readonly id: string; readonly here: boolean; readonly seenAtMs: number }[]
  readonly limits: readonly { readonly name: string; readonly used: number; readonly max: number }[]
  /** Every `stepMs`, oldest first, for an hour at most. */
  readonly series: {
    readonly stepMs: number
    readonly lastAtMs: number
    readonly rssBytes: readonly number[]
    readonly loopDelayMs: readonly number[]
    readonly sessions: readonly number[]
    readonly waiting: readonly number[]
  }
}

export type QueueName = 'audit' | 'targetChecks' | 'requests' | 'messages'

export interface CertificateRow {
  readonly use: 'console' | 'clients' | 'targetCa' | 'target' | 'deviceCa'
  /** Of the target, for those of targets. */
  readonly name: string
  readonly subject: string
  readonly endsAtMs: number
}

export interface HealthRoutes {
  'GET /api/health': { in: void; out: HealthReport }
  'GET /api/attention': { in: void; out: readonly AttentionItem[] }
}
