// Devices with the user agent, sign-ins of devices that are not finished, and the authority that issues their certificates.

import { createIndex, createTable, type Step, types } from './migration.ts'

export const devices: Step = {
  name: '012-devices',
  async up(database, kind) {
    await createTable(database, kind, 'devices')
      .addColumn('id', types.id, column => column.primaryKey().notNull())
      .addColumn('user_id', types.id, column => column.notNull())
      .addColumn('name', types.name(64), column => column.notNull())
      .addColumn('system_name', types.name(100), column => column.notNull())
      .addColumn('public_key', types.name(255), column => column.notNull())
      .addColumn('created_at_ms', types.timeMs, column => column.notNull())
      .addColumn('signed_in_until_ms', types.timeMs, column => column.notNull())
      .addColumn('last_seen_at_ms', types.timeMs, column => column.notNull())
      .addColumn('last_address', types.name(64), column => column.notNull())
      .addForeignKeyConstraint('devices_user', ['user_id'], 'users', ['id'], key => key.onDelete('cascade'))
      .execute()
    await createIndex(database, kind, 'devices', ['user_id'])
    await createTable(database, kind, 'device_grants')
      .addColumn('hash', types.hash, column => column.primaryKey().notNull())
      .addColumn('user_code', types.name(16), column => column.unique())
      .addColumn('challenge', types.name(64), column => column.notNull())
      .addColumn('name', types.name(64), column => column.notNull())
      .addColumn('system_name', types.name(100), column => column.notNull())
      .addColumn('address', types.name(64), column => column.notNull())
      .addColumn('state', types.name(20), column => column.notNull())
      .addColumn('user_id', types.id)
      .addColumn('expires_at_ms', types.timeMs, column => column.notNull())
      .execute()
    await createIndex(database, kind, 'device_grants', ['expires_at_ms'])
    await createTable(database, kind, 'device_authority')
      .addColumn('id', types.integer, column => column.primaryKey().notNull())
      .addColumn('sealed_key', types.text, column => column.notNull())
      .addColumn('certificate', types.text, column => column.notNull())
      .execute()
  },
}
