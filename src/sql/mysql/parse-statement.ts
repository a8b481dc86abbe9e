// One statement, by its first words.

import { at, type Cursor, deeper, startOf, unknown, wordAt } from './parse-cursor.ts'
import { insert, load, remove, update } from './parse-dml.ts'
import { query, queryWith, with_ } from './parse-query.ts'
import type { Statement } from './syntax.ts'

export function statement(c: Cursor): Statement {
  return deeper(c, anyStatement)
}

function anyStatement(c: Cursor): Statement {
  const start = startOf(c)
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
    case 'LOAD':
      return load(c)
    default:
      throw unknown(c)
  }
}

function withStatement(c: Cursor): Statement {
  const start = startOf(c)
  const withClause = with_(c)
  if (!c.mariadb && at(c, 'UPDATE')) return update(c, withClause, start)
  if (!c.mariadb && at(c, 'DELETE')) return remove(c, withClause, start)
  return queryWith(c, withClause, start)
}
