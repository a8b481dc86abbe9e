// Targets in the server database.

import type { StoredTarget, TargetStore } from '../catalog/target-store.ts'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import type { JumpHost, Target, TlsMode } from '../core/target.ts'
import type { Database } from './database.ts'
import { flag, isDuplicate, orUndefined } from './rows.ts'
import type { TargetsTable } from './tables.ts'

export function createTargetStore({ query }: Database): TargetStore {
  return {
    async list() {
      return (await query.selectFrom('targets').selectAll().orderBy('name').execute()).map(storedTarget)
    },
    async page(after, count) {
      const rows = await query
        .selectFrom('targets')
        .select(plainColumns)
        .where('name', '>', after)
        .orderBy('name')
        .limit(count)
        .execute()
      return rows.map(targetOf)
    },
    async get(id) {
      const row = await query.selectFrom('targets').selectAll().where('id', '=', id).executeTakeFirst()
      return row && storedTarget(row)
    },
    async byName(name) {
      const row = await query.selectFrom('targets').selectAll().where('name', '=', name).executeTakeFirst()
      return row && storedTarget(row)
    },
    async add(stored) {
      const { id, listenPort, name } = stored.target
      try {
        await query
          .insertInto('targets')
          .values({ id, listen_port: listenPort ?? null, ...columnsOf(stored) })
          .execute()
        return 'added'
      } catch (error) {
        if (!isDuplicate(error)) throw error
        const other = await query
          .selectFrom('targets')
          .select('id')
          .where('name', '=', name)
          .executeTakeFirst()
        return other === undefined ? 'port taken' : 'name taken'
      }
    },
    async replace(stored) {
      try {
        const { id, name } = stored.target
        const written = await query
          .updateTable('targets')
          .set(columnsOf(stored))
          .where('id', '=', id)
          .executeTakeFirst()
        if (written.numUpdatedRows === 0n) throw new GatewayError('not-found', name)
      } catch (error) {
        if (isDuplicate(error)) throw new GatewayError('conflict', stored.target.name, { cause: error })
        throw error
      }
    },
    async setPort(id, port) {
      try {
        await query
          .updateTable('targets')
          .set({ listen_port: port ?? null })
          .where('id', '=', id)
          .executeTakeFirst()
        return 'set'
      } catch (error) {
        if (isDuplicate(error)) return 'port taken'
        throw error
      }
    },
    async remove(id) {
      const gone = await query.deleteFrom('targets').where('id', '=', id).executeTakeFirst()
      if (gone.numDeletedRows === 0n) throw new GatewayError('not-found', 'target')
    },
  }
}

function columnsOf({ target, sealedPassword, sealedJumpSecret }: StoredTarget) {
  return {
    name: target.name,
    protocol: target.protocol,
    host: target.host,
    port: target.port,
    database_name: target.database,
    account: target.account,
    tls: target.tls,
    tls_ca: target.tlsCa ?? null,
    tags: JSON.stringify(target.tags),
    disabled: flag(target.disabled),
    sealed_password: sealedPassword,
    jump: target.jump === undefined ? null : JSON.stringify(target.jump),
    sealed_jump_secret: sealedJumpSecret ?? null,
    send_proxy: flag(target.sendProxy === true),
    snapshot_rows_max: target.snapshotRowsMax ?? null,
  }
}

const plainColumns = [
  'id',
  'name',
  'protocol',
  'host',
  'port',
  'database_name',
  'account',
  'tls',
  'tls_ca',
  'tags',
  'listen_port',
  'disabled',
  'jump',
  'send_proxy',
  'snapshot_rows_max',
] as const

function targetOf(row: Pick<TargetsTable, (typeof plainColumns)[number]>): Target {
  return {
    id: row.id as TargetId,
    name: row.name,
    protocol: row.protocol as Target['protocol'],
    host: row.host,
    port: row.port,
    database: row.database_name,
    account: row.account,
    tls: row.tls as TlsMode,
    tlsCa: orUndefined(row.tls_ca),
    tags: JSON.parse(row.tags) as Record<string, string>,
    listenPort: orUndefined(row.listen_port),
    disabled: row.disabled === 1,
    ...(row.jump !== null && { jump: JSON.parse(row.jump) as JumpHost }),
    ...(row.send_proxy === 1 && { sendProxy: true }),
    ...(row.snapshot_rows_max !== null && { snapshotRowsMax: Number(row.snapshot_rows_max) }),
  }
}

function storedTarget(row: TargetsTable): StoredTarget {
  return {
    target: targetOf(row),
    sealedPassword: row.sealed_password,
    ...(row.sealed_jump_secret !== null && { sealedJumpSecret: row.sealed_jump_secret }),
  }
}
