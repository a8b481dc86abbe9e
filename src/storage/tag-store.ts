// Tags in the server database.

import { createHash } from 'node:crypto'
import type { StoredColumnTags, TagStore } from '../catalog/tag-store.ts'
import type { TargetId } from '../core/ids.ts'
import type { MaskShape } from '../core/verdict.ts'
import type { TagDefinition } from '../policy/policy.ts'
import type { Database } from './database.ts'
import { flag, isDuplicate, orUndefined, transact } from './rows.ts'

export function createTagStore(database: Database): TagStore {
  const { query } = database
  return {
    async definitions() {
      const rows = await query.selectFrom('tag_definitions').selectAll().orderBy('name').execute()
      return rows.map(row => ({
        name: row.name,
        description: row.description,
        sensitive: row.sensitive === 1,
        mask: row.mask as MaskShape,
      }))
    },
    async define(tag) {
      await transact(database, async work => {
        await work.deleteFrom('tag_definitions').where('name', '=', tag.name).execute()
        await work.insertInto('tag_definitions').values(definitionRow(tag)).execute()
      })
    },
    async addMissing(tags) {
      const there = await query.selectFrom('tag_definitions').select('name').execute()
      const known = new Set(there.map(row => row.name))
      for (const tag of tags) {
        if (known.has(tag.name)) continue
        try {
          await query.insertInto('tag_definitions').values(definitionRow(tag)).execute()
        } catch (error) {
          if (!isDuplicate(error)) throw error
        }
      }
    },
    async columns(targetId) {
      const rows = await query
        .selectFrom('column_tags')
        .selectAll()
        .where('target_id', '=', targetId)
        .orderBy('schema_name')
        .orderBy('table_name')
        .orderBy('column_name')
        .execute()
      return rows.map(row => ({
        schema: row.schema_name,
        table: row.table_name,
        column: row.column_name,
        tags: JSON.parse(row.tags) as string[],
        relationOid: orUndefined(row.relation_oid),
        columnNumber: orUndefined(row.column_number),
      }))
    },
    async tagged() {
      const rows = await query.selectFrom('column_tags').select('target_id').distinct().execute()
      return rows.map(row => row.target_id as TargetId)
    },
    async set(targetId, column) {
      const key = columnKey(column)
      await transact(database, async work => {
        await work
          .deleteFrom('column_tags')
          .where('target_id', '=', targetId)
          .where('column_key', '=', key)
          .execute()
        if (column.tags.length === 0) return
        await work
          .insertInto('column_tags')
          .values({
            target_id: targetId,
            column_key: key,
            schema_name: column.schema,
            table_name: column.table,
            column_name: column.column,
            relation_oid: column.relationOid ?? null,
            column_number: column.columnNumber ?? null,
            tags: JSON.stringify(column.tags),
          })
          .execute()
      })
    },
  }
}

function definitionRow(tag: TagDefinition) {
  return {
    name: tag.name,
    description: tag.description,
    sensitive: flag(tag.sensitive),
    mask: tag.mask,
  }
}

function columnKey(column: StoredColumnTags): string {
  return createHash('sha256')
    .update(JSON.stringify([column.schema, column.table, column.column]))
    .digest('hex')
}
