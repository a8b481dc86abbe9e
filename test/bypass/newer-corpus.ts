// Ways round that only a newer PostgreSQL (16 to 18) has. Rows are only ever added.

import type { BypassRow, Expectation } from './corpus.ts'

const row = (expect: Expectation, name: string, ...statements: readonly string[]): BypassRow => ({
  name,
  category: 'newer',
  expect,
  statements,
})

export const newerCorpus: readonly BypassRow[] = [
  row('runs', 'RETURNING old', 'UPDATE customers SET active = false WHERE id = 3 RETURNING old.email'),
  row('runs', 'RETURNING new', 'UPDATE customers SET active = false WHERE id = 3 RETURNING new.email'),
  row('runs', 'RETURNING old star', 'UPDATE customers SET active = false WHERE id = 3 RETURNING old.*'),
  row('refused', 'RETURNING old as a row', 'UPDATE customers SET active = false WHERE id = 3 RETURNING old'),
  row(
    'runs',
    'RETURNING old by another name',
    'UPDATE customers SET active = false WHERE id = 3 RETURNING WITH (OLD AS o, NEW AS n) o.email, n.phone',
  ),
  row('runs', 'RETURNING old of a DELETE', 'DELETE FROM redemptions WHERE id = 1 RETURNING old.code'),
  row(
    'refused',
    'RETURNING of a conflict',
    "INSERT INTO customers (id, name, email, country) VALUES (1, 'x', 'y@x', 'JP') ON CONFLICT (id) DO UPDATE SET country = 'DE' RETURNING old.email",
  ),
  row(
    'runs',
    'MERGE RETURNING',
    'MERGE INTO customers c USING (SELECT 1 AS id) v ON c.id = v.id WHEN MATCHED THEN UPDATE SET active = false RETURNING old.email, merge_action()',
  ),
  row(
    'runs',
    'JSON_TABLE',
    `SELECT c.id, j.v FROM customers c, JSON_TABLE(c.profile, '$' COLUMNS (v text PATH '$.mail')) j ORDER BY c.id`,
  ),
  row(
    'runs',
    'JSON_TABLE of a row',
    `SELECT j.v FROM customers c, JSON_TABLE(to_jsonb(c), '$' COLUMNS (v text PATH '$.email')) j ORDER BY c.id`,
  ),
  row(
    'runs',
    'JSON_QUERY and JSON_VALUE',
    `SELECT JSON_VALUE(profile, '$.mail'), JSON_QUERY(to_jsonb(c), '$.email'), JSON_EXISTS(profile, '$.age ? (@ > 40)') FROM customers c ORDER BY id`,
  ),
  row(
    'runs',
    'JSON constructors',
    'SELECT JSON_OBJECT(email: name), JSON_ARRAY(email, phone), JSON_SCALAR(email), JSON(to_json(email)::text) FROM customers ORDER BY id',
  ),
  row(
    'runs',
    'JSON aggregates',
    'SELECT JSON_ARRAYAGG(email ORDER BY id), JSON_OBJECTAGG(id: email) FROM customers',
  ),
  row('runs', 'IS JSON', 'SELECT id, email IS JSON, profile::text IS JSON OBJECT FROM customers ORDER BY id'),
  row('runs', 'any_value', 'SELECT any_value(email) FROM customers WHERE id = 1'),
  row('runs', 'numbers in new spellings', 'SELECT 0x1F, 1_000, 0b11, 0o17, email FROM customers ORDER BY id'),
  row(
    'refused',
    'EXPLAIN of a generic plan',
    'EXPLAIN (GENERIC_PLAN) SELECT id FROM customers WHERE email = $1',
  ),
  row(
    'refused',
    'EXPLAIN with memory and serialisation',
    'EXPLAIN (ANALYZE, SERIALIZE, MEMORY) SELECT email FROM customers',
  ),
  row('runs', 'aliases left out', 'SELECT email FROM (SELECT * FROM customers ORDER BY id)'),
  row(
    'runs',
    'system_user and new functions',
    'SELECT casefold(email), reverse(email::bytea), crc32(email::bytea) FROM customers ORDER BY id',
  ),
  row(
    'refused',
    'statistics by hand',
    "SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', 'customers', 'attname', 'email', 'inherited', false, 'null_frac', 0.5::real)",
  ),
  row(
    'refused',
    'MERGE where it does not match the source',
    "MERGE INTO orders o USING customers c ON c.id = o.customer_id AND c.email LIKE '_zq7k%' WHEN NOT MATCHED BY SOURCE THEN DELETE",
  ),
  row(
    'refused',
    'virtual generated column',
    'ALTER TABLE customers ADD copy text GENERATED ALWAYS AS (email) VIRTUAL',
    'SELECT copy FROM customers',
  ),
  row(
    'refused',
    'copy of a foreign table definition',
    'CREATE TABLE work.t (LIKE customers INCLUDING ALL, EXCLUDE USING gist (id WITH =))',
    'ALTER TABLE customers INHERIT work.t',
    'SELECT email FROM work.t',
  ),
  row(
    'runs',
    'COPY with ON_ERROR',
    'COPY (SELECT email FROM customers ORDER BY id) TO STDOUT (FORMAT csv, FORCE_QUOTE *)',
  ),
]
