// Requests, tokens for programs that administer, and what servers of one database tell each other.

import { sql } from 'kysely'
import {
  createIndex,
  createTable,
  type DatabaseKind,
  type Schemaless,
  type Step,
  types,
} from './migration.ts'

export const requests: Step = {
  name: '003-requests',
  async up(database, kind) {
    await createRequests(database, kind)
    await createApiTokens(database, kind)
    await createServers(database, kind)
  },
}

/** Counts up by itself; SQLite wants exactly this word for it. */
const numberType = (kind: DatabaseKind) => (kind === 'sqlite' ? sql`integer` : sql`bigint`)

async function createRequests(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'requests')
    .addColumn('number', numberType(kind), column => column.primaryKey().autoIncrement().notNull())
    .addColumn('id', types.id, column => column.notNull().unique())
    .addColumn('wish_key', types.hash, column => column.notNull())
    // The same wish is open once only: empty as soon as it is decided.
    .addColumn('open_key', types.hash, column => column.unique())
    .addColumn('kind', types.name(20), column => column.notNull())
    .addColumn('user_id', types.id, column => column.notNull())
    .addColumn('user_name', types.name(64), column => column.notNull())
    .addColumn('target_id', types.id, column => column.notNull())
    .addColumn('target_name', types.name(64), column => column.notNull())
    .addColumn('sealed_subject', types.text, column => column.notNull())
    .addColumn('approvers', types.name(64), column => column.notNull())
    .addColumn('state', types.name(20), column => column.notNull())
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .addColumn('expires_at_ms', types.timeMs, column => column.notNull())
    .addColumn('decided_by', types.name(64))
    .addColumn('decided_at_ms', types.timeMs)
    .addColumn('note', types.name(1000), column => column.notNull())
    .addColumn('valid_until_ms', types.timeMs)
    .addColumn('once', types.flag, column => column.notNull())
    .execute()
  await createIndex(database, kind, 'requests', ['wish_key', 'number'])
  await createIndex(database, kind, 'requests', ['state', 'number'])
  await createIndex(database, kind, 'requests', ['user_id', 'number'])
}

async function createApiTokens(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'api_tokens')
    .addColumn('id', types.id, column => column.primaryKey().notNull())
    .addColumn('user_id', types.id, column => column.notNull())
    .addColumn('label', types.name(200), column => column.notNull())
    .addColumn('hash', types.hash, column => column.notNull().unique())
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .addColumn('expires_at_ms', types.timeMs, column => column.notNull())
    .addColumn('last_used_at_ms', types.timeMs)
    .addForeignKeyConstraint('api_tokens_user', ['user_id'], 'users', ['id'], key => key.onDelete('cascade'))
    .execute()
  await createIndex(database, kind, 'api_tokens', ['user_id'])
}

async function createServers(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'server_messages')
    .addColumn('id', numberType(kind), column => column.primaryKey().autoIncrement().notNull())
    .addColumn('server_id', types.id, column => column.notNull())
    .addColumn('topic', types.name(20), column => column.notNull())
    .addColumn('payload', types.name(255), column => column.notNull())
    .addColumn('at_ms', types.timeMs, column => column.notNull())
    .execute()
  await createIndex(database, kind, 'server_messages', ['at_ms'])
  await createTable(database, kind, 'server_sessions')
    .addColumn('server_id', types.id, column => column.primaryKey().notNull())
    .addColumn('sessions', types.text, column => column.notNull())
    .addColumn('seen_at_ms', types.timeMs, column => column.notNull())
    .execute()
}
