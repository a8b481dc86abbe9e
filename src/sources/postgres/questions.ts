// What is asked of PostgreSQL's own catalog. Documented in chapter "System Catalogs".

import type { SchemaRows } from './catalog-rows.ts'

/** Oldest server that is understood (`pg_attribute.attgenerated`). */
export const oldestVersionNumber = 120_000

/** Asked first, while the search path is still the account's own. */
export const factsQuestion = `
SELECT current_setting('server_version') AS "version",
       current_setting('server_version_num')::int AS "versionNumber",
       current_database()::text AS "database",
       current_user::text AS "account",
       EXISTS (
         SELECT FROM pg_catalog.pg_roles r
         WHERE (r.rolsuper OR r.rolname IN
                 ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'))
           AND pg_catalog.pg_has_role(r.oid, 'MEMBER')) AS "privileged",
       array_remove(current_schemas(false), 'pg_catalog')::text[] AS "searchPath"`

/** Makes the server write out every name outside of \`pg_catalog\` in full, and every expression in one spelling. */
export const settings = `
SET LOCAL search_path = '';
SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on`

// Temporary tables of sessions come and go, and nobody else can read them.
const lastingSchemas = `n.nspname !~ '^pg_(toast_)?temp_'`

const relationKinds = `c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')`

// Foreign and unique keys work through triggers whose routines are the server's own.
const keyTrigger = `EXISTS (
  SELECT FROM pg_proc p
  WHERE p.oid = t.tgfoid AND p.pronamespace = 'pg_catalog'::regnamespace
    AND (p.proname ~ '^RI_FKey_' OR p.proname = 'unique_key_recheck'))`

const relationsQuestion = `
SELECT c.oid AS "oid", n.nspname::text AS "schema", c.relname::text AS "name", c.relkind::text AS "kind",
       pg_get_userbyid(c.relowner)::text AS "owner", d.description AS "comment",
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS "definition",
       CASE WHEN c.relhastriggers THEN ARRAY(
         SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t
         WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D' AND NOT ${keyTrigger} ORDER BY 1) ELSE '{}' END AS "triggers",
       CASE WHEN c.relhasrules THEN ARRAY(
         SELECT pg_get_ruledef(w.oid) FROM pg_rewrite w
         WHERE w.ev_class = c.oid AND w.ev_type <> '1' AND w.ev_enabled <> 'D' ORDER BY 1) ELSE '{}' END AS "rules"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
WHERE ${relationKinds} AND ${lastingSchemas}
ORDER BY n.nspname, c.relname`

const columnsQuestion = `
SELECT a.attrelid AS "relation", a.attnum AS "number", a.attname::text AS "name",
       format_type(a.atttypid, a.atttypmod) AS "type", a.attnotnull AS "notNull",
       CASE WHEN a.attgenerated <> '' THEN pg_get_expr(e.adbin, e.adrelid) END AS "generated"
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef e ON a.attgenerated <> '' AND e.adrelid = a.attrelid AND e.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND ${relationKinds} AND ${lastingSchemas}
ORDER BY a.attrelid, a.attnum`

// From the types of columns inwards; few types are made of others, so that little is walked.
const rowTypesQuestion = `
WITH RECURSIVE own (relation, number, type) AS (
  SELECT a.attrelid, a.attnum, a.atttypid
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND ${relationKinds} AND ${lastingSchemas}
), parts (whole, part) AS (
  SELECT DISTINCT type, type FROM own
  UNION
  SELECT p.whole, inner_type.part
  FROM parts p
  JOIN pg_type t ON t.oid = p.part
  CROSS JOIN LATERAL (
    SELECT t.typelem WHERE t.typelem <> 0
    UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
    UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_attribute a
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) inner_type (part)
)
SELECT DISTINCT o.relation AS "relation", o.number AS "number", c.oid AS "holds"
FROM own o
JOIN parts p ON p.whole = o.type
JOIN pg_type t ON t.oid = p.part AND t.typrelid <> 0
JOIN pg_class c ON c.oid = t.typrelid AND ${relationKinds}
JOIN pg_namespace n ON n.oid = c.relnamespace AND ${lastingSchemas}
ORDER BY 1, 2, 3`

const parentsQuestion = `
SELECT i.inhrelid AS "relation", i.inhparent AS "parent"
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
WHERE ${relationKinds}
ORDER BY i.inhrelid, i.inhseqno`

// The stored form of an expression names the columns that it reads; 0 is the whole row.
const columnsOf = (tree: string): string =>
  `ARRAY(SELECT DISTINCT (regexp_matches(${tree}, ':varattno (-?\\d+)', 'g'))[1]::int ORDER BY 1)`

const partitionKeysQuestion = `
SELECT p.partrelid AS "relation", p.partattrs::int2[]::int[] AS "columns",
       ${columnsOf('p.partexprs::text')} AS "reads"
FROM pg_partitioned_table p
ORDER BY p.partrelid`

