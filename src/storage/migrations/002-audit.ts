// The audit as the journal carries it: what was done, by whom, and what statements have in common.

import { sql } from 'kysely'
import {
  createIndex,
  createTable,
  type DatabaseKind,
  type Schemaless,
  type Step,
  types,
} from './migration.ts'

export const audit: Step = {
  name: '002-audit',
  async up(database, kind) {
    await createPositions(database, kind)
    await createReferred(database, kind)
    await createEvents(database, kind)
  },
}

async function createPositions(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'audit_positions')
    .addColumn('chain', types.name(32), column => column.primaryKey().notNull())
    .addColumn('segment', types.integer, column => column.notNull())
    .addColumn('sequence', types.integer, column => column.notNull())
    .addColumn('hash', types.hash, column => column.notNull())
    .execute()
}

/** What many events refer to, by chain and position in it. */
async function createReferred(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'audit_sessions')
    .addColumn('chain', types.name(32), column => column.notNull())
    .addColumn('sequence', types.integer, column => column.notNull())
    .addColumn('address', types.text)
    .addColumn('program', types.text)
    .addColumn('credential', types.text)
    .addColumn('search', types.text, column => column.notNull())
    .addPrimaryKeyConstraint('audit_sessions_key', ['chain', 'sequence'])
    .execute()
  await createTable(database, kind, 'audit_plans')
    .addColumn('chain', types.name(32), column => column.notNull())
    .addColumn('sequence', types.integer, column => column.notNull())
    .addColumn('shape', types.text, column => column.notNull())
    .addColumn('verb', types.text, column => column.notNull())
    .addColumn('table_names', types.text, column => column.notNull())
    .addColumn('hidden', types.text, column => column.notNull())
    .addColumn('code', types.text)
    .addColumn('reason', types.text)
    .addColumn('decided_by', types.text, column => column.notNull())
    .addColumn('search', types.text, column => column.notNull())
    .addPrimaryKeyConstraint('audit_plans_key', ['chain', 'sequence'])
    .execute()
  await createTable(database, kind, 'audit_texts')
    .addColumn('chain', types.name(32), column => column.notNull())
    .addColumn('sequence', types.integer, column => column.notNull())
    .addColumn('sealed', types.text, column => column.notNull())
    .addPrimaryKeyConstraint('audit_texts_key', ['chain', 'sequence'])
    .execute()
}

async function createEvents(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createTable(database, kind, 'audit_events')
    .addColumn('chain', types.name(32), column => column.notNull())
    .addColumn('sequence', types.integer, column => column.notNull())
    .addColumn('hash', types.hash, column => column.notNull())
    .addColumn('id', types.name(64), column => column.notNull())
    .addColumn('at_ms', types.timeMs, column => column.notNull())
    .addColumn('kind', types.name(20), column => column.notNull())
    .addColumn('user_name', types.name(255))
    .addColumn('target_name', types.name(255))
    .addColumn('session_id', types.name(64))
    .addColumn('session_sequence', types.integer)
    .addColumn('plan_sequence', types.integer)
    .addColumn('texts_sequence', types.integer)
    .addColumn('text_index', types.integer)
    .addColumn('verdict', types.name(20))
    .addColumn('masked', types.flag, column => column.notNull())
    .addColumn('strength', types.name(20))
    .addColumn('row_count', types.integer)
    .addColumn('byte_count', types.integer)
    .addColumn('duration_ms', sql`double`)
    .addColumn('result', types.name(100))
    .addColumn('facts', types.text)
    .addColumn('search', types.text)
    .addPrimaryKeyConstraint('audit_events_key', ['chain', 'sequence'])
    .execute()
  await createIndex(database, kind, 'audit_events', ['id'])
  await createIndex(database, kind, 'audit_events', ['at_ms'])
  await createIndex(database, kind, 'audit_events', ['user_name', 'id'])
  await createIndex(database, kind, 'audit_events', ['session_id', 'id'])
}
