// One statement, by its first words.

import { administerRest, drop, flush, help, purge, rename, truncate } from './parse-administration.ts'
import { cacheIndex, maintain } from './parse-maintenance.ts'
import { compoundStatement } from './parse-body.ts'
import { getDiagnostics, signal } from './parse-diagnostics.ts'
import { alter, create } from './parse-create.ts'
import { at, atNext, type Cursor, deeper, startOf, unknown, wordAt } from './parse-cursor.ts'
import { grant } from './parse-grant.ts'
import { insert, load, remove, update } from './parse-dml.ts'
import { set } from './parse-set.ts'
import {
  callProcedure,
  deallocate,
  doExpressions,
  execute,
  handler,
  kill,
  lockTables,
  prepare,
  transaction,
  unlockTables,
  use,
  xa,
} from './parse-session.ts'
import { explain } from './parse-explain.ts'
import { show } from './parse-show.ts'
import { query, queryWith, with_ } from './parse-query.ts'
import type { Statement } from './syntax.ts'

export function statement(c: Cursor): Statement {
  return deeper(c, anyStatement)
}

function anyStatement(c: Cursor): Statement {
  const start = startOf(c)
  const compound = compoundStatement(c)
  if (compound !== undefined) return compound
  switch (wordAt(c)) {
    case 'SELECT':
    case '(':
    case 'VALUES':
      return query(c)
    case 'WITH':
      return withStatement(c)
    case 'INSERT':
    case 'REPLACE':
      return insert(c)
    case 'UPDATE':
      return update(c, undefined, start)
    case 'DELETE':
      return remove(c, undefined, start)
    case 'TABLE':
      return query(c)
    case 'LOAD':
      return atNext(c, 'INDEX') ? cacheIndex(c) : load(c)
    case 'SET':
      return set(c)
    case 'SHOW':
      return show(c)
    case 'EXPLAIN':
    case 'DESCRIBE':
    case 'DESC':
      return explain(c)
    case 'USE':
      return use(c)
    case 'DO':
      return doExpressions(c)
    case 'CALL':
      return callProcedure(c)
    case 'START':
      return atNext(c, 'TRANSACTION') ? transaction(c) : administerRest(c)
    case 'BEGIN':
    case 'COMMIT':
    case 'ROLLBACK':
    case 'SAVEPOINT':
    case 'RELEASE':
      return transaction(c)
    case 'XA':
      return xa(c)
    case 'LOCK':
      return lockTables(c)
    case 'UNLOCK':
      return unlockTables(c)
    case 'PREPARE':
      return prepare(c)
    case 'EXECUTE':
      return execute(c)
    case 'DEALLOCATE':
      return deallocate(c)
    case 'KILL':
      return kill(c)
    case 'HANDLER':
      return handler(c)
    default:
      return definition(c)
  }
}

/** Definitions and what administrators do. */
function definition(c: Cursor): Statement {
  switch (wordAt(c)) {
    case 'CREATE':
      return create(c)
    case 'ALTER':
      return alter(c)
    case 'DROP':
      return atNext(c, 'PREPARE') ? deallocate(c) : drop(c)
    case 'RENAME':
      return rename(c)
    case 'TRUNCATE':
      return truncate(c)
    case 'ANALYZE':
      return isMaintenance(c) ? maintain(c) : explain(c)
    case 'CHECK':
    case 'OPTIMIZE':
    case 'REPAIR':
    case 'CHECKSUM':
      return maintain(c)
    case 'CACHE':
      return cacheIndex(c)
    case 'GRANT':
    case 'REVOKE':
      return grant(c)
    case 'FLUSH':
      return flush(c)
    case 'PURGE':
      return purge(c)
    case 'RESET':
    case 'CHANGE':
    case 'STOP':
    case 'INSTALL':
    case 'UNINSTALL':
    case 'BINLOG':
    case 'SHUTDOWN':
    case 'RESTART':
    case 'CLONE':
    case 'IMPORT':
    case 'BACKUP':
      return administerRest(c)
    case 'HELP':
      return help(c)
    case 'SIGNAL':
    case 'RESIGNAL':
      return signal(c)
    case 'GET':
      return getDiagnostics(c)
    default:
      throw unknown(c)
  }
}

/** `ANALYZE [LOCAL] TABLE`, not `ANALYZE SELECT`. */
function isMaintenance(c: Cursor): boolean {
  const word = wordAt(c, 1)
  return word === 'TABLE' || word === 'TABLES' || word === 'LOCAL' || word === 'NO_WRITE_TO_BINLOG'
}

function withStatement(c: Cursor): Statement {
  const start = startOf(c)
  const withClause = with_(c)
  if (!c.mariadb && at(c, 'UPDATE')) return update(c, withClause, start)
  if (!c.mariadb && at(c, 'DELETE')) return remove(c, withClause, start)
  return queryWith(c, withClause, start)
}
