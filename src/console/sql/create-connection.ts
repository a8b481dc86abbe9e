// The driver for the protocol of a target.

import type { TargetProtocol } from '../../core/target.ts'
import { createMysqlConnection } from './mysql-connection.ts'
import { createPostgresConnection } from './postgres-connection.ts'
import type { ConnectionParts, TargetConnection } from './target-connection.ts'

const drivers: Readonly<Record<TargetProtocol, (parts: ConnectionParts) => TargetConnection>> = {
  postgres: createPostgresConnection,
  mysql: createMysqlConnection,
}

export const createConnection = (protocol: TargetProtocol, parts: ConnectionParts): TargetConnection =>
  drivers[protocol](parts)
