// The tables of the server database, as Kysely sees them. Ids are char(36), times bigint milliseconds, JSON is text.

import type { Generated } from 'kysely'

/** 0 or 1: neither SQLite nor MySQL has a type of its own for it. */
export type Flag = 0 | 1

export interface UsersTable {
  readonly id: string
  readonly name: string
  readonly display_name: string
  readonly email: string | null
  readonly role: string
  readonly disabled: Flag
  /** PHC string. */
  readonly password_hash: string
  readonly must_change_password: Flag
  /** Base64; shared by all tokens of the user. */
  readonly token_salt: string
  readonly last_sign_in_at_ms: number | null
  readonly created_at_ms: number
}

/** Failed sign-ins by name, whether or not there is such a user. */
export interface SignInAttemptsTable {
  /** SHA-256 of the name, hexadecimal. */
  readonly name_hash: string
  readonly failures: number
  readonly last_at_ms: number
  readonly locked_until_ms: number | null
}

/** `groups` is a reserved word of MySQL 8. */
export interface UserGroupsTable {
  readonly id: string
  readonly name: string
  readonly description: string
}

export interface MembershipsTable {
  readonly user_id: string
  readonly group_id: string
}

export interface ConsoleSessionsTable {
  /** SHA-256 of the cookie, hexadecimal. */
  readonly hash: string
  readonly user_id: string
  readonly created_at_ms: number
  readonly seen_at_ms: number
}

export interface TokensTable {
  readonly id: string
  readonly user_id: string
  readonly label: string
  /** JSON array of target ids; empty: all. */
  readonly targets: string
  /** SCRAM-SHA-256 keys, base64. */
  readonly stored_key: string
  readonly server_key: string
  /** What MySQL's methods of login check by, base64; null for tokens made before MySQL was spoken. */
  readonly mysql_native: string | null
  readonly mysql_sha2: string | null
  readonly created_at_ms: number
  readonly expires_at_ms: number
  readonly last_used_at_ms: number | null
}

export interface TargetsTable {
  readonly id: string
  readonly name: string
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly database_name: string
  readonly account: string
  readonly tls: string
  readonly tls_ca: string | null
  /** JSON object. */
  readonly tags: string
  /** Empty: not exposed. */
  readonly listen_port: number | null
  readonly disabled: Flag
  readonly sealed_password: string
  /** JSON object; empty: reached directly. */
  readonly jump: string | null
  readonly sealed_jump_secret: string | null
  /** Empty of targets from before it was known. */
  readonly send_proxy: Flag | null
  /** Empty: no snapshots are kept. */
  readonly snapshot_rows_max: number | null
}

export interface SnapshotsTable {
  readonly id: string
  /** Event id of the statement, and which side of it: `before`, `after`. */
  readonly statement_id: string
  readonly part: string
  readonly session_id: string
  readonly user_name: string
  readonly target_id: string
  readonly target_name: string
  readonly table_name: string
  readonly at_ms: number
  readonly row_count: number
  readonly sealed: string
  readonly hash: string
}

export interface TagDefinitionsTable {
  readonly name: string
  readonly description: string
  readonly sensitive: Flag
  readonly mask: string
}

export interface ColumnTagsTable {
  readonly target_id: string
  /** SHA-256 over the three names, hexadecimal: names are too long and too free for a portable key. */
  readonly column_key: string
  readonly schema_name: string
  readonly table_name: string
  readonly column_name: string
  /** The target's own numbers for table and column, by which tags follow a rename. */
  readonly relation_oid: number | null
  readonly column_number: number | null
  /** JSON array of tag names. */
  readonly tags: string
}

export interface PoliciesTable {
  readonly version: number
  readonly text: string
  readonly note: string
  readonly saved_by: string
  readonly saved_at_ms: number
}

export interface SealedKeysTable {
  readonly id: string
  readonly sealed: string
  readonly created_at_ms: number
}

/** One row that is written to, to learn whether the database can be written. */
export interface WriteChecksTable {
  readonly id: number
  readonly beats: number
}

/** How far each chain of the journal has been carried. */
export interface AuditPositionsTable {
  readonly chain: string
  readonly segment: number
  readonly sequence: number
  readonly hash: string
}

export interface AuditSessionsTable {
  readonly chain: string
  readonly sequence: number
  readonly address: string | null
  readonly program: string | null
  readonly credential: string | null
  /** Lower case. */
  readonly search: string
}

export interface AuditPlansTable {
  readonly chain: string
  readonly sequence: number
  readonly shape: string
  readonly verb: string
  /** JSON array. */
  readonly table_names: string
  /** JSON array. */
  readonly hidden: string
  readonly code: string | null
  readonly reason: string | null
  /** JSON array of pairs: name, version. */
  readonly decided_by: string
  /** Lower case. */
  readonly search: string
}

export interface AuditTextsTable {
  readonly chain: string
  readonly sequence: number
  /** Base64. */
  readonly sealed: string
}

export interface AuditEventsTable {
  readonly chain: string
  readonly sequence: number
  readonly hash: string
  readonly id: string
  readonly at_ms: number
  readonly kind: string
  readonly user_name: string | null
  readonly target_name: string | null
  readonly session_id: string | null
  readonly session_sequence: number | null
  readonly plan_sequence: number | null
  /** 0: the text is the shape. */
  readonly texts_sequence: number | null
  readonly text_index: number | null
  readonly verdict: string | null
  readonly masked: Flag
  readonly strength: string | null
  readonly row_count: number | null
  readonly byte_count: number | null
  readonly duration_ms: number | null
  readonly result: string | null
  /** JSON object: what only events of this kind have. */
  readonly facts: string | null
  /** Lower case. */
  readonly search: string | null
}

