// The first tables: people, targets, tags, policies, sealed keys.

import {
  createIndex,
  createTable,
  type DatabaseKind,
  type Schemaless,
  type Step,
  types,
} from './migration.ts'

export const start: Step = {
  name: '001-start',
  async up(database, kind) {
    await createAccess(database, kind)
    await createCatalog(database, kind)
    await createRest(database, kind)
  },
}

async function createAccess(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'users')
    .addColumn('id', types.id, column => column.primaryKey().notNull())
    .addColumn('name', types.name(64), column => column.notNull().unique())
    .addColumn('display_name', types.name(200), column => column.notNull())
    .addColumn('email', types.name(320))
    .addColumn('role', types.name(20), column => column.notNull())
    .addColumn('disabled', types.flag, column => column.notNull())
    .addColumn('password_hash', types.name(400), column => column.notNull())
    .addColumn('must_change_password', types.flag, column => column.notNull())
    .addColumn('token_salt', types.name(64), column => column.notNull())
    .addColumn('last_sign_in_at_ms', types.timeMs)
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .execute()
  await createTable(database, kind, 'sign_in_attempts')
    .addColumn('name_hash', types.hash, column => column.primaryKey().notNull())
    .addColumn('failures', types.integer, column => column.notNull())
    .addColumn('last_at_ms', types.timeMs, column => column.notNull())
    .addColumn('locked_until_ms', types.timeMs)
    .execute()
  await createTable(database, kind, 'user_groups')
    .addColumn('id', types.id, column => column.primaryKey().notNull())
    .addColumn('name', types.name(64), column => column.notNull().unique())
    .addColumn('description', types.name(1000), column => column.notNull())
    .execute()
  await createTable(database, kind, 'memberships')
    .addColumn('user_id', types.id, column => column.notNull())
    .addColumn('group_id', types.id, column => column.notNull())
    .addPrimaryKeyConstraint('memberships_key', ['user_id', 'group_id'])
    .addForeignKeyConstraint('memberships_user', ['user_id'], 'users', ['id'], key => key.onDelete('cascade'))
    .addForeignKeyConstraint('memberships_group', ['group_id'], 'user_groups', ['id'], key =>
      key.onDelete('cascade'),
    )
    .execute()
  await createTable(database, kind, 'console_sessions')
    .addColumn('hash', types.hash, column => column.primaryKey().notNull())
    .addColumn('user_id', types.id, column => column.notNull())
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .addColumn('seen_at_ms', types.timeMs, column => column.notNull())
    .addForeignKeyConstraint('console_sessions_user', ['user_id'], 'users', ['id'], key =>
      key.onDelete('cascade'),
    )
    .execute()
  await createTable(database, kind, 'tokens')
    .addColumn('id', types.id, column => column.primaryKey().notNull())
    .addColumn('user_id', types.id, column => column.notNull())
    .addColumn('label', types.name(200), column => column.notNull())
    .addColumn('targets', types.text, column => column.notNull())
    .addColumn('stored_key', types.name(64), column => column.notNull())
    .addColumn('server_key', types.name(64), column => column.notNull())
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .addColumn('expires_at_ms', types.timeMs, column => column.notNull())
    .addColumn('last_used_at_ms', types.timeMs)
    .addForeignKeyConstraint('tokens_user', ['user_id'], 'users', ['id'], key => key.onDelete('cascade'))
    .execute()
  await createIndex(database, kind, 'tokens', ['user_id'])
  await createIndex(database, kind, 'console_sessions', ['user_id'])
  await createIndex(database, kind, 'sign_in_attempts', ['last_at_ms'])
}

async function createCatalog(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'targets')
    .addColumn('id', types.id, column => column.primaryKey().notNull())
    .addColumn('name', types.name(64), column => column.notNull().unique())
    .addColumn('protocol', types.name(20), column => column.notNull())
    .addColumn('host', types.name(255), column => column.notNull())
    .addColumn('port', types.integer, column => column.notNull())
    .addColumn('database_name', types.name(255), column => column.notNull())
    .addColumn('account', types.name(255), column => column.notNull())
    .addColumn('tls', types.name(20), column => column.notNull())
    .addColumn('tls_ca', types.text)
    .addColumn('tags', types.text, column => column.notNull())
    .addColumn('listen_port', types.integer, column => column.notNull().unique())
    .addColumn('disabled', types.flag, column => column.notNull())
    .addColumn('sealed_password', types.text, column => column.notNull())
    .execute()
  await createTable(database, kind, 'tag_definitions')
    .addColumn('name', types.name(100), column => column.primaryKey().notNull())
    .addColumn('description', types.name(1000), column => column.notNull())
    .addColumn('sensitive', types.flag, column => column.notNull())
    .addColumn('mask', types.name(20), column => column.notNull())
    .execute()
  await createTable(database, kind, 'column_tags')
    .addColumn('target_id', types.id, column => column.notNull())
    .addColumn('column_key', types.hash, column => column.notNull())
    .addColumn('schema_name', types.name(255), column => column.notNull())
    .addColumn('table_name', types.name(255), column => column.notNull())
    .addColumn('column_name', types.name(255), column => column.notNull())
    .addColumn('relation_oid', types.integer)
    .addColumn('column_number', types.integer)
    .addColumn('tags', types.text, column => column.notNull())
    .addPrimaryKeyConstraint('column_tags_key', ['target_id', 'column_key'])
    .addForeignKeyConstraint('column_tags_target', ['target_id'], 'targets', ['id'], key =>
      key.onDelete('cascade'),
    )
    .execute()
}

async function createRest(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'policies')
    .addColumn('version', types.integer, column => column.primaryKey().notNull())
    .addColumn('text', types.text, column => column.notNull())
    .addColumn('note', types.name(1000), column => column.notNull())
    .addColumn('saved_by', types.name(64), column => column.notNull())
    .addColumn('saved_at_ms', types.timeMs, column => column.notNull())
    .execute()
  await createTable(database, kind, 'sealed_keys')
    .addColumn('id', types.name(64), column => column.primaryKey().notNull())
    .addColumn('sealed', types.text, column => column.notNull())
    .addColumn('created_at_ms', types.timeMs, column => column.notNull())
    .execute()
  await createTable(database, kind, 'write_checks')
    .addColumn('id', types.integer, column => column.primaryKey().notNull())
    .addColumn('beats', types.integer, column => column.notNull())
    .execute()
  const there = await database.selectFrom('write_checks').select('id').executeTakeFirst()
  if (there === undefined) await database.insertInto('write_checks').values({ id: 1, beats: 0 }).execute()
}
