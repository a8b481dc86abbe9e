// Kysely over mysql2, for MySQL and MariaDB: every connection strict, in UTC and in utf8mb4 before it is used.

import { isIP } from 'node:net'
import { type Dialect, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2'
import type { Secret } from '../core/secret.ts'

export interface MysqlConfig {
  readonly kind: 'mysql'
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: Secret
  /** `undefined`: no TLS. `ca`: PEM certificates that the server's must chain to; without it those of the system. */
  readonly tls?: { readonly ca?: string }
}

const connectionsMax = 10
const waitingMax = 1_000
const connectTimeoutMs = 10_000

/** The escaping of mysql2 is right only without NO_BACKSLASH_ESCAPES, so the mode is never left to the server. */
const prepareSession = `set session
  sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',
  time_zone = '+00:00'`

/** @throws Error  what to change, if the server could not be held to its name */
export function createMysqlDialect(config: MysqlConfig): Dialect {
  // mysql2 would hold the certificate of an address against the name `localhost`.
  if (config.tls !== undefined && isIP(config.host) !== 0) {
    throw new Error(
      `the server database is at ${config.host}: with TLS give its name, which its certificate can prove`,
    )
  }
  const options: PoolOptions = {
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.user,
    password: config.password.reveal(),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectionLimit: connectionsMax,
    queueLimit: waitingMax,
    connectTimeout: connectTimeoutMs,
    multipleStatements: false,
    stringifyObjects: true,
    ...(config.tls === undefined
      ? {}
      : { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...config.tls } }),
  }
  const pool = createPool(options)
  const ready = new WeakSet<PoolConnection>()
  const strictPool: MysqlPool = {
    end: callback => pool.end(callback),
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error !== null || ready.has(connection)) return callback(error, connection as MysqlPoolConnection)
        connection.query(prepareSession, refusal => {
          if (refusal !== null) {
            connection.destroy()
            return callback(refusal, connection as MysqlPoolConnection)
          }
          ready.add(connection)
          callback(null, connection as MysqlPoolConnection)
        })
      })
    },
  }
  return new MysqlDialect({ pool: strictPool })
}
