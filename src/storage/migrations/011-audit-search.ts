// Ways to find entries among a million: terms and words of what statements have in common, and filters that are kept.

import { sql } from 'kysely'
import { planTerms } from '../audit-terms.ts'
import {
  createIndex,
  createTable,
  type DatabaseKind,
  type Schemaless,
  type Step,
  types,
} from './migration.ts'

/** Plans whose terms are written at once. */
const plansAtOnce = 500

export const auditSearch: Step = {
  name: '011-audit-search',
  async up(database, kind) {
    const terms = createTable(database, kind, 'audit_plan_terms')
    // The key is the whole row, so there need not be another copy of it.
    await (kind === 'sqlite' ? terms.modifyEnd(sql`without rowid`) : terms)
      .addColumn('field', types.name(10), column => column.notNull())
      .addColumn('term', types.name(255), column => column.notNull())
      .addColumn('chain', types.name(32), column => column.notNull())
      .addColumn('sequence', types.integer, column => column.notNull())
      .addPrimaryKeyConstraint('audit_plan_terms_key', ['field', 'term', 'chain', 'sequence'])
      .execute()
    await createTable(database, kind, 'audit_filters')
      .addColumn('id', types.id, column => column.primaryKey().notNull())
      .addColumn('owner_id', types.id, column => column.notNull())
      .addColumn('name', types.name(100), column => column.notNull())
      .addColumn('search', types.text, column => column.notNull())
      .addColumn('shared', types.flag, column => column.notNull())
      .addColumn('changed_at_ms', types.timeMs, column => column.notNull())
      .execute()
    await createIndex(database, kind, 'audit_filters', ['owner_id'])
    await indexEvents(database, kind)
    if (kind === 'sqlite') await indexWords(database)
    await fillTerms(database, kind)
  },
}

async function indexEvents(database: Schemaless, kind: DatabaseKind): Promise<void> {
  await createIndex(database, kind, 'audit_events', ['target_name', 'id'])
  if (kind === 'mysql') {
    await createIndex(database, kind, 'audit_events', ['plan_sequence', 'id'])
    await createIndex(database, kind, 'audit_events', ['verdict', 'id'])
    return
  }
  // Every index is paid for with every event. Those of few shapes are sorted once they are found, so their place is enough;
  // few are no statements, and few are refused, so the others need not pay for those.
  await sql`
    create index if not exists audit_events_plan on audit_events (plan_sequence)
    where plan_sequence is not null`.execute(database)
  await sql`
    create index if not exists audit_events_others on audit_events (id) where plan_sequence is null`.execute(
    database,
  )
  await sql`
    create index if not exists audit_events_denied on audit_events (id) where verdict = 'denied'`.execute(
    database,
  )
}

/** Parts of words of what statements have in common. MySQL has no index for that; it reads the plans, which are few. */
async function indexWords(database: Schemaless): Promise<void> {
  await sql`
    create virtual table if not exists audit_plan_words
    using fts5(chain unindexed, sequence unindexed, search, tokenize = 'trigram')`.execute(database)
  await sql`delete from audit_plan_words`.execute(database)
  await sql`
    insert into audit_plan_words (chain, sequence, search) select chain, sequence, search from audit_plans`.execute(
    database,
  )
  await sql`
    create trigger if not exists audit_plans_words after insert on audit_plans begin
      insert into audit_plan_words (chain, sequence, search) values (new.chain, new.sequence, new.search);
    end`.execute(database)
}

interface PlanRow {
  readonly chain: string
  readonly sequence: number
  readonly verb: string
  readonly table_names: string
  readonly hidden: string
  readonly code: string | null
  readonly decided_by: string
}

async function fillTerms(database: Schemaless, kind: DatabaseKind): Promise<void> {
  const ignore = kind === 'sqlite' ? sql`insert or ignore` : sql`insert ignore`
  let last: { readonly chain: string; readonly sequence: number } = { chain: '', sequence: 0 }
  for (;;) {
    const { rows } = await sql<PlanRow>`
      select chain, sequence, verb, table_names, hidden, code, decided_by from audit_plans
      where chain > ${last.chain} or (chain = ${last.chain} and sequence > ${last.sequence})
      order by chain, sequence limit ${sql.lit(plansAtOnce)}`.execute(database)
    const values = rows.flatMap(row => {
      const terms = planTerms({
        verb: row.verb,
        tables: JSON.parse(row.table_names) as string[],
        hidden: JSON.parse(row.hidden) as string[],
        code: row.code,
        by: JSON.parse(row.decided_by) as [string, number][],
      })
      return terms.map(([field, term]) => sql`(${field}, ${term}, ${row.chain}, ${row.sequence})`)
    })
    for (let at = 0; at < values.length; at += plansAtOnce)
      await sql`${ignore} into audit_plan_terms (field, term, chain, sequence)
        values ${sql.join(values.slice(at, at + plansAtOnce))}`.execute(database)
    const end = rows.at(-1)
    if (end === undefined || rows.length < plansAtOnce) return
    last = end
  }
}
