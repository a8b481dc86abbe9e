// Targets without a port of their own: there are fewer ports than there may be targets.

import { sql } from 'kysely'
import type { Schemaless, Step } from './migration.ts'

export const exposedTargets: Step = {
  name: '010-exposed-targets',
  async up(database, kind) {
    if (kind === 'mysql') await sql`alter table targets modify listen_port bigint null`.execute(database)
    else await rebuild(database)
  },
}

/** SQLite cannot change a column. Dropping the old table takes the tags of its columns along, so they are kept aside. */
async function rebuild(database: Schemaless): Promise<void> {
  const { rows } = await sql<{ readonly text: string }>`
    select sql as text from sqlite_schema where type = 'table' and name = 'targets'`.execute(database)
  const before = rows[0]?.text ?? ''
  const made = before
    .replace('CREATE TABLE "targets"', 'CREATE TABLE "targets_next"')
    .replace('"listen_port" bigint not null unique', '"listen_port" bigint unique')
  if (!made.includes('"listen_port" bigint unique'))
    throw new Error('the table of targets is not as expected')
  await sql.raw(made).execute(database)
  await sql`insert into targets_next select * from targets`.execute(database)
  await sql`create temporary table kept_tags as select * from column_tags`.execute(database)
  await sql`drop table targets`.execute(database)
  await sql`alter table targets_next rename to targets`.execute(database)
  await sql`insert or ignore into column_tags select * from kept_tags`.execute(database)
  await sql`drop table kept_tags`.execute(database)
}