export interface RequestsTable {
  readonly id: string
  /** SHA-256 over user, target and what is asked for, hexadecimal. */
  readonly wish_key: string
  /** The same while it is open, else nothing. */
  readonly open_key: string | null
  readonly kind: string
  readonly user_id: string
  readonly user_name: string
  readonly target_id: string
  readonly target_name: string
  /** Sealed JSON. */
  readonly sealed_subject: string
  readonly approvers: string
  readonly state: string
  readonly created_at_ms: number
  readonly expires_at_ms: number
  readonly decided_by: string | null
  readonly decided_at_ms: number | null
  readonly note: string
  readonly valid_until_ms: number | null
  readonly once: Flag
}

export interface ApiTokensTable {
  readonly id: string
  readonly user_id: string
  readonly label: string
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string
  readonly created_at_ms: number
  readonly expires_at_ms: number
  readonly last_used_at_ms: number | null
}

/** Queries that people keep. */
export interface SavedQueriesTable {
  readonly id: string
  readonly owner_id: string
  /** Name and text. */
  readonly sealed: string
  readonly target_id: string | null
  readonly changed_at_ms: number
}

/** Groups that they are shared with. */
export interface SavedQueryGroupsTable {
  readonly query_id: string
  readonly group_id: string
}

/** What servers of one database tell each other; kept for a few seconds. Times are the database's. */
export interface ServerMessagesTable {
  readonly id: Generated<number>
  readonly server_id: string
  readonly topic: string
  readonly payload: string
  readonly at_ms: number
}

/** What passed at a server while somebody watched at another. */
export interface ServerLiveTable {
  readonly id: Generated<number>
  readonly server_id: string
  /** JSON array. */
  readonly events: string
  readonly at_ms: number
}

/** Who is inside of each server, told anew every moment. */
export interface ServerSessionsTable {
  readonly server_id: string
  /** JSON array. */
  readonly sessions: string
  readonly seen_at_ms: number
}

export interface QueryRulesTable {
  readonly version: number
  /** JSON array. */
  readonly rules: string
  readonly saved_by: string
  readonly saved_at_ms: number
}

export interface DailyUsageTable {
  /** `2026-07-01`. */
  readonly day: string
  readonly user_id: string
  readonly target_id: string
  readonly row_count: number
  readonly byte_count: number
}

export interface DevicesTable {
  readonly id: string
  readonly user_id: string
  readonly name: string
  readonly system_name: string
  /** DER in base64. */
  readonly public_key: string
  readonly created_at_ms: number
  readonly signed_in_until_ms: number
  readonly last_seen_at_ms: number
  readonly last_address: string
}

export interface DeviceGrantsTable {
  /** SHA-256 of the code that the device holds, hexadecimal. */
  readonly hash: string
  readonly user_code: string | null
  readonly challenge: string
  readonly name: string
  readonly system_name: string
  readonly address: string
  readonly state: string
  readonly user_id: string | null
  readonly expires_at_ms: number
}

/** By what statements of a plan are found, in lower case. */
export interface AuditPlanTermsTable {
  readonly field: string
  readonly term: string
  readonly chain: string
  readonly sequence: number
}

export interface AuditFiltersTable {
  readonly id: string
  readonly owner_id: string
  readonly name: string
  /** As it stands in the address of the page. */
  readonly search: string
  readonly shared: Flag
  readonly changed_at_ms: number
}

/** One row. */
export interface DeviceAuthorityTable {
  readonly id: number
  readonly sealed_key: string
  readonly certificate: string
}

export interface Tables {
  readonly devices: DevicesTable
  readonly device_grants: DeviceGrantsTable
  readonly device_authority: DeviceAuthorityTable
  readonly users: UsersTable
  readonly sign_in_attempts: SignInAttemptsTable
  readonly user_groups: UserGroupsTable
  readonly memberships: MembershipsTable
  readonly console_sessions: ConsoleSessionsTable
  readonly tokens: TokensTable
  readonly targets: TargetsTable
  readonly tag_definitions: TagDefinitionsTable
  readonly column_tags: ColumnTagsTable
  readonly policies: PoliciesTable
  readonly sealed_keys: SealedKeysTable
  readonly write_checks: WriteChecksTable
  readonly audit_positions: AuditPositionsTable
  readonly audit_sessions: AuditSessionsTable
  readonly audit_plans: AuditPlansTable
  readonly audit_texts: AuditTextsTable
  readonly audit_events: AuditEventsTable
  readonly audit_plan_terms: AuditPlanTermsTable
  readonly audit_filters: AuditFiltersTable
  readonly requests: RequestsTable & { readonly number: Generated<number> }
  readonly api_tokens: ApiTokensTable
  readonly saved_queries: SavedQueriesTable
  readonly saved_query_groups: SavedQueryGroupsTable
  readonly server_messages: ServerMessagesTable
  readonly server_sessions: ServerSessionsTable
  readonly server_live: ServerLiveTable
  readonly query_rules: QueryRulesTable
  readonly daily_usage: DailyUsageTable
  readonly snapshots: SnapshotsTable
}
