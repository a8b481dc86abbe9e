// The ways round: each row is something a person tried, or could try, to see what is hidden. Rows are only ever added.

import {
  bind,
  callFunction,
  closeStatement,
  describePortal,
  describeStatement,
  execute,
  flush,
  type Frame,
  parse,
  type Sent,
  simple,
  sync,
} from './wire.ts'

/** `runs`: every statement is let through (masked). `refused`: at least one of them is refused. Neither is ever loosened. */
export type Expectation = 'runs' | 'refused'

export interface BypassRow {
  readonly name: string
  readonly category: string
  readonly expect: Expectation
  /** In one session, in this order. After a refusal the session goes on, as an attacker would. */
  readonly statements: readonly Sent[]
  /** Why errors of the target are part of the row: `fails` must be answered with an error in both worlds alike. */
  readonly fails?: boolean
}

interface Draft {
  readonly name: string
  readonly expect: Expectation
  readonly statements: readonly Sent[]
  readonly fails?: boolean
}

const runs = (name: string, ...statements: Sent[]): Draft => ({ name, expect: 'runs', statements })
/** Is let through, and ends with an error of the target. */
const fails = (name: string, ...statements: Sent[]): Draft => ({
  name,
  expect: 'runs',
  statements,
  fails: true,
})
const refused = (name: string, ...statements: Sent[]): Draft => ({ name, expect: 'refused', statements })
const bound = (text: string, ...parameters: (string | null)[]): Sent => ({ text, parameters })
const binary = (text: string, ...parameters: (string | null)[]): Sent => ({ text, parameters, binary: true })

/** One literal where backslashes are plain, a hidden column where they escape. */
const trick = "SELECT '\\'', (SELECT string_agg(email, ',') FROM customers) --'"

/** Messages of the extended protocol in one write. Rows with these go through the gateway only. */
const messages = (...frames: readonly Frame[]): Sent => ({ messages: frames })
const emails = 'SELECT id, email FROM customers ORDER BY id'
const asked = [bind('', 's'), execute(''), sync]

