// What the account may do, as far as the picture depends on it. Pure.

import type { RightRow, SchemaRows } from './catalog-rows.ts'

/** With one of them somebody reads or writes files, sees the statements of others, or becomes somebody else. */
const strongRights = new Set([
  'SUPER',
  'FILE',
  'PROCESS',
  'SHUTDOWN',
  'CREATE USER',
  'SET USER',
  'SET_USER_ID',
  'SET_ANY_DEFINER',
  'SYSTEM_USER',
  'SYSTEM_VARIABLES_ADMIN',
  'BINLOG ADMIN',
  'BINLOG REPLAY',
  'BINLOG_ADMIN',
  'CONNECTION ADMIN',
  'CONNECTION_ADMIN',
  'FEDERATED ADMIN',
  'REPLICATION CLIENT',
  'REPLICATION SLAVE',
  'REPLICATION MASTER ADMIN',
  'REPLICATION SLAVE ADMIN',
  'REPLICATION_SLAVE_ADMIN',
  'REPLICATION_APPLIER',
])

export interface Rights {
  readonly privileged: boolean
  /** Whether it would be told of a trigger of this table. */
  seesTriggers(schema: string, relation: string): boolean
}

export function rightsOf(rows: Pick<SchemaRows, 'facts' | 'rights' | 'roles'>): Rights {
  const own = rows.rights.filter(row => isOwn(rows, row))
  const triggers = own.filter(row => row.right === 'TRIGGER')
  const patterns = triggers.map(row => ({
    relation: row.relation,
    matches: row.relation === null ? schemaPattern(row.schemaPattern) : literally(row.schemaPattern),
  }))
  return {
    privileged: own.some(row => row.schemaPattern === null && strongRights.has(row.right)),
    seesTriggers: (schema, relation) =>
      patterns.some(one => one.matches(schema) && (one.relation === null || one.relation === relation)),
  }
}

/** An account that may read the tables of rights is told those of everybody. */
function isOwn({ facts, roles }: Pick<SchemaRows, 'facts' | 'roles'>, row: RightRow): boolean {
  const at = facts.account.lastIndexOf('@')
  const self = `'${facts.account.slice(0, at)}'@'${facts.account.slice(at + 1)}'`
  return (
    row.grantee === self || roles.some(({ role }) => role !== null && row.grantee.startsWith(`'${role}'@`))
  )
}

const literally = (name: string | null) => (schema: string) => name === schema

/** `%` and `_` as in LIKE, `\\` before one that is meant. */
function schemaPattern(pattern: string | null): (schema: string) => boolean {
  if (pattern === null) return () => true
  const source = pattern.replace(/\\?[\s\S]/g, piece => {
    if (piece === '%') return '[\\s\\S]*'
    if (piece === '_') return '[\\s\\S]'
    return literal(piece.length === 2 ? piece.slice(1) : piece)
  })
  const exact = new RegExp(`^${source}$`)
  return schema => exact.test(schema)
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
