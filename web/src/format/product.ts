// What a protocol is called, and what goes with it.

import type { TargetProtocol } from '../../../src/console/contract.ts'

export const productOf: Readonly<Record<TargetProtocol, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL / MariaDB',
}

export const usualPorts: Readonly<Record<TargetProtocol, number>> = { postgres: 5432, mysql: 3306 }

/** What a server says of its version, with the product's name. */
export function versionWords(protocol: TargetProtocol, version: string): string {
  const mariadb = /(\d+\.\d+\.\d+)-mariadb/i.exec(version)
  if (mariadb?.[1] !== undefined) return `MariaDB ${mariadb[1]}`
  if (protocol === 'mysql') return `MySQL ${version}`
  return `PostgreSQL ${version.replace(/^PostgreSQL\s+/, '')}`
}

/** A name as the target's SQL wants it: quoted unless it is plain. */
export function sqlName(protocol: TargetProtocol, name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name
  return protocol === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

/** The schema whose tables need not be named with it: in MySQL a schema is a database. */
export function defaultSchema(target: {
  readonly protocol: TargetProtocol
  readonly database: string
}): string {
  return target.protocol === 'mysql' ? target.database : 'public'
}
