// The tables of the server database, as Kysely sees them. Ids are char(36), times bigint milliseconds, JSON is text.

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
  readonly sign_in_failures: number
  readonly locked_until_ms: number | null
  readonly last_sign_in_at_ms: number | null
  readonly created_at_ms: number
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
  readonly listen_port: number
  readonly disabled: Flag
  readonly sealed_password: string
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

export interface Tables {
  readonly users: UsersTable
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
}
