// The SQL of MySQL and MariaDB.

import type { Dialect } from '../dialect.ts'

const unread = {
  code: 'statement.unreadable',
  message: 'MySQL is not read yet.',
  position: undefined,
} as const

export const mysqlDialect: Dialect = {
  name: 'mysql',
  index: snapshot => ({ snapshot }),
  initialState: { key: '' },
  read: () => ({ kind: 'unreadable', problem: unread, shape: '', unknownName: false }),
  rewrite: () => ({ kind: 'refused', problem: unread }),
  follow: state => state,
}