const keysQuestion = `
SELECT i.indrelid AS "relation",
       ARRAY(SELECT k.number::int FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
             WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS "columns",
       ${columnsOf(`concat(i.indexprs::text, i.indpred::text)`)} AS "reads"
FROM pg_index i
WHERE i.indisunique OR i.indisexclusion
ORDER BY i.indrelid, i.indexrelid`

const checksQuestion = `
SELECT k.conrelid AS "relation", coalesce(k.conkey, '{}')::int2[] AS "columns",
       k.conbin::text ~ ':varattno 0 ' AS "wholeRow"
FROM pg_constraint k
WHERE k.contype = 'c' AND k.conrelid <> 0
ORDER BY k.conrelid, k.oid`

const foreignKeysQuestion = `
SELECT k.conrelid AS "relation", k.conkey AS "columns", k.confrelid AS "references",
       k.confkey AS "referencedColumns",
       k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd') AS "cascades"
FROM pg_constraint k
WHERE k.contype = 'f'
ORDER BY k.conrelid, k.oid`

// An aggregate has no body: it stands for the routines that it calls.
const aggregateRoutines = `(
  SELECT string_agg(DISTINCT format('%s.%s', sn.nspname, s.proname), E'\\n')
  FROM pg_aggregate g
  JOIN pg_proc s ON s.oid IN (g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn,
                              g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn)
  JOIN pg_namespace sn ON sn.oid = s.pronamespace
  WHERE g.aggfnoid = p.oid)`

// Since PostgreSQL 14 a body may be stored as a tree, which only \`pg_get_functiondef\` prints.
const routinesQuestion = (versionNumber: number): string => `
SELECT p.oid AS "oid", n.nspname::text AS "schema", p.proname::text AS "name", p.prokind::text AS "kind",
       l.lanname::text AS "language", p.provolatile::text AS "volatility", p.prosecdef AS "securityDefiner",
       ARRAY(SELECT format_type(t.type, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, place)
             ORDER BY t.place)::text[] AS "argumentTypes",
       format_type(p.prorettype, NULL) AS "returnType", p.proretset AS "returnsSet",
       CASE WHEN p.prokind = 'a' THEN ${aggregateRoutines}
            ${versionNumber >= 140_000 ? 'WHEN p.prosqlbody IS NOT NULL THEN pg_get_functiondef(p.oid)' : ''}
            ELSE p.prosrc END AS "source",
       x.extname::text AS "extension"
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE n.nspname <> 'pg_catalog' AND ${lastingSchemas}
ORDER BY n.nspname, p.proname, p.oid`

// Objects that came with the server have numbers below 16384. A domain's CHECK calls its routines at every cast to it.
const callablesQuestion = `
SELECT 'operator' AS "kind", n.nspname::text AS "schema", o.oprname::text AS "name",
       format('%s.%s', pn.nspname, p.proname) AS "routine"
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
JOIN pg_proc p ON p.oid = o.oprcode
JOIN pg_namespace pn ON pn.oid = p.pronamespace
WHERE n.nspname <> 'pg_catalog'
UNION
SELECT 'cast', pn.nspname::text, format('%s -> %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)),
       format('%s.%s', pn.nspname, p.proname)
FROM pg_cast c
JOIN pg_proc p ON p.oid = c.castfunc
JOIN pg_namespace pn ON pn.oid = p.pronamespace
WHERE c.oid >= 16384 OR pn.nspname <> 'pg_catalog'
UNION
SELECT 'cast', tn.nspname::text, format('%s -> %s', format_type(t.typbasetype, NULL), format_type(t.oid, NULL)),
       format('%s.%s', pn.nspname, p.proname)
FROM pg_constraint k
JOIN pg_type t ON t.oid = k.contypid
JOIN pg_namespace tn ON tn.oid = t.typnamespace
JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_proc'::regclass
JOIN pg_proc p ON p.oid = d.refobjid
JOIN pg_namespace pn ON pn.oid = p.pronamespace
ORDER BY 1, 2, 3, 4`

/** Every question after the first, in the order of their answers. */
export function questions(
  versionNumber: number,
): readonly { readonly of: Exclude<keyof SchemaRows, 'facts'>; readonly sql: string }[] {
  const schemasQuestion = `SELECT n.nspname::text AS "name" FROM pg_namespace n WHERE ${lastingSchemas} ORDER BY 1`
  return [
    { of: 'schemas', sql: schemasQuestion },
    { of: 'relations', sql: relationsQuestion },
    { of: 'columns', sql: columnsQuestion },
    { of: 'rowTypes', sql: rowTypesQuestion },
    { of: 'parents', sql: parentsQuestion },
    { of: 'partitionKeys', sql: partitionKeysQuestion },
    { of: 'keys', sql: keysQuestion },
    { of: 'checks', sql: checksQuestion },
    { of: 'foreignKeys', sql: foreignKeysQuestion },
    { of: 'routines', sql: routinesQuestion(versionNumber) },
    { of: 'callables', sql: callablesQuestion },
  ]
}
