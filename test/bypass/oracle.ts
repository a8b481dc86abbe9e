// What the server itself says a statement reads: the relations in its plan, for parameters it does not know.

import type pg from 'pg'

/** `schema.name` of the relations in the plan, without those of the server's own catalog; `undefined` if it has no plan. */
export async function plannedRelations(
  client: pg.Client,
  text: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    await client.query(`PREPARE oracle AS ${text}`)
  } catch {
    return undefined
  }
  try {
    const counted = await client.query(
      "SELECT coalesce(array_length(parameter_types, 1), 0) AS n FROM pg_prepared_statements WHERE name = 'oracle'",
    )
    const count = (counted.rows[0] as { n: number }).n
    const values = count === 0 ? '' : `(${Array.from({ length: count }, () => 'NULL').join(', ')})`
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE oracle ${values}`)
    const found = new Set<string>()
    collect((rows[0] as Record<string, unknown>)['QUERY PLAN'], found)
    return found
  } catch {
    return undefined
  } finally {
    await client.query('DEALLOCATE oracle')
  }
}

function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collect(item, found)
  if (typeof node !== 'object' || node === null) return
  const { Schema: schema, 'Relation Name': name } = node as Record<string, unknown>
  if (typeof schema === 'string' && typeof name === 'string' && !/^(?:pg_|information_schema$)/.test(schema))
    found.add(`${schema}.${name}`)
  for (const value of Object.values(node)) collect(value, found)
}

/** For every relation, those that reading it reads: the tables of a view, the children of a parent; transitively. */
export async function readThrough(client: pg.Client): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await client.query(`
    WITH RECURSIVE direct (outer_oid, inner_oid) AS (
      SELECT w.ev_class, d.refobjid FROM pg_rewrite w
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
      UNION SELECT inhparent, inhrelid FROM pg_inherits),
    all_of (outer_oid, inner_oid) AS (
      SELECT * FROM direct
      UNION SELECT a.outer_oid, d.inner_oid FROM all_of a JOIN direct d ON d.outer_oid = a.inner_oid)
    SELECT format('%s.%s', n.nspname, c.relname) AS outer_name, format('%s.%s', m.nspname, i.relname) AS inner_name
    FROM all_of a
    JOIN pg_class c ON c.oid = a.outer_oid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class i ON i.oid = a.inner_oid JOIN pg_namespace m ON m.oid = i.relnamespace`)
  const through = new Map<string, Set<string>>()
  for (const row of rows as { outer_name: string; inner_name: string }[]) {
    const known = through.get(row.outer_name) ?? new Set()
    known.add(row.inner_name)
    through.set(row.outer_name, known)
  }
  return through
}
