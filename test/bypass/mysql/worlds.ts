// Both worlds in real servers of MariaDB. A row that changed one is undone by making it anew.

import { Secret } from '../../../src/core/secret.ts'
import { readMysqlSchema } from '../../../src/sources/mysql/index.ts'
import type { SchemaSnapshot } from '../../../src/sql/schema.ts'
import { type Mariadb, startMariadb } from '../../support/mariadb.ts'
import type { World } from '../world.ts'
import { MysqlWire, type MysqlAccount } from './wire.ts'
import { worldSql } from './world.ts'

export interface RunningWorld {
  readonly server: Mariadb
  /** May do everything: it must be Sekisho that refuses. */
  readonly account: MysqlAccount
  snapshot(): Promise<SchemaSnapshot>
  /** Makes it as it was. */
  reset(): Promise<void>
}

const databases = ['shop', 'crm', 'archive', 'work']

export async function startWorld(world: World): Promise<RunningWorld> {
  const server = await startMariadb()
  const password = 'of-the-gateway'
  await server.asRoot(
    `CREATE USER app@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO app@'127.0.0.1' WITH GRANT OPTION;
     SET GLOBAL innodb_stats_auto_recalc = 0`,
  )
  await server.asRoot(worldSql(world))
  const account: MysqlAccount = {
    host: server.host,
    port: server.port,
    user: 'app',
    password,
    database: 'shop',
  }
  return {
    server,
    account,
    snapshot: () =>
      readMysqlSchema({
        ...account,
        account: 'app',
        password: new Secret(password),
        tls: 'disable',
        tlsCa: undefined,
      }),
    async reset() {
      const drops = databases.map(name => `DROP DATABASE IF EXISTS ${name}`).join('; ')
      await server.asRoot(`${drops}; ${worldSql(world)}`)
    },
  }
}

/** A connection to the world itself, without Sekisho. */
export const connectTo = (world: RunningWorld): Promise<MysqlWire> => MysqlWire.open(world.account)