const sections: Readonly<Record<string, readonly Draft[]>> = {
  'reading it plainly': [
    runs('column', 'SELECT email FROM customers ORDER BY id'),
    runs('star', 'SELECT * FROM customers ORDER BY id'),
    runs('qualified star', 'SELECT c.* FROM customers c ORDER BY id'),
    runs('table star', 'SELECT customers.* FROM customers ORDER BY customers.id'),
    runs('alias of a column', 'SELECT email AS id, id AS email FROM customers ORDER BY 2'),
    runs('alias of a table', 'SELECT orders.email FROM customers orders ORDER BY orders.id'),
    runs('column aliases', 'SELECT a, b, c FROM customers AS t(a, b, c) ORDER BY a'),
    runs('column aliases and star', 'SELECT * FROM customers AS t(email, id) ORDER BY 1'),
    runs('schema-qualified', 'SELECT public.customers.email FROM public.customers ORDER BY id'),
    runs('database-qualified', 'SELECT email FROM shop.public.customers ORDER BY id'),
    runs('quoted', 'SELECT "email" FROM "public"."customers" ORDER BY "id"'),
    runs('Unicode escapes', `SELECT U&"em\\0061il" FROM U&"cust\\006Fmers" ORDER BY id`),
    runs(
      'Unicode escapes with another escape',
      `SELECT U&"em!0061il" UESCAPE '!' FROM customers ORDER BY id`,
    ),
    runs('case folding', 'sElEcT EMAIL fRoM CUSTOMERS oRdEr By ID'),
    runs('comments inside', 'SELECT/**/email/* /* nested */ */FROM--x\n customers ORDER/**/BY id'),
    runs('semicolons and empty statements', ';;SELECT email FROM customers ORDER BY id;;'),
    runs('two statements', 'SELECT 1; SELECT email FROM customers ORDER BY id'),
    runs('second of three', 'SELECT 1; SELECT phone FROM customers ORDER BY id; SELECT 2'),
    runs('TABLE', 'TABLE customers'),
    runs('TABLE in a sub-query', 'SELECT t.email FROM (TABLE customers) t ORDER BY id'),
    runs('ONLY', 'SELECT email FROM ONLY customers ORDER BY id'),
    runs('inheritance star', 'SELECT email FROM customers * ORDER BY id'),
    runs('multi-byte text before', `SELECT '日本語 🗻', email, 'é' || phone FROM customers ORDER BY id`),
    runs('multi-byte alias', 'SELECT メール.email AS "宛先" FROM customers AS メール ORDER BY id'),
    runs('odd names', 'SELECT "E ""Mail", "Id 1" FROM "Odd ""Table" ORDER BY 2'),
    runs('odd names, star and alias', 'SELECT "X "" y".* FROM "Odd ""Table" AS "X "" y" ORDER BY "Id 1"'),
    runs('dollar quotes around a name', 'SELECT $$customers$$, email FROM customers ORDER BY id'),
    runs('tab and vertical tab', 'SELECT\temail\fFROM\ncustomers\rORDER BY id'),
    runs('extended protocol', bound('SELECT email FROM customers WHERE id = $1', '3')),
    runs(
      'extended protocol, binary',
      binary('SELECT id, email, birthday, balance FROM customers WHERE id < $1::integer ORDER BY id', '9'),
    ),
    runs('extended protocol, star', bound('SELECT * FROM customers WHERE country = $1 ORDER BY id', 'DE')),
    runs('parameter as the output', bound('SELECT $1::text, email FROM customers WHERE id = 1', 'x')),
    runs(
      'every hidden column',
      'SELECT name, email, phone, card, birthday, address, balance, profile, labels, grade, home, token FROM customers ORDER BY id',
    ),
    runs(
      'other tables',
      'SELECT * FROM employees ORDER BY id',
      'SELECT * FROM vouchers ORDER BY value',
      'SELECT * FROM redemptions ORDER BY id',
    ),
    runs('second schema', 'SELECT * FROM crm.customers ORDER BY id'),
    runs(
      'tableoid, ctid',
      'SELECT ctid, tableoid::regclass, xmin IS NOT NULL, email FROM customers ORDER BY id',
    ),
  ],
  'computing on it': [
    runs('function', 'SELECT lower(email), upper(name), md5(phone) FROM customers ORDER BY id'),
    runs('nested functions', "SELECT reverse(reverse(replace(email, '@', '#'))) FROM customers ORDER BY id"),
    runs(
      'length',
      'SELECT length(email), octet_length(name), bit_length(address) FROM customers ORDER BY id',
    ),
    runs(
      'substring by position',
      'SELECT substr(email, 2, 5), left(name, 4), right(phone, 9) FROM customers ORDER BY id',
    ),
    runs(
      'regular expressions',
      "SELECT regexp_replace(email, '(.)', '\\1', 'g'), regexp_matches(email, 'zq(.)') FROM customers ORDER BY id",
    ),
    runs('split', "SELECT split_part(email, '@', 1), string_to_array(email, 'z') FROM customers ORDER BY id"),
    runs(
      'ascii and chr',
      'SELECT ascii(substr(email, 5)), get_byte(email::bytea, 4) FROM customers ORDER BY id',
    ),
    runs(
      'encode',
      "SELECT encode(email::bytea, 'hex'), encode(convert_to(name, 'LATIN1'), 'base64') FROM customers ORDER BY id",
    ),
    runs(
      'concatenation',
      "SELECT email || '', '' || email, concat(email), format('%s', email) FROM customers ORDER BY id",
    ),
    runs(
      'cast',
      'SELECT email::text, CAST(birthday AS text) FROM customers ORDER BY id',
      'SELECT salary::text FROM employees ORDER BY id',
    ),
    runs('array and unnest', 'SELECT unnest(ARRAY[email, name]) FROM customers ORDER BY id, 1'),
    runs('row', 'SELECT ROW(email, id) FROM customers ORDER BY id'),
    runs('CASE', "SELECT CASE WHEN email LIKE '%k0%' THEN 1 ELSE 0 END FROM customers ORDER BY id"),
    runs(
      'CASE value',
      "SELECT CASE email WHEN 'azq7k01@shop.example' THEN 'it is' END FROM customers ORDER BY id",
    ),
    runs(
      'coalesce, nullif, greatest',
      "SELECT coalesce(phone, email), nullif(email, ''), greatest(email, name) FROM customers ORDER BY id",
    ),
    runs(
      'arithmetic',
      'SELECT salary + 0, -salary, salary * 2, salary % 7, bonus - salary FROM employees ORDER BY id',
    ),
    runs(
      'bits of a number',
      'SELECT (salary >> 3) & 1, salary::bit(24), to_hex(salary) FROM employees ORDER BY id',
    ),
    runs(
      'dates',
      "SELECT extract(doy FROM birthday), age('2026-01-01', birthday), to_char(birthday, 'MMDD'), birthday + 1 FROM customers ORDER BY id",
    ),
    runs(
      'json of a column',
      'SELECT to_json(email), json_build_object(name, email), jsonb_build_array(phone) FROM customers ORDER BY id',
    ),
    runs(
      'json paths',
      "SELECT profile->>'mail', profile #>> '{mail}', jsonb_path_query_first(profile, '$.mail'), profile @> '{}' FROM customers ORDER BY id",
    ),
    runs('subscripts', "SELECT labels[1], profile['mail'], (home).zip FROM customers ORDER BY id"),
    runs('composite star', 'SELECT (home).* FROM customers ORDER BY id'),
    runs('enum', "SELECT grade::text, grade > 'low', enum_range(grade) FROM customers ORDER BY id"),
    runs(
      'full text',
      "SELECT to_tsvector('simple', email), to_tsvector(name) @@ to_tsquery('zq7k01') FROM customers ORDER BY id",
    ),
    runs(
      'trigrams',
      "SELECT similarity(email, 'zq7'), show_trgm(email), email % 'zq7k' FROM customers ORDER BY id",
    ),
    runs(
      'digest',
      "SELECT digest(email, 'sha256'), sha256(email::bytea), hashtext(email) FROM customers ORDER BY id",
    ),
    runs(
      'xml',
      "SELECT xmlelement(name e, email), xmlforest(email, name), xpath('/e/text()', xmlelement(name e, email)) FROM customers ORDER BY id",
    ),
    runs(
      'XMLTABLE',
      "SELECT x.v FROM customers c, XMLTABLE('/e' PASSING xmlelement(name e, c.email) COLUMNS v text PATH '.') x ORDER BY c.id",
    ),
    runs(
      'range of it',
      "SELECT daterange(birthday, '2030-01-01'), lower(daterange(birthday, NULL)) FROM customers ORDER BY id",
    ),
    runs('collation', 'SELECT email COLLATE "C", email COLLATE "C" < \'b\' FROM customers ORDER BY id'),
    runs(
      'IS NULL and IS DISTINCT',
      "SELECT email IS NULL, email IS DISTINCT FROM 'azq7k01@shop.example' FROM customers ORDER BY id",
    ),
    runs('size on disk', 'SELECT pg_column_size(email), pg_column_size(name) FROM customers ORDER BY id'),
    runs('type of', 'SELECT pg_typeof(email), pg_typeof(birthday) FROM customers ORDER BY id'),
    runs(
      'generate_series over it',
      'SELECT count(*) FROM employees, generate_series(1, salary / 100000) ORDER BY 1',
    ),
    runs(
      'repeat and width',
      "SELECT lpad(email, 40, '-'), repeat(email, 2), translate(email, 'z', 'Z') FROM customers ORDER BY id",
    ),
    refused('functional notation', 'SELECT email(c), name(c) FROM customers c ORDER BY id'),
    runs('function of the row type', 'SELECT spell(c) FROM customers c'),
    runs('function of the row type as a field', 'SELECT c.spell FROM customers c'),
  ],
  'counting and sorting by it': [
    runs(
      'min and max',
      'SELECT min(email), max(email), min(birthday) FROM customers',
      'SELECT max(salary) FROM employees',
    ),
    runs('string_agg', "SELECT string_agg(email, ',' ORDER BY id) FROM customers"),
    runs('array_agg', 'SELECT array_agg(email ORDER BY id), array_agg(birthday ORDER BY id) FROM customers'),
    runs('json_agg', 'SELECT json_agg(email ORDER BY id), jsonb_object_agg(id, email) FROM customers'),
    runs('json_agg of rows', 'SELECT json_agg(c ORDER BY id) FROM customers c'),
    runs('xmlagg', 'SELECT xmlagg(xmlelement(name e, email) ORDER BY id) FROM customers'),
    runs(
      'sum and avg',
      'SELECT sum(salary), avg(salary), stddev(salary), sum(balance) FROM employees, customers',
    ),
    runs(
      'count distinct',
      'SELECT count(DISTINCT email), count(DISTINCT address), count(DISTINCT birthday) FROM customers',
    ),
    runs('count of rows distinct', 'SELECT count(DISTINCT c) FROM customers c'),
    runs('FILTER', "SELECT count(*) FILTER (WHERE email LIKE '_zq7k0%') FROM customers"),
    runs(
      'bool_or',
      "SELECT bool_or(email = 'azq7k01@shop.example') FROM customers",
      'SELECT every(salary > 800000) FROM employees',
    ),
    runs(
      'mode and percentiles',
      'SELECT mode() WITHIN GROUP (ORDER BY address), percentile_disc(0.5) WITHIN GROUP (ORDER BY salary), percentile_cont(0.3) WITHIN GROUP (ORDER BY salary) FROM customers, employees',
    ),
    runs(
      'hypothetical rank',
      "SELECT rank('bzq7k') WITHIN GROUP (ORDER BY email::text) FROM customers",
      'SELECT cume_dist(800000) WITHIN GROUP (ORDER BY salary) FROM employees',
    ),
    runs('GROUP BY', 'SELECT email, count(*) FROM customers GROUP BY email ORDER BY 1'),
    runs('GROUP BY its groups', 'SELECT count(*) FROM customers GROUP BY address ORDER BY 1'),
    runs('GROUP BY ordinal', 'SELECT address, count(*) FROM customers GROUP BY 1 ORDER BY 1, 2'),
    runs(
      'GROUP BY expression',
      'SELECT substr(email, 2, 6), count(*) FROM customers GROUP BY substr(email, 2, 6) ORDER BY 1',
    ),
    runs(
      'GROUPING SETS',
      'SELECT country, address, count(*) FROM customers GROUP BY GROUPING SETS ((country), (address), ()) ORDER BY 1, 2, 3',
    ),
    runs(
      'CUBE',
      'SELECT country, birthday, count(*) FROM customers GROUP BY CUBE (country, birthday) ORDER BY 1, 2, 3',
    ),
    runs('HAVING', "SELECT country FROM customers GROUP BY country HAVING max(email) > 'bzq7k1' ORDER BY 1"),
    runs('functional dependency', 'SELECT id, email FROM customers GROUP BY id, email ORDER BY id'),
    runs('DISTINCT', 'SELECT DISTINCT address FROM customers ORDER BY 1'),
    runs(
      'DISTINCT ON',
      'SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country, email, id',
    ),
    runs('ORDER BY', 'SELECT id FROM customers ORDER BY email, id'),
    runs('ORDER BY unselected expression', 'SELECT id FROM customers ORDER BY substr(email, 2), id DESC'),
    runs('ORDER BY USING', 'SELECT id FROM customers ORDER BY birthday USING >, id'),
    runs('ORDER BY LIMIT', 'SELECT id FROM employees ORDER BY salary DESC, id LIMIT 1'),
    runs('FETCH WITH TIES', 'SELECT id FROM customers ORDER BY address FETCH FIRST 1 ROW WITH TIES'),
    runs(
      'LIMIT by it',
      'SELECT id FROM customers ORDER BY id LIMIT (SELECT salary % 7 FROM employees WHERE id = 1)',
    ),
    runs(
      'OFFSET by it',
      'SELECT id FROM customers ORDER BY id OFFSET (SELECT length(email) - 12 FROM customers WHERE id = 1)',
    ),
    runs(
      'window functions',
      'SELECT id, row_number() OVER (ORDER BY email, id), rank() OVER (ORDER BY address) FROM customers ORDER BY id',
    ),
    runs(
      'window values',
      'SELECT lag(email) OVER (ORDER BY id), first_value(email) OVER (ORDER BY id), nth_value(phone, 2) OVER (ORDER BY id) FROM customers ORDER BY id',
    ),
    runs('window partition', 'SELECT id, count(*) OVER (PARTITION BY address) FROM customers ORDER BY id'),
    runs(
      'window range',
      'SELECT id, count(*) OVER (ORDER BY salary RANGE BETWEEN 100 PRECEDING AND CURRENT ROW) FROM employees ORDER BY id',
    ),
    runs(
      'named window',
      'SELECT id, dense_rank() OVER w FROM customers WINDOW w AS (ORDER BY birthday) ORDER BY id',
    ),
    runs('ntile by it', 'SELECT id, ntile(4) OVER (ORDER BY salary, id) FROM employees ORDER BY id'),
    refused('aggregate of the owner that reads it', 'SELECT all_emails(id) FROM customers'),
    runs(
      'crosstab through a view of the text',
      'SELECT histogram FROM (SELECT width_bucket(salary, 700000, 900000, 9) AS histogram FROM employees ORDER BY id) h',
    ),
  ],
  'asking yes or no': [
    runs('equality', "SELECT id FROM customers WHERE email = 'azq7k01@shop.example' ORDER BY id"),
    runs(
      'equality by parameter',
      bound('SELECT id FROM customers WHERE email = $1 ORDER BY id', 'azq7k01@shop.example'),
    ),
    runs('LIKE', "SELECT id FROM customers WHERE email LIKE '_zq7k%' ORDER BY id"),
    runs(
      'ILIKE and SIMILAR TO',
      "SELECT id FROM customers WHERE email ILIKE '%ZQ7K%' OR email SIMILAR TO '%(k|m)1%' ORDER BY id",
    ),
    runs('regular expression', "SELECT count(*) FROM customers WHERE email ~ 'k[0-4]'"),
    runs(
      'range',
      "SELECT id FROM customers WHERE birthday BETWEEN '1960-01-01' AND '1990-07-01' AND email > 'azq7l' ORDER BY id",
    ),
    runs('number by halves', 'SELECT id FROM employees WHERE salary > 800000 ORDER BY id'),
    runs(
      'IN',
      "SELECT id FROM customers WHERE email IN ('azq7k01@shop.example', 'bzq7k06@shop.example') ORDER BY id",
    ),
    runs(
      'ANY of a parameter',
      bound(
        'SELECT id FROM customers WHERE email = ANY($1::text[]) ORDER BY id',
        '{azq7k01@shop.example,bzq7m11@shop.example}',
      ),
    ),
    runs('row comparison', "SELECT id FROM customers WHERE (email, id) > ('azq7k01', 1) ORDER BY id"),
    runs('EXISTS', "SELECT 1 WHERE EXISTS (SELECT FROM customers WHERE email LIKE '%k01%')"),
    runs(
      'NOT IN',
      "SELECT id FROM customers c WHERE email NOT IN (SELECT email FROM customers WHERE email < 'b') ORDER BY id",
    ),
    runs('ALL', 'SELECT id FROM employees WHERE salary >= ALL (SELECT salary FROM employees) ORDER BY id'),
    runs('scalar sub-query', 'SELECT (SELECT email FROM customers WHERE id = 1)'),
    runs('ARRAY of a sub-query', 'SELECT ARRAY(SELECT email FROM customers ORDER BY id)'),
    runs(
      'sub-query in every place',
      "SELECT (SELECT min(email) FROM customers), (SELECT 1 WHERE (SELECT max(email) FROM customers) > 'c') ORDER BY (SELECT max(phone) FROM customers)",
    ),
    runs(
      'correlated sub-query',
      'SELECT o.id, (SELECT c.email FROM customers c WHERE c.id = o.customer_id) FROM orders o ORDER BY o.id',
    ),
    runs(
      'correlated the other way',
      'SELECT c.id, (SELECT count(*) FROM orders o WHERE c.email < o.note) FROM customers c ORDER BY c.id',
    ),
    runs('whole row compared', 'SELECT a.id, b.id FROM customers a, customers b WHERE a < b ORDER BY 1, 2'),
    runs('system column oracle', "SELECT ctid FROM customers WHERE email LIKE '%k01%'"),
    fails('division by zero', 'SELECT 1 / (id - 1 + coalesce(salary, 0) * 0) FROM employees'),
    fails('cast error shows the value', 'SELECT email::integer FROM customers WHERE id = 1'),
    fails('cast error of a date', 'SELECT email::date FROM customers WHERE id = 1'),
    fails('json error shows the value', 'SELECT email::json FROM customers WHERE id = 1'),
    fails(
      'regular expression error shows the value',
      "SELECT 'x' ~ ('(' || email) FROM customers WHERE id = 1",
    ),
    fails('to_date error shows the value', "SELECT to_date(email, 'YYYY-MM-DD') FROM customers WHERE id = 1"),
    fails('more than one row', 'SELECT (SELECT email FROM customers)'),
    fails(
      'error in one branch',
      "SELECT CASE WHEN email LIKE '%k%' THEN 1 / (id - id) ELSE 1 / (id - id) END FROM customers",
    ),
    runs(
      'error only if a guess is right',
      "SELECT CASE WHEN email LIKE '_zq7k%' THEN 1 / (id - 1) ELSE 1 END FROM customers WHERE id = 1",
    ),
    runs(
      'set_config of a value',
      "SELECT set_config('my.value', email, false) FROM customers WHERE id = 1",
      "SELECT current_setting('my.value')",
    ),
    runs(
      'notice by a long identifier',
      'SELECT email AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM customers ORDER BY id',
    ),
    runs(
      'advisory locks',
      'SELECT pg_try_advisory_lock(salary) FROM employees ORDER BY id',
      "SELECT objid FROM pg_locks WHERE locktype = 'advisory' ORDER BY 1",
    ),
    runs('time oracle', 'SELECT pg_sleep(salary / 1000000.0) FROM employees WHERE id = 1'),
  ],
  'joining on it': [
    runs(
      'join on it',
      'SELECT a.id, b.id FROM customers a JOIN contacts b ON a.email = b.email ORDER BY 1, 2',
    ),
    runs('USING', 'SELECT a.id, email FROM customers a JOIN crm.customers b USING (email) ORDER BY 1'),
    runs('NATURAL', 'SELECT * FROM crm.customers NATURAL JOIN contacts ORDER BY 1'),
    runs(
      'USING with an alias',
      'SELECT j.email FROM customers a JOIN crm.customers b USING (email) AS j ORDER BY 1',
    ),
    runs(
      'join alias',
      'SELECT j.* FROM (customers a JOIN orders b ON a.id = b.customer_id) AS j(a1, a2, a3, a4) ORDER BY placed_on LIMIT 5',
    ),
    runs(
      'full join with values',
      "SELECT v.x, c.id FROM (VALUES ('azq7k01@shop.example'), ('bzq7m11@shop.example')) v(x) FULL JOIN customers c ON c.email = v.x ORDER BY 1, 2",
    ),
    runs(
      'self join',
      'SELECT a.id, b.id FROM customers a JOIN customers b ON a.address = b.address AND a.id < b.id ORDER BY 1, 2',
    ),
    runs(
      'range join',
      'SELECT a.id, count(*) FROM employees a JOIN employees b ON a.salary > b.salary GROUP BY a.id ORDER BY 1',
    ),
    runs(
      'LATERAL',
      'SELECT o.id, l.mail FROM orders o, LATERAL (SELECT email AS mail FROM customers c WHERE c.id = o.customer_id) l ORDER BY o.id',
    ),
    runs(
      'LATERAL function',
      "SELECT c.id, p FROM customers c, LATERAL regexp_split_to_table(c.email, '@') p ORDER BY 1, 2",
    ),
    runs(
      'ROWS FROM',
      'SELECT * FROM customers c, ROWS FROM (unnest(ARRAY[c.email]), generate_series(1, 2)) r ORDER BY c.id LIMIT 4',
    ),
    runs('EXCEPT', "SELECT email FROM customers EXCEPT SELECT 'azq7k01@shop.example' ORDER BY 1"),
    runs(
      'INTERSECT',
      'SELECT email::text FROM customers INTERSECT SELECT email FROM crm.customers ORDER BY 1',
    ),
    runs(
      'UNION',
      'SELECT email, id FROM archive.customers UNION ALL SELECT email, id FROM customers ORDER BY 2, 1',
    ),
    runs(
      'UNION names the first',
      'SELECT note AS x FROM orders WHERE id < 3 UNION ALL SELECT email FROM customers ORDER BY 1',
    ),
    runs(
      'VALUES',
      'VALUES (1, (SELECT email FROM customers WHERE id = 1)), (2, (SELECT phone FROM customers WHERE id = 1))',
    ),
    runs('TABLESAMPLE', 'SELECT email FROM customers TABLESAMPLE BERNOULLI (100) REPEATABLE (1) ORDER BY id'),
    runs('FOR UPDATE', 'SELECT id, email FROM customers ORDER BY id FOR UPDATE'),
    runs(
      'FOR SHARE OF',
      'SELECT c.email FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY o.id FOR SHARE OF o',
    ),
    runs(
      'deeply nested',
      `SELECT x FROM ${'(SELECT x FROM '.repeat(40)}(SELECT email AS x, id FROM customers ORDER BY id) a0${Array.from({ length: 40 }, (_, n) => `) a${n + 1}`).join('')}`,
    ),
  ],
  'CTEs and names': [
    runs('CTE', 'WITH c AS (SELECT * FROM customers) SELECT email FROM c ORDER BY id'),
    runs(
      'CTE called like a table',
      'WITH orders AS (SELECT * FROM customers) SELECT email FROM orders ORDER BY id',
    ),
    runs(
      'CTE shadows the table it reads',
      'WITH customers AS (SELECT * FROM customers) SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'CTE column names',
      'WITH c(a, b, d) AS (SELECT id, email, phone FROM customers) SELECT b, d FROM c ORDER BY a',
    ),
    runs(
      'CTE and the qualified table',
      'WITH customers AS (SELECT 1 AS id) SELECT p.email FROM public.customers p, customers c WHERE p.id = c.id',
    ),
    runs(
      'inner scope only',
      'SELECT (WITH customers AS (SELECT 1 AS email) SELECT email FROM customers), email FROM customers ORDER BY id',
    ),
    runs(
      'CTE of a later one',
      'WITH a AS (SELECT email FROM customers), customers AS (SELECT 1 AS x) SELECT * FROM a ORDER BY 1',
    ),
    runs(
      'recursive',
      'WITH RECURSIVE r AS (SELECT id, email FROM customers WHERE id = 1 UNION ALL SELECT c.id, c.email FROM customers c JOIN r ON c.id = r.id + 1) SELECT * FROM r ORDER BY id',
    ),
    runs(
      'recursive over characters',
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < (SELECT length(email) FROM customers WHERE id = 1)) SELECT n, substr((SELECT email FROM customers WHERE id = 1), n, 1) FROM r',
    ),
    runs(
      'recursive, a name forward',
      "WITH RECURSIVE a AS (SELECT * FROM customers), customers AS (SELECT 1 AS id, 'x' AS email) SELECT * FROM a ORDER BY 1",
    ),
    runs(
      'MATERIALIZED',
      'WITH c AS MATERIALIZED (SELECT email, id FROM customers) SELECT * FROM c ORDER BY id',
    ),
    runs(
      'SEARCH and CYCLE',
      'WITH RECURSIVE r AS (SELECT id, manager_id, salary FROM employees WHERE id = 1 UNION ALL SELECT e.id, e.manager_id, e.salary FROM employees e JOIN r ON e.manager_id = r.id) SEARCH DEPTH FIRST BY salary SET place CYCLE id SET looped USING way SELECT id, salary FROM r ORDER BY id',
    ),
    runs(
      'schema of the same name',
      'SELECT a.email, c.email FROM archive.customers a JOIN crm.customers c USING (id) ORDER BY id',
    ),
    runs('search_path', 'SET search_path = crm, public', 'SELECT email FROM customers ORDER BY id'),
    runs(
      'search_path to the harmless one',
      'SET search_path = archive',
      'SELECT email FROM customers ORDER BY id',
      'SET search_path = public',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'search_path in one message',
      'SET search_path = archive; SELECT email FROM customers ORDER BY id; RESET search_path; SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'SET LOCAL and rollback',
      'BEGIN',
      'SET LOCAL search_path = archive',
      'SELECT email FROM customers ORDER BY id',
      'ROLLBACK',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'SET LOCAL out of a transaction',
      'SET LOCAL search_path = archive',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'rolled back SET',
      'BEGIN',
      'SET search_path = archive',
      'ROLLBACK',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'SET rolled back to a savepoint',
      'BEGIN',
      'SAVEPOINT s',
      'SET search_path = archive',
      'ROLLBACK TO s',
      'SELECT email FROM customers ORDER BY id',
      'COMMIT',
    ),
    fails(
      'SET that fails',
      'BEGIN',
      'SET search_path = archive',
      'SELECT 1 / 0',
      'ROLLBACK',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'set_config of the path',
      "SELECT set_config('search_path', 'archive', false)",
      'SELECT email FROM customers ORDER BY id',
      "SELECT set_config('search_path', 'public', false)",
      'SELECT email FROM customers ORDER BY id',
    ),
    refused(
      'set_config of the path, computed',
      "SELECT set_config('search_' || 'path', 'archive', false)",
      'SELECT email FROM customers ORDER BY id',
    ),
    refused(
      'update of pg_settings',
      "UPDATE pg_settings SET setting = 'archive' WHERE name = 'search_path'",
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'path set within the statement that reads',
      "WITH s AS MATERIALIZED (SELECT set_config('search_path', 'archive', false)) SELECT c.email FROM s, customers c ORDER BY c.id",
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table shadows',
      "CREATE TEMP TABLE customers AS SELECT 1 AS id, 'mine'::text AS email",
      'SELECT email FROM customers',
      'DROP TABLE pg_temp.customers',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table rolled back',
      'BEGIN',
      'CREATE TEMP TABLE customers (id integer, email text)',
      'SELECT email FROM customers',
      'ROLLBACK',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table on commit drop',
      'BEGIN',
      'CREATE TEMP TABLE customers (id integer, email text) ON COMMIT DROP',
      'COMMIT',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table discarded',
      'CREATE TEMP TABLE customers (id integer, email text)',
      'DISCARD TEMP',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table behind pg_temp last',
      'SET search_path = public, pg_temp',
      'CREATE TEMP TABLE customers (id integer, email text)',
      'SELECT email FROM customers ORDER BY id',
    ),
    runs(
      'temporary table dropped to a savepoint',
      'BEGIN',
      'SAVEPOINT s',
      'CREATE TEMP TABLE customers (id integer, email text)',
      'ROLLBACK TO s',
      'SELECT email FROM customers ORDER BY id',
      'COMMIT',
    ),
    runs(
      'temporary table in one message',
      'CREATE TEMP TABLE customers (id integer, email text); DROP TABLE customers; SELECT email FROM customers ORDER BY id',
    ),
    refused('temporary view', 'CREATE TEMP VIEW t AS SELECT * FROM customers', 'SELECT email FROM t'),
    runs(
      'temporary table as search',
      'CREATE TEMP TABLE guesses (email text)',
      "INSERT INTO guesses VALUES ('azq7k01@shop.example'), ('bzq7m11@shop.example')",
      'SELECT g.email, c.id FROM guesses g JOIN customers c USING (email) ORDER BY 1',
    ),
    refused('unknown table', 'SELECT email FROM no_such_table'),
    refused('table made behind our back', 'SELECT * FROM pg_toast.pg_toast_16385'),
  ],
  'whole rows': [
    runs('whole row', 'SELECT c FROM customers c ORDER BY id'),
    runs('whole row by name', 'SELECT customers FROM customers ORDER BY id'),
    runs('expanded', 'SELECT (c).* FROM customers c ORDER BY id'),
    runs(
      'field of a row',
      'SELECT (c).email, (customers_.c).email FROM customers c, (SELECT c FROM customers c) customers_ WHERE (customers_.c).id = c.id ORDER BY c.id',
    ),
    runs('as text', 'SELECT c::text FROM customers c ORDER BY id'),
    fails('cast by type name', 'SELECT text(c) FROM customers c ORDER BY id'),
    runs(
      'row_to_json',
      'SELECT row_to_json(c), to_jsonb(c), to_json(customers.*) FROM customers c JOIN customers USING (id) ORDER BY id',
    ),
    runs('row_to_json of a sub-query', 'SELECT row_to_json(q) FROM (SELECT * FROM customers ORDER BY id) q'),
    runs('hash of a row', 'SELECT hash_record(c) IS NULL, md5(c::text) FROM customers c ORDER BY id'),
    runs('is null', 'SELECT id, c IS NULL, c IS NOT NULL FROM customers c ORDER BY id'),
    runs(
      'concat of a row',
      "SELECT concat(c), format('%s', c), concat_ws(',', c.*) FROM customers c ORDER BY id",
    ),
    runs(
      'array of rows',
      'SELECT ARRAY(SELECT c FROM customers c ORDER BY id), array_agg(c ORDER BY id) FROM customers c',
    ),
    runs(
      'jsonb_each of a row',
      'SELECT e.key, e.value FROM customers c, jsonb_each(to_jsonb(c)) e ORDER BY c.id, 1',
    ),
    runs(
      'populate a record',
      'SELECT p.email FROM customers c, jsonb_populate_record(NULL::customers, to_jsonb(c)) p ORDER BY p.id',
    ),
    runs('row constructor star', 'SELECT ROW(c.*) FROM customers c ORDER BY id'),
    runs('ORDER BY the row', 'SELECT id FROM customers c ORDER BY c'),
    runs('hstore of a row', 'SELECT hstore(c) FROM customers c ORDER BY id'),
    runs(
      'row of a view',
      'SELECT v FROM v_contacts v ORDER BY id',
      'SELECT row_to_json(v) FROM v_nested v ORDER BY id',
    ),
    runs(
      'row of a join',
      'SELECT row_to_json(j) FROM (SELECT c.*, o.id AS order_id FROM customers c JOIN orders o ON o.customer_id = c.id) j ORDER BY (j).order_id',
    ),
    runs('lateral row', 'SELECT l.* FROM customers c, LATERAL (SELECT c.*) l ORDER BY l.id'),
    runs('typed NULL row', 'SELECT (NULL::customers).email'),
  ],
  'views and relatives': [
    refused(
      'place of rows with a star',
      "SELECT * FROM customers WHERE customers.ctid IN (SELECT ctid FROM customers WHERE lower(email) LIKE '_zq7%')",
    ),
    runs(
      'place of rows',
      "SELECT id FROM customers WHERE ctid IN (SELECT ctid FROM customers WHERE lower(email) LIKE '_zq7%') ORDER BY id",
    ),
    refused(
      'writing by a view that filters by it',
      "UPDATE orders SET status = 'z' WHERE customer_id IN (SELECT id FROM v_filtered)",
    ),
    refused(
      'writing by a view that sorts by it',
      'INSERT INTO memo (id) SELECT place::integer FROM v_ranked',
      'SELECT id FROM memo',
    ),
    refused(
      'writing by a count of it',
      'INSERT INTO memo (id) VALUES ((SELECT count(*) FROM v_filtered)) RETURNING id',
    ),
    refused('COPY of a view by name', 'COPY v_contacts TO STDOUT'),
    refused('text of a value as a function of a row', 'SELECT * FROM employees e, salary(e)'),
    runs('outer reference in VALUES', 'SELECT e FROM customers, LATERAL (VALUES (email)) v(e) ORDER BY 1'),
    runs('output functions', 'SELECT record_out(c), textout(c.email::text) FROM customers c ORDER BY id'),
    runs(
      'records from json',
      'SELECT x.email FROM jsonb_to_recordset((SELECT jsonb_agg(c ORDER BY id) FROM customers c)) AS x(email text)',
    ),
    runs(
      'cast of the row to its type',
      'SELECT ((ROW(customers.*))::customers).email, (customers::customers).phone FROM customers ORDER BY id',
    ),
    runs(
      'encryption with a key of ours',
      "SELECT encrypt(email::bytea, 'k', 'aes') FROM customers ORDER BY id",
    ),
    fails('name lookup shows the value', 'SELECT email::regclass FROM customers WHERE id = 1'),
    fails(
      'privilege lookup shows the value',
      "SELECT has_column_privilege('customers', email, 'select') FROM customers WHERE id = 1",
    ),
    runs('plain view', 'SELECT * FROM v_customers ORDER BY id'),
    runs('renaming view', 'SELECT contact FROM v_contacts ORDER BY id'),
    runs('view on a view', 'SELECT shouted FROM v_nested ORDER BY id'),
    runs('view that filters by it', 'SELECT id FROM v_filtered ORDER BY id'),
    runs('view that aggregates it', 'SELECT * FROM v_stats ORDER BY country'),
    runs('security barrier', 'SELECT email FROM v_barrier ORDER BY id'),
    runs('aggregate of a number', 'SELECT * FROM v_salaries ORDER BY department'),
    runs('view of whole rows', 'SELECT all_of_it FROM v_whole ORDER BY id'),
    runs('view that sorts by it', 'SELECT * FROM v_ranked ORDER BY id'),
    runs('view in another schema', 'SELECT email FROM crm.v_ids ORDER BY id'),
    runs('view filtered', "SELECT id FROM v_contacts WHERE contact LIKE '_zq7k%' ORDER BY id"),
    refused('materialised view', 'SELECT id, email FROM m_emails ORDER BY id'),
    runs(
      'partition',
      'SELECT card FROM payments_2025 ORDER BY id',
      'SELECT card FROM payments ORDER BY id',
      'SELECT card FROM ONLY payments',
    ),
    runs(
      'inheritance',
      'SELECT email FROM people ORDER BY id',
      'SELECT email FROM students ORDER BY id',
      'SELECT email FROM ONLY people ORDER BY id',
    ),
    runs('generated column', 'SELECT id, email FROM contacts ORDER BY id'),
    runs('generated column itself', 'SELECT email_key FROM contacts ORDER BY id'),
    runs('row filter', 'SELECT * FROM tickets ORDER BY id'),
    runs('row filter and an alias', 'SELECT count(*), max(t.subject) FROM tickets t'),
    runs('row filter undone by OR', "SELECT subject FROM tickets WHERE true OR region = 'us' ORDER BY id"),
    runs(
      'row filter through a join',
      'SELECT a.subject FROM tickets a RIGHT JOIN generate_series(1, 6) g ON a.id = g ORDER BY g',
    ),
    runs('view of the statistics', 'SELECT * FROM v_statistics ORDER BY 1, 2'),
    refused('view that calls a function', 'SELECT * FROM v_calling ORDER BY 1'),
    refused('view that uses an operator', 'SELECT * FROM v_operating'),
    runs('row filter and locks', 'SELECT subject FROM tickets ORDER BY id FOR UPDATE SKIP LOCKED'),
    refused(
      'row filter and writing',
      "UPDATE tickets SET region = 'eu'",
      'SELECT * FROM tickets ORDER BY id',
    ),
    refused(
      'row filter and writing by number',
      "UPDATE tickets SET region = 'eu' WHERE id = 1 RETURNING *",
      'SELECT * FROM tickets ORDER BY id',
    ),
    runs('row filter and deleting', 'DELETE FROM tickets RETURNING *', 'SELECT count(*) FROM tickets'),
    refused(
      'row filter and MERGE',
      "MERGE INTO tickets t USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET region = 'eu'",
      'SELECT * FROM tickets ORDER BY id',
    ),
    refused('row filter taken along', 'CREATE TABLE work.t AS SELECT * FROM tickets', 'SELECT * FROM work.t'),
    refused(
      'row filter and a trigger table',
      "UPDATE audited SET note = 'x'",
      'SELECT body FROM memo ORDER BY id',
    ),
    refused(
      'deleting from a table with a trigger',
      'DELETE FROM audited WHERE id = 1',
      'SELECT body FROM memo',
    ),
    refused('foreign table definition', 'IMPORT FOREIGN SCHEMA public FROM SERVER far INTO work'),
    refused('refresh of a materialised view', 'REFRESH MATERIALIZED VIEW m_emails'),
    refused('index of a materialised view', 'CREATE UNIQUE INDEX ON m_emails (email)'),
  ],
  routines: [
    refused('SQL function', 'SELECT get_email(1)'),
    refused('SQL function with a parsed body', 'SELECT get_email_atomic(1)'),
    refused('PL/pgSQL function', "SELECT find_email('%k01%')"),
    refused('dynamic function', "SELECT run_text('SELECT email FROM customers')"),
    refused('security definer', 'SELECT secure_email(1)'),
    refused('set-returning function', 'SELECT email FROM all_customers()'),
    refused('qualified function', 'SELECT public.get_email(id) FROM orders'),
    refused('function in WHERE', "SELECT id FROM orders WHERE get_email(customer_id) LIKE '%k%'"),
    refused('function in FROM, LATERAL', 'SELECT * FROM orders o, LATERAL get_email(o.customer_id) e'),
    refused('function that raises notices', 'SELECT note_error()'),
    refused('operator of the owner', "SELECT id FROM orders WHERE customer_id ~@~ '%k%'"),
    refused('operator spelled out', "SELECT id FROM orders WHERE customer_id OPERATOR(public.~@~) '%k%'"),
    refused('cast of the owner', 'SELECT 1::place'),
    refused('cast of the owner, CAST', 'SELECT CAST(id AS place) FROM orders'),
    refused('cast of the owner, as a function', 'SELECT place(1)'),
    refused('procedure', 'CALL fill_memo()'),
    runs(
      'procedure that touches nothing hidden',
      'CALL close_orders()',
      'SELECT status FROM orders WHERE id = 1',
    ),
    runs(
      'trigger that touches what is shown alone',
      "UPDATE stamped SET note = 'x' WHERE id = 1 RETURNING *",
      'SELECT * FROM stamped ORDER BY id',
    ),
    refused(
      'trigger that calls the old row by another name',
      'UPDATE renamed SET id = 9 WHERE id = 1',
      'SELECT body FROM memo',
    ),
    refused('trigger on a table that shows all', 'DELETE FROM asking', 'SELECT body FROM memo'),
    refused('rule on a table that shows all', 'INSERT INTO ruled VALUES (1)', 'SELECT body FROM memo'),
    refused('trigger on rows that go along', 'DELETE FROM followed WHERE id = 1', 'SELECT body FROM memo'),
    runs(
      'rows of a table within values of another',
      'SELECT id, (kept).email, kept, many, (many[1]).email, to_json(k) FROM keeper k ORDER BY id',
    ),
    refused('a partition of a hidden key', 'SELECT id FROM divided_low ORDER BY id'),
    refused('the table of a row of a hidden key', 'SELECT id, tableoid::regclass FROM divided ORDER BY id'),
    refused('plan of a table of a hidden key', 'EXPLAIN ANALYZE SELECT id FROM divided'),
    refused('COPY of a partition of a hidden key', 'COPY divided_low (id) TO STDOUT'),
    refused('changing a partition of a hidden key', 'UPDATE divided_low SET id = 9'),
    runs('table of a hidden key', 'SELECT * FROM divided ORDER BY id'),
    refused('DO', "DO $$BEGIN RAISE NOTICE '%', (SELECT string_agg(email, ',') FROM customers); END$$"),
    refused('DO in SQL text', "DO LANGUAGE plpgsql 'BEGIN PERFORM 1; END'"),
    refused(
      'function of ours',
      "CREATE FUNCTION mine() RETURNS SETOF text LANGUAGE sql AS 'SELECT email FROM customers'",
      'SELECT mine()',
    ),
    refused(
      'temporary function',
      "CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql AS 'SELECT max(email) FROM customers'",
      'SELECT pg_temp.f()',
    ),
    refused('function call in a message with others', 'SELECT 1; SELECT get_email(1)'),
    refused('function behind a harmless-looking CTE', 'WITH x AS (SELECT get_email(1) AS y) SELECT 1 FROM x'),
    refused(
      'function as a default',
      'CREATE TABLE work.d (x text DEFAULT get_email(1))',
      'INSERT INTO work.d DEFAULT VALUES',
      'SELECT * FROM work.d',
    ),
    refused('function in an index', 'CREATE INDEX ON memo (get_email(id))'),
  ],
  'text that is run': [
    refused('query_to_xml', "SELECT query_to_xml('SELECT email FROM customers', true, true, '')"),
    refused('table_to_xml', "SELECT table_to_xml('customers', true, true, '')"),
    refused('schema_to_xml', "SELECT schema_to_xml('public', true, true, '')"),
    refused(
      'cursor_to_xml',
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT email FROM customers',
      "SELECT cursor_to_xml('c', 10, true, true, '')",
    ),
    refused('database_to_xml', "SELECT database_to_xml(true, true, '')"),
    refused('ts_stat', "SELECT * FROM ts_stat('SELECT to_tsvector(email) FROM customers')"),
    refused(
      'ts_rewrite',
      "SELECT ts_rewrite('a'::tsquery, 'SELECT email::tsquery, email::tsquery FROM customers')",
    ),
    refused(
      'dblink',
      "SELECT * FROM dblink('host=127.0.0.1 dbname=shop', 'SELECT email FROM customers') AS t(e text)",
    ),
    refused(
      'dblink_connect and exec',
      "SELECT dblink_connect('x', 'dbname=shop')",
      "SELECT dblink_exec('x', 'INSERT INTO memo SELECT id, email FROM customers')",
    ),
    refused(
      'crosstab',
      "SELECT * FROM crosstab('SELECT id, ''a'', email FROM customers') AS t(id integer, e text)",
    ),
    refused(
      'connectby',
      "SELECT * FROM connectby('employees', 'id', 'salary', '1', 0) AS t(a integer, b integer, c integer)",
    ),
    refused(
      'xpath_table',
      "SELECT * FROM xpath_table('id', 'email', 'customers', '/x', 'true') AS t(id integer, e text)",
    ),
    refused('pg_read_file', "SELECT pg_read_file('base/1/1259')"),
    refused(
      'pg_read_binary_file of a table',
      "SELECT pg_read_binary_file(pg_relation_filepath('customers'))",
    ),
    refused('pg_ls_dir and stat', "SELECT pg_ls_dir('.')", "SELECT * FROM pg_stat_file('PG_VERSION')"),
    refused('large objects', "SELECT lo_import('/etc/passwd')", 'SELECT lo_get(1)'),
    refused('large object of a value', 'SELECT lo_from_bytea(0, email::bytea) FROM customers WHERE id = 1'),
    refused(
      'file_fdw',
      'CREATE SERVER files FOREIGN DATA WRAPPER file_fdw',
      "CREATE FOREIGN TABLE work.f (x text) SERVER files OPTIONS (program 'cat /etc/passwd')",
      'SELECT * FROM work.f',
    ),
    refused(
      'postgres_fdw server',
      "CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'shop')",
    ),
    refused('page inspection', "SELECT * FROM heap_page_items(get_raw_page('customers', 0))"),
    refused('raw pages of an index', "SELECT * FROM bt_page_items('customers_email_key', 1)"),
    refused('pgrowlocks', "SELECT * FROM pgrowlocks('customers')"),
    refused('LOAD', "LOAD 'auto_explain'"),
    refused('extension of ours', 'CREATE EXTENSION adminpack'),
    refused(
      'logical decoding',
      "SELECT pg_create_logical_replication_slot('s', 'test_decoding')",
      "SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)",
    ),
  ],
  'COPY, cursors, prepared': [
    runs('COPY of a query', 'COPY (SELECT * FROM customers ORDER BY id) TO STDOUT'),
    runs('COPY of a table', 'COPY customers TO STDOUT'),
    runs('COPY of some columns', 'COPY customers (id, email) TO STDOUT WITH (FORMAT csv, HEADER)'),
    runs(
      'COPY in binary',
      'COPY (SELECT email, birthday FROM customers ORDER BY id) TO STDOUT (FORMAT binary)',
    ),
    runs('COPY of a view', 'COPY (SELECT * FROM v_contacts ORDER BY id) TO STDOUT'),
    runs('COPY of a filtered table', 'COPY tickets TO STDOUT'),
    runs('COPY of a partition', 'COPY payments_2025 TO STDOUT'),
    refused('COPY to a file', "COPY customers TO '/tmp/leak'"),
    refused('COPY to a program', "COPY customers TO PROGRAM 'cat'"),
    refused('COPY from a program', "COPY memo FROM PROGRAM 'cat /etc/passwd'"),
    refused('COPY from a file', "COPY memo FROM '/etc/passwd'"),
    runs(
      'cursor',
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT email FROM customers ORDER BY id',
      'FETCH 3 FROM c',
      'FETCH ALL FROM c',
      'COMMIT',
    ),
    runs(
      'scrolling cursor with hold',
      'DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT * FROM customers ORDER BY id',
      'FETCH LAST FROM c',
      'FETCH PRIOR FROM c',
      'MOVE FIRST IN c',
      'FETCH NEXT FROM c',
      'CLOSE c',
    ),
    runs(
      'binary cursor',
      'BEGIN',
      'DECLARE c BINARY CURSOR FOR SELECT email FROM customers ORDER BY id',
      'FETCH ALL FROM c',
      'COMMIT',
    ),
    runs(
      'PREPARE',
      'PREPARE p AS SELECT email FROM customers WHERE id < $1 ORDER BY id',
      'EXECUTE p(5)',
      'EXECUTE p(9)',
      'DEALLOCATE p',
    ),
    runs(
      'PREPARE, then another path',
      'SET search_path = archive',
      'PREPARE p AS SELECT email FROM customers ORDER BY id',
      'SET search_path = public',
      'EXECUTE p',
    ),
    runs(
      'PREPARE in a rolled back transaction',
      'BEGIN',
      'PREPARE p AS SELECT email FROM customers WHERE id = 1',
      'ROLLBACK',
      'EXECUTE p',
    ),
    fails(
      'PREPARE over a temporary table',
      'CREATE TEMP TABLE customers (id integer, email text)',
      'PREPARE p AS SELECT email FROM customers ORDER BY id',
      'DROP TABLE customers',
      'EXECUTE p',
    ),
    runs(
      'PREPARE twice under one name',
      'PREPARE p AS SELECT 1',
      'DEALLOCATE p',
      'PREPARE p AS SELECT email FROM customers ORDER BY id',
      'EXECUTE p',
    ),
    runs(
      'probing by EXECUTE',
      'PREPARE p(text) AS SELECT id FROM customers WHERE email LIKE $1 ORDER BY id',
      "EXECUTE p('%k01%')",
    ),
    refused('EXECUTE of what was not prepared', 'EXECUTE nothing'),
    refused('EXPLAIN EXECUTE', 'PREPARE p AS SELECT email FROM customers', 'EXPLAIN ANALYZE EXECUTE p'),
    refused(
      'CREATE TABLE AS EXECUTE',
      'PREPARE p AS SELECT email FROM customers',
      'CREATE TABLE work.t AS EXECUTE p',
    ),
    runs(
      'generic plan',
      'SET plan_cache_mode = force_generic_plan',
      bound('SELECT email FROM customers WHERE email > $1 ORDER BY id', 'b'),
    ),
  ],
  'moving it elsewhere': [
    refused(
      'CREATE TABLE AS',
      'CREATE TABLE work.copy AS SELECT * FROM customers',
      'SELECT * FROM work.copy',
    ),
    refused(
      'CREATE TEMP TABLE AS',
      'CREATE TEMP TABLE copy AS SELECT email FROM customers',
      'SELECT * FROM copy',
    ),
    refused('SELECT INTO', 'SELECT * INTO work.copy FROM customers', 'SELECT * FROM work.copy'),
    refused('CREATE VIEW', 'CREATE VIEW work.v AS SELECT email AS e FROM customers', 'SELECT e FROM work.v'),
    refused('CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW work.m AS SELECT email FROM customers'),
    refused('CREATE RECURSIVE VIEW', 'CREATE RECURSIVE VIEW work.r (e) AS SELECT email FROM customers'),
    refused(
      'INSERT SELECT',
      'INSERT INTO memo SELECT id, email FROM customers',
      'SELECT * FROM memo ORDER BY id',
    ),
    refused(
      'INSERT a sub-query',
      'INSERT INTO memo VALUES (1, (SELECT email FROM customers WHERE id = 1))',
      'SELECT * FROM memo',
    ),
    refused(
      'INSERT chosen by it',
      "INSERT INTO memo SELECT id, 'x' FROM customers WHERE email LIKE '%k%'",
      'SELECT id FROM memo',
    ),
    refused(
      'INSERT by a CTE',
      'WITH c AS (SELECT id, email FROM customers) INSERT INTO memo SELECT * FROM c',
      'SELECT * FROM memo ORDER BY id',
    ),
    refused(
      'DML in a CTE',
      'WITH d AS (INSERT INTO memo SELECT id, email FROM customers RETURNING *) SELECT * FROM d',
      'SELECT * FROM memo ORDER BY id',
    ),
    refused(
      'RETURNING feeds another',
      'WITH d AS (DELETE FROM customers RETURNING *) INSERT INTO memo SELECT id, email FROM d',
      'SELECT * FROM memo',
    ),
    refused(
      'UPDATE within the table',
      'UPDATE customers SET segment = left(email, 20)',
      'SELECT segment FROM customers ORDER BY id',
    ),
    refused(
      'UPDATE of the key column',
      'UPDATE customers SET country = name WHERE id = 1',
      'SELECT country FROM customers WHERE id = 1',
    ),
    refused(
      'UPDATE FROM',
      'UPDATE memo SET body = c.email FROM customers c WHERE c.id = memo.id',
      'SELECT * FROM memo',
    ),
    refused(
      'UPDATE by a sub-query',
      'UPDATE orders SET note = (SELECT email FROM customers c WHERE c.id = orders.customer_id)',
      'SELECT note FROM orders ORDER BY id LIMIT 3',
    ),
    refused(
      'UPDATE by a row sub-query',
      'UPDATE orders SET (note, status) = (SELECT email, phone FROM customers c WHERE c.id = orders.customer_id)',
      'SELECT note FROM orders ORDER BY id LIMIT 3',
    ),
    refused('UPDATE chosen by it', "UPDATE customers SET active = false WHERE email LIKE '_zq7k%'"),
    refused(
      'UPDATE chosen by it, other table',
      "UPDATE orders SET status = 'x' FROM customers c WHERE c.id = customer_id AND c.email LIKE '_zq7k%'",
    ),
    refused('DELETE chosen by it', "DELETE FROM customers WHERE email = 'azq7k01@shop.example'"),
    refused(
      'DELETE USING',
      'DELETE FROM orders USING employees e WHERE e.salary > 800000 AND e.id = orders.id',
    ),
    refused(
      'UPDATE through a view',
      'UPDATE v_contacts SET country = contact WHERE id = 1',
      'SELECT country FROM customers WHERE id = 1',
    ),
    refused('DELETE through a view that filters by it', 'DELETE FROM v_filtered'),
    refused(
      'MERGE on it',
      "MERGE INTO customers c USING (VALUES ('azq7k01@shop.example')) v(e) ON c.email = v.e WHEN MATCHED THEN UPDATE SET active = false",
    ),
    refused(
      'MERGE writes it elsewhere',
      'MERGE INTO memo m USING customers c ON c.id = m.id WHEN NOT MATCHED THEN INSERT VALUES (c.id, c.email)',
      'SELECT * FROM memo',
    ),
    refused(
      'swap hidden columns for shown ones',
      'UPDATE customers SET email = country, country = email WHERE id = 1',
      'SELECT country FROM customers WHERE id = 1',
    ),
    refused(
      'hidden into another mask',
      'UPDATE customers SET birthday = birthday + 100, phone = email',
      'SELECT phone FROM customers ORDER BY id',
    ),
    refused(
      'pg_notify of a value',
      'LISTEN leaks',
      "SELECT pg_notify('leaks', email) FROM customers WHERE id = 1",
    ),
    refused(
      'sequence moved by it',
      "SELECT setval('ticket_numbers', salary) FROM employees WHERE id = 1",
      'SELECT last_value FROM ticket_numbers',
    ),
    runs(
      'nextval as often as it',
      "SELECT nextval('ticket_numbers') FROM generate_series(1, (SELECT salary / 1000 FROM employees WHERE id = 1))",
      'SELECT last_value FROM ticket_numbers',
    ),
    fails(
      'INSERT without what is needed shows the row',
      "INSERT INTO customers (country) VALUES ('JP') RETURNING *",
    ),
    runs('RETURNING of an UPDATE', 'UPDATE customers SET active = false WHERE id = 3 RETURNING id, email'),
    refused('RETURNING a whole row', 'UPDATE customers SET active = false WHERE id = 3 RETURNING customers'),
    refused(
      'RETURNING the row before',
      'UPDATE customers SET active = false WHERE id = 3 RETURNING old.email, new.email',
    ),
    refused(
      'RETURNING the row before by another name',
      'UPDATE customers SET active = false WHERE id = 3 RETURNING WITH (OLD AS o) o.email',
    ),
    runs('RETURNING star', 'UPDATE customers SET active = true WHERE id = 4 RETURNING *'),
    runs('RETURNING of a DELETE', 'DELETE FROM redemptions WHERE id = 2 RETURNING *'),
    runs(
      'RETURNING with an alias',
      "UPDATE customers AS c SET segment = 'x' WHERE c.id = 5 RETURNING c.email, lower(c.name)",
    ),
    runs(
      'RETURNING in a CTE',
      "WITH u AS (UPDATE customers SET segment = 'y' WHERE id = 6 RETURNING *) SELECT email FROM u",
    ),
    refused(
      'RETURNING through a view',
      "UPDATE v_contacts SET country = 'JP' WHERE id = 7 RETURNING contact",
    ),
  ],
  'constraints as oracles': [
    refused('unique with a hidden column, writing the other', "UPDATE pairs SET kind = 'a' WHERE id = 2"),
    refused(
      'unique with a hidden column, ON CONFLICT',
      "INSERT INTO pairs VALUES (3, 'b', 'pzq7k') ON CONFLICT DO NOTHING RETURNING id",
    ),
    refused('unique where a hidden column is so', "UPDATE badges SET kind = 'a' WHERE id = 2"),
    refused(
      'unique where a hidden column is so, on insert',
      "INSERT INTO badges (id, kind) VALUES (3, 'b') ON CONFLICT DO NOTHING",
    ),
    refused(
      'unique violation',
      "INSERT INTO customers (name, email, country) VALUES ('x', 'azq7k01@shop.example', 'JP')",
    ),
    refused(
      'ON CONFLICT DO NOTHING',
      "INSERT INTO customers (name, email, country) VALUES ('x', 'azq7k01@shop.example', 'JP') ON CONFLICT (email) DO NOTHING",
    ),
    refused(
      'ON CONFLICT DO UPDATE',
      "INSERT INTO customers (id, name, email, country) VALUES (1, 'x', 'y@x', 'JP') ON CONFLICT (id) DO UPDATE SET country = customers.email RETURNING country",
    ),
    refused('unique expression', "UPDATE customers SET email = 'AZQ7K01@shop.example' WHERE id = 9"),
    refused('primary key that is hidden', "INSERT INTO vouchers VALUES ('vzq7A6', 1)"),
    refused('foreign key to a hidden key', "INSERT INTO redemptions VALUES (9, 'vzq7A6', '2026-01-01')"),
    refused('check across columns', 'UPDATE employees SET bonus = 800000 WHERE id = 1'),
    refused('new unique index', 'CREATE UNIQUE INDEX ON employees (department, (salary > 800000))'),
    refused('new index on an expression', 'CREATE INDEX ON customers ((1 / (length(email) - 20)))'),
    refused('new check', 'ALTER TABLE employees ADD CONSTRAINT c CHECK (salary < 800000)'),
    refused(
      'new check, not valid',
      'ALTER TABLE employees ADD CONSTRAINT c CHECK (salary < 800000) NOT VALID',
    ),
    refused('new foreign key', 'ALTER TABLE memo ADD FOREIGN KEY (body) REFERENCES vouchers (code)'),
    refused('NOT NULL on it', 'ALTER TABLE customers ALTER phone SET NOT NULL'),
    refused(
      'type change shows the value',
      'ALTER TABLE customers ALTER email TYPE integer USING email::integer',
    ),
    refused('exclusion', 'ALTER TABLE employees ADD EXCLUDE USING btree (salary WITH =)'),
    runs('writing a hidden value blindly', "UPDATE customers SET phone = '+81-1' WHERE id = 10"),
  ],
  definitions: [
    refused(
      'rename the column',
      'ALTER TABLE customers RENAME COLUMN email TO mail',
      'SELECT mail FROM customers',
    ),
    refused('rename the table', 'ALTER TABLE customers RENAME TO clients', 'SELECT email FROM clients'),
    refused(
      'move to another schema',
      'ALTER TABLE customers SET SCHEMA work',
      'SELECT email FROM work.customers',
    ),
    refused('rename the schema', 'ALTER SCHEMA crm RENAME TO crm2', 'SELECT email FROM crm2.customers'),
    refused(
      'swap two tables',
      'ALTER TABLE customers RENAME TO t1',
      'ALTER TABLE orders RENAME TO customers',
      'SELECT email FROM t1',
    ),
    refused(
      'generated column',
      'ALTER TABLE customers ADD copy text GENERATED ALWAYS AS (email) STORED',
      'SELECT copy FROM customers',
    ),
    refused('drop the column', 'ALTER TABLE customers DROP COLUMN email'),
    refused(
      'type change of it',
      'ALTER TABLE customers ALTER segment TYPE text USING email',
      'SELECT segment FROM customers',
    ),
    refused(
      'new column with a default',
      'ALTER TABLE customers ADD x text DEFAULT get_email(1)',
      'SELECT x FROM customers',
    ),
    refused(
      'trigger',
      'CREATE TRIGGER t AFTER UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    ),
    refused(
      'rule',
      'CREATE RULE r AS ON UPDATE TO customers DO ALSO INSERT INTO memo VALUES (old.id, old.email)',
    ),
    refused('policy', "CREATE POLICY p ON customers USING (email LIKE '%k%')"),
    refused(
      'attach as a partition',
      'CREATE TABLE work.p (LIKE payments INCLUDING ALL) PARTITION BY RANGE (paid_on)',
      'ALTER TABLE payments DETACH PARTITION payments_2025',
      "ALTER TABLE work.p ATTACH PARTITION payments_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
      'SELECT card FROM work.p',
    ),
    refused('inherit', 'CREATE TABLE work.child () INHERITS (customers)', 'SELECT * FROM work.child'),
    refused(
      'make it inherit',
      'CREATE TABLE work.parent (id integer, email text)',
      'ALTER TABLE crm.customers INHERIT work.parent',
      'SELECT email FROM work.parent',
    ),
    refused('statistics object', 'CREATE STATISTICS s (mcv) ON email, name FROM customers'),
    refused('statistics target and ANALYZE', 'ALTER TABLE customers ALTER email SET STATISTICS 10000'),
    refused('publication', 'CREATE PUBLICATION p FOR TABLE customers'),
    runs('comment of a value', "COMMENT ON COLUMN customers.email IS 'x'"),
    refused('event trigger', 'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION note_error()'),
    refused('grant', 'GRANT SELECT ON customers TO PUBLIC'),
    refused('role', "CREATE ROLE mallory LOGIN SUPERUSER PASSWORD 'x'"),
    refused('another role', 'SET ROLE pg_read_all_data', 'SELECT email FROM customers'),
    refused(
      'another session authorization',
      'SET SESSION AUTHORIZATION DEFAULT',
      'SET SESSION AUTHORIZATION pg_monitor',
    ),
    refused('operator of ours', 'CREATE OPERATOR === (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)'),
    refused(
      'operator that leaks by cost',
      "CREATE FUNCTION loud(text) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'",
      'SELECT email FROM v_barrier WHERE loud(email)',
    ),
    refused('cast of ours', 'CREATE CAST (varchar AS bytea) WITHOUT FUNCTION'),
    refused('aggregate of ours', 'CREATE AGGREGATE glue (text) (SFUNC = textcat, STYPE = text)'),
    refused('language', 'CREATE LANGUAGE plperl'),
    refused('alter system', "ALTER SYSTEM SET log_statement = 'all'"),
    refused('settings of a role', 'ALTER ROLE ALL SET search_path = archive'),
    refused('settings of the database', 'ALTER DATABASE shop SET client_min_messages = debug5'),
    refused('security label', "SECURITY LABEL ON TABLE customers IS 'x'"),
    runs('truncate', 'TRUNCATE customers CASCADE'),
    refused('cluster by it', 'CLUSTER customers USING customers_email_key', 'SELECT ctid, id FROM customers'),
    refused('drop', 'DROP TABLE customers CASCADE'),
  ],
  'what the server knows': [
    refused('deleting what a hidden column refers to', 'DELETE FROM vouchers WHERE value = 5'),
    refused('listening to what triggers of the owner tell', 'LISTEN changes'),
    runs('telling a masked value', "SELECT pg_notify('leaks', email) FROM customers WHERE id = 1"),
    runs('pg_stats', "SELECT * FROM pg_stats WHERE tablename = 'customers' ORDER BY attname"),
    runs('pg_statistic', "SELECT stavalues1 FROM pg_statistic WHERE starelid = 'customers'::regclass"),
    runs(
      'pg_stats with a schema and an alias',
      'SELECT s.most_common_vals, s.histogram_bounds FROM pg_catalog.pg_stats AS s',
    ),
    runs('pg_statistic_ext_data', 'SELECT * FROM pg_statistic_ext_data'),
    runs('histogram through to_jsonb', 'SELECT to_jsonb(s) FROM pg_stats s'),
    runs(
      'pg_stat_activity',
      "SELECT query FROM pg_stat_activity WHERE query LIKE '%zq7%' AND pid <> pg_backend_pid()",
    ),
    refused('pg_stat_get_activity', 'SELECT query FROM pg_stat_get_activity(NULL)'),
    runs('pg_stat_statements', "SELECT count(query) FROM pg_stat_statements WHERE query LIKE '%masked%'"),
    refused('pg_stat_statements as a function', 'SELECT query FROM pg_stat_statements(true)'),
    refused('current_query', 'SELECT current_query(), email FROM customers'),
    runs(
      'pg_prepared_statements',
      'PREPARE p AS SELECT email FROM customers',
      'SELECT name, statement FROM pg_prepared_statements',
    ),
    runs(
      'pg_cursors',
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT email FROM customers',
      'SELECT name, statement FROM pg_cursors',
      'COMMIT',
    ),
    refused('EXPLAIN', "EXPLAIN SELECT * FROM customers WHERE email = 'azq7k01@shop.example'"),
    refused(
      'EXPLAIN ANALYZE',
      "EXPLAIN (ANALYZE, TIMING off, SUMMARY off) SELECT id FROM customers WHERE email LIKE '%k%'",
    ),
    refused('EXPLAIN VERBOSE', 'EXPLAIN (VERBOSE, COSTS off) SELECT email FROM customers'),
    refused('EXPLAIN of a view', 'EXPLAIN ANALYZE SELECT id FROM v_filtered'),
    refused(
      'debug messages',
      'SET client_min_messages = debug5',
      'SET debug_print_plan = on',
      'SELECT email FROM customers',
    ),
    refused(
      'debug messages by set_config',
      "SELECT set_config('client_min_messages', 'debug5', false)",
      'SELECT email FROM customers',
    ),
    refused('auto_explain', 'SET auto_explain.log_min_duration = 0', 'SELECT email FROM customers'),
    refused('log statements', "SET log_statement = 'all'"),
    refused('SQL inspection by the log', 'SET log_min_messages = debug5'),
    runs('view definition shows nothing of data', "SELECT pg_get_viewdef('v_filtered')"),
    runs(
      'missing values of attributes',
      "SELECT attmissingval FROM pg_attribute WHERE attrelid = 'customers'::regclass ORDER BY attnum",
    ),
    runs('password hashes', 'SELECT rolpassword FROM pg_authid', 'SELECT passwd FROM pg_shadow'),
    runs('user mappings', 'SELECT umoptions FROM pg_user_mappings'),
    runs('large object data', 'SELECT * FROM pg_largeobject'),
    refused('index contents by amcheck', 'CREATE EXTENSION amcheck'),
    refused('vacuum verbose', 'VACUUM VERBOSE customers'),
    refused('the key of the masks', "SELECT current_setting('sekisho.mask_key')", 'SELECT get_email(1)'),
    runs('hash mask shows no key', 'SELECT token FROM customers ORDER BY id'),
    runs('hash mask compared', "SELECT id FROM customers WHERE token = md5('tzq71') ORDER BY id"),
  ],
  'the text itself': [
    refused('NUL', { bytes: Buffer.from('SELECT 1\0; SELECT email FROM customers') }),
    refused('invalid UTF-8', {
      bytes: Buffer.from([...Buffer.from("SELECT '"), 0xff, 0xc3, ...Buffer.from("', email FROM customers")]),
    }),
    refused('overlong UTF-8', {
      bytes: Buffer.from([...Buffer.from('SELECT email FROM customers -- '), 0xc0, 0xa7]),
    }),
    refused('half a multi-byte character swallows a quote', {
      bytes: Buffer.from([...Buffer.from("SELECT '"), 0xe3, ...Buffer.from("', email FROM customers --")]),
    }),
    refused('another client_encoding', "SET client_encoding = 'SJIS'", 'SELECT email FROM customers'),
    refused('another client_encoding by NAMES', "SET NAMES 'GBK'", 'SELECT email FROM customers'),
    refused(
      'another client_encoding by set_config',
      "SELECT set_config('client_encoding', 'BIG5', false)",
      'SELECT email FROM customers',
    ),
    refused('standard_conforming_strings off', 'SET standard_conforming_strings = off', trick),
    refused(
      'standard_conforming_strings by set_config',
      "SELECT set_config('standard_conforming_strings', 'off', false)",
      trick,
    ),
    refused(
      'standard_conforming_strings by SET LOCAL',
      'BEGIN',
      'SET LOCAL standard_conforming_strings TO 0',
      trick,
    ),
    refused(
      'standard_conforming_strings by pg_settings',
      "UPDATE pg_settings SET setting = 'off' WHERE name = 'standard_conforming_strings'",
      trick,
    ),
    refused(
      'standard_conforming_strings by pg_settings, qualified',
      "UPDATE pg_catalog.pg_settings AS s SET setting = 'off' WHERE s.name LIKE 'standard_conf%'",
      trick,
    ),
    refused(
      'standard_conforming_strings by a CTE',
      "WITH u AS (UPDATE pg_settings SET setting = 'off' WHERE name = 'standard_conforming_strings' RETURNING 1) SELECT * FROM u",
      trick,
    ),
    refused(
      'standard_conforming_strings by MERGE',
      "MERGE INTO pg_settings s USING (SELECT 1) x ON s.name = 'standard_conforming_strings' WHEN MATCHED THEN UPDATE SET setting = 'off'",
      trick,
    ),
    refused(
      'standard_conforming_strings of the role',
      'ALTER ROLE app SET standard_conforming_strings = off',
      trick,
    ),
    runs('the trick without the setting', trick),
    runs('escape string', "SELECT E'\\'', email, E'\\\\' FROM customers ORDER BY id"),
    runs('dollar quote with a tag', 'SELECT $a$ $b$ customers $b$ $a$, email FROM customers ORDER BY id'),
    runs('string over two lines', "SELECT 'a'\n'b', email FROM customers ORDER BY id"),
    runs('bit and hex strings', "SELECT X'1F', B'01', U&'\\0061', email FROM customers ORDER BY id"),
    refused('psql variable', 'SELECT :x, email FROM customers'),
    refused('not SQL', 'SELEC email FROM customers'),
    refused('MySQL quotes', 'SELECT `email` FROM customers'),
    refused('very deep', `SELECT ${'('.repeat(3_000)}get_email(1)${')'.repeat(3_000)}`),
    refused('very long', `SELECT email FROM customers -- ${'x'.repeat(1_100_000)}`),
    runs(
      'long list',
      `SELECT id FROM customers WHERE email IN (${Array.from({ length: 2_000 }, (_, n) => `'azq7k${n}@shop.example'`).join(', ')}) ORDER BY id`,
    ),
    runs(
      'many columns',
      `SELECT ${Array.from({ length: 300 }, () => 'email').join(', ')} FROM customers ORDER BY id LIMIT 2`,
    ),
    fails('position of an error', 'SELECT no_such_column, email FROM customers'),
    fails('error that hints at a column', 'SELECT emial FROM customers'),
    fails('ambiguous column', 'SELECT email FROM customers a, customers b'),
    fails('hint of a similar column in another table', 'SELECT customers.x FROM customers c'),
    fails(
      'JSON_TABLE, which this server does not know',
      "SELECT j.v FROM customers c, JSON_TABLE(c.profile, '$' COLUMNS (v text PATH '$.mail')) j",
    ),
    refused(
      'statement of a newer server',
      'ALTER TABLE customers SPLIT PARTITION x INTO (PARTITION y FOR VALUES IN (1))',
    ),
    refused(
      'transaction of two phases shows nothing',
      'BEGIN',
      'SELECT email FROM customers',
      'EXPLAIN SELECT email FROM customers',
      'ROLLBACK',
    ),
  ],
  'messages of the protocol': [
    runs(
      'named statement',
      messages(
        parse('s', emails),
        describeStatement('s'),
        bind('p', 's'),
        describePortal('p'),
        execute('p'),
        sync,
      ),
    ),
    runs(
      'portal in parts',
      messages(parse('s', emails), bind('p', 's'), execute('p', 2), execute('p', 2), execute('p'), sync),
    ),
    runs(
      'statement kept, path changed',
      'SET search_path = archive',
      messages(parse('s', emails), sync),
      'SET search_path = public',
      messages(...asked),
    ),
    runs(
      'path changed in one pipeline',
      'SET search_path = archive',
      messages(
        parse('', 'SET search_path = public'),
        bind('', ''),
        execute(''),
        parse('s', emails),
        bind('', 's'),
        execute(''),
        sync,
      ),
    ),
    runs(
      'path changed back in one pipeline',
      messages(
        parse('', 'SET search_path = archive'),
        bind('', ''),
        execute(''),
        parse('s', emails),
        bind('', 's'),
        execute(''),
        parse('', 'SET search_path = public'),
        bind('', ''),
        execute(''),
        bind('', 's'),
        execute(''),
        sync,
      ),
    ),
    runs(
      'path changed by a simple query between',
      'SET search_path = archive',
      messages(parse('s', emails), sync),
      'SET search_path = public',
      messages(bind('', 's'), flush, execute(''), sync),
    ),
    runs(
      'path set in a transaction that fails',
      'SET search_path = archive',
      messages(parse('s', emails), sync),
      'BEGIN; SET search_path = public; SAVEPOINT a',
      messages(...asked),
      'ROLLBACK',
      messages(...asked),
    ),
    runs(
      'temporary table gone below a statement',
      'CREATE TEMP TABLE customers (id integer, email text)',
      messages(parse('s', emails), sync),
      'DROP TABLE pg_temp.customers',
      messages(...asked),
    ),
    refused('statement of the protocol by EXECUTE', messages(parse('s', emails), sync), 'EXECUTE s'),
    refused(
      'statement of SQL by the protocol',
      `PREPARE s AS ${emails}`,
      messages(...asked),
      'EXECUTE s; SELECT get_email(1)',
    ),
    refused('statement that is not there', messages(bind('', 'none'), execute(''), sync), 'EXECUTE none'),
    refused('call of a function by number', messages(callFunction(2168, 'x'))),
    refused('call of pg_read_file by number', messages(callFunction(3826, 'PG_VERSION'))),
    refused(
      'two statements in one Parse',
      messages(parse('', `SELECT get_email(1); ${emails}`), bind('', ''), execute(''), sync),
    ),
    refused(
      'refused in the middle of a pipeline',
      messages(
        parse('', 'SELECT 1'),
        bind('', ''),
        execute(''),
        parse('', 'SELECT get_email(1)'),
        bind('', ''),
        execute(''),
        parse('', emails),
        bind('', ''),
        execute(''),
        sync,
      ),
      emails,
    ),
    runs(
      'statement renamed by closing it',
      messages(parse('s', 'SELECT id, note FROM orders'), sync),
      messages(closeStatement('s'), parse('s', emails), ...asked),
    ),
    runs(
      'unnamed statement replaced',
      messages(parse('', 'SELECT 1'), parse('', emails), bind('', ''), execute(''), sync),
    ),
    runs(
      'simple query in a pipeline',
      messages(parse('s', emails), bind('', 's'), execute(''), sync, simple(emails)),
      'SELECT 1',
    ),
    runs(
      'binary and text mixed',
      messages(
        parse('s', 'SELECT email, birthday, balance FROM customers ORDER BY id'),
        bind('', 's', [], true),
        execute(''),
        sync,
      ),
    ),
    runs(
      'parameters that probe',
      messages(
        parse('s', 'SELECT id FROM customers WHERE email LIKE $1 ORDER BY id'),
        bind('', 's', ['%k01%']),
        execute(''),
        bind('', 's', ['%m11%']),
        execute(''),
        sync,
      ),
    ),
    fails(
      'error of a statement that is described',
      messages(
        parse('s', 'SELECT email::integer FROM customers ORDER BY id'),
        describeStatement('s'),
        bind('', 's'),
        execute(''),
        sync,
      ),
    ),
    runs(
      'COPY by the extended protocol',
      messages(
        parse('', 'COPY (SELECT email FROM customers ORDER BY id) TO STDOUT'),
        bind('', ''),
        execute(''),
        sync,
      ),
    ),
    runs(
      'cursor of SQL and a portal of one name',
      'BEGIN',
      'DECLARE p CURSOR FOR SELECT email FROM customers ORDER BY id',
      messages(parse('s', 'FETCH ALL FROM p'), bind('', 's'), execute(''), sync),
      'COMMIT',
    ),
  ],
}

export const corpus: readonly BypassRow[] = Object.entries(sections).flatMap(([category, rows]) =>
  rows.map(row => ({ ...row, category })),
)

/** Whether anything of it, once let through, could be seen by a later row. */
export function changesWorld(row: BypassRow): boolean {
  return row.statements.some(sent => {
    const text = typeof sent === 'string' ? sent : 'text' in sent ? sent.text : ''
    return /\b(?:insert|update|delete|merge|create|alter|drop|truncate|copy|cluster|refresh|import|grant|comment|into|nextval|setval|do|call|lo_\w+|get_\w+|run_\w+|dblink\w*|pg_\w+slot)\b/i.test(
      text,
    )
  })
}
