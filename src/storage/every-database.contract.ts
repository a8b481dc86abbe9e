// The databases that every contract suite of this room runs on: SQLite in a file, and a real MariaDB.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { startMariadb, type Mariadb } from '../../test/support/mariadb.ts'
import { Secret } from '../core/secret.ts'
import { type Database, type DatabaseConfig, openDatabase } from './database.ts'

/** Runs a suite once for each kind of database; `open` gives an open, empty one and closes it at the end of the suite. */
export function onEveryDatabase(
  title: string,
  suite: (place: {
    readonly open: () => Promise<Database>
    readonly place: () => Promise<DatabaseConfig>
  }) => void,
): void {
  describe(`${title} on SQLite`, () => {
    const folders: string[] = []
    const opened: Database[] = []
    const place = async (): Promise<DatabaseConfig> => {
      const folder = await mkdtemp(join(tmpdir(), 'sekisho-sqlite-'))
      folders.push(folder)
      return { kind: 'sqlite', file: join(folder, 'sekisho.db') }
    }
    after(async () => {
      for (const database of opened) await database.close()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    })
    suite({ place, open: () => opening(place, opened) })
  })
  describe(`${title} on MariaDB`, () => {
    let server: Mariadb
    let databases = 0
    const opened: Database[] = []
    const place = async (): Promise<DatabaseConfig> => {
      const database = `sekisho_${++databases}`
      await server.createDatabase(database)
      return {
        kind: 'mysql',
        host: server.host,
        port: server.port,
        database,
        user: server.user,
        password: new Secret(server.password),
      }
    }
    before(async () => {
      server = await startMariadb()
    })
    after(async () => {
      for (const database of opened) await database.close()
      await server.stop()
    })
    suite({ place, open: () => opening(place, opened) })
  })
}

async function opening(place: () => Promise<DatabaseConfig>, opened: Database[]): Promise<Database> {
  const database = await openDatabase(await place())
  opened.push(database)
  return database
}
