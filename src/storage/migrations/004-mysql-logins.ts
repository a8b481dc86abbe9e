// What MySQL's methods of login check connection tokens by. Tokens made before have none.

import { addColumn, type Step, types } from './migration.ts'

export const mysqlLogins: Step = {
  name: '004-mysql-logins',
  async up(database, kind) {
    await addColumn(database, kind, 'tokens', 'mysql_native', types.name(64))
    await addColumn(database, kind, 'tokens', 'mysql_sha2', types.name(64))
  },
}
