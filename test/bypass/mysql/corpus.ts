// The ways round for MySQL and MariaDB: each row is something a person could try to see what is hidden. Only ever added to.

import type { Sent } from './wire.ts'

/** `runs`: every statement is let through (masked). `refused`: at least one of them is refused. Neither is ever loosened. */
export interface BypassRow {
  readonly name: string
  readonly category: string
  readonly expect: 'runs' | 'refused'
  /** In one session, in this order. After a refusal the session goes on, as an attacker would. */
  readonly statements: readonly Sent[]
  /** Is let through, and must be answered with an error of the target in both worlds alike. */
  readonly fails?: boolean
  /** What the gateway keeps to itself of an answer is not kept by the dialect alone. */
  readonly onlyGateway?: boolean
}

type Draft = Omit<BypassRow, 'category'>

const runs = (name: string, ...statements: Sent[]): Draft => ({ name, expect: 'runs', statements })
const fails = (name: string, ...statements: Sent[]): Draft => ({
  name,
  expect: 'runs',
  statements,
  fails: true,
})
/** Through the gateway only: it replaces what the target tells of the rows that changed, and knows of transactions. */
const relayed = (expect: 'runs' | 'refused', name: string, ...statements: Sent[]): Draft => ({
  name,
  expect,
  statements,
  onlyGateway: true,
})
const refused = (name: string, ...statements: Sent[]): Draft => ({ name, expect: 'refused', statements })
const bound = (text: string, ...parameters: (string | null)[]): Sent => ({ text, parameters })
const command = (code: number, body = ''): Sent => ({ command: code, body })
const bytes = (text: string): Sent => ({ bytes: Buffer.from(text, 'latin1') })

const emails = 'SELECT id, email FROM customers ORDER BY id'

const sections: Readonly<Record<string, readonly Draft[]>> = {
  'reading it plainly': [
    runs('column', 'SELECT email FROM customers ORDER BY id'),
    runs('star', 'SELECT * FROM customers ORDER BY id'),
    runs('qualified star', 'SELECT c.* FROM customers c ORDER BY id'),
    runs('table star', 'SELECT customers.* FROM customers ORDER BY customers.id'),
    runs('database star', 'SELECT shop.customers.* FROM shop.customers ORDER BY shop.customers.id'),
    runs('alias of a column', 'SELECT email AS id, id AS email FROM customers ORDER BY 2'),
    runs('alias without AS', "SELECT email 'id', id 'email' FROM customers ORDER BY 2"),
    runs('alias of a table', 'SELECT orders.email FROM customers orders ORDER BY orders.id'),
    runs('database-qualified', 'SELECT shop.customers.email FROM shop.customers ORDER BY id'),
    runs('blanks around dots', 'SELECT shop . customers . email FROM shop . customers ORDER BY id'),
    runs('other database, then back', 'USE crm', 'SELECT * FROM shop.customers ORDER BY id'),
    runs('quoted', 'SELECT `email` FROM `shop`.`customers` ORDER BY `id`'),
    runs('case of columns', 'sElEcT EMAIL fRoM customers oRdEr By ID'),
    runs('odd names', 'SELECT `E ``Mail`, `Id 1` FROM `Odd ``Table` ORDER BY 2'),
    runs('odd names, star and alias', 'SELECT `X `` y`.* FROM `Odd ``Table` AS `X `` y` ORDER BY `Id 1`'),
    runs('semicolon at the end', 'SELECT email FROM customers ORDER BY id;'),
    runs('two statements', 'SELECT 1; SELECT email FROM customers ORDER BY id'),
    runs('second of three', 'SELECT 1; SELECT phone FROM customers ORDER BY id; SELECT 2'),
    runs(
      'every hidden column',
      'SELECT name, email, phone, card, birthday, address, balance, profile, grade, photo, token FROM customers ORDER BY id',
    ),
    runs(
      'other tables',
      'SELECT * FROM employees ORDER BY id',
      'SELECT * FROM vouchers ORDER BY value',
      'SELECT * FROM redemptions ORDER BY id',
    ),
    runs('second database', 'SELECT * FROM crm.customers ORDER BY id'),
    runs('prepared', bound('SELECT email FROM customers WHERE id = ?', '3')),
    runs('prepared, star', bound('SELECT * FROM customers WHERE country = ? ORDER BY id', 'DE')),
    runs('prepared, by cursor', {
      text: 'SELECT id, email, birthday, balance FROM customers ORDER BY id',
      cursor: true,
    }),
    runs('parameter as the output', bound('SELECT ?, email FROM customers WHERE id = 1', 'x')),
    runs('multi-byte text before', "SELECT '日本語 🗻', email, 'é' FROM customers ORDER BY id"),
    runs('multi-byte alias', 'SELECT メール.email AS `宛先` FROM customers AS メール ORDER BY id'),
    runs('partition', 'SELECT card FROM payments PARTITION (p2025) ORDER BY id'),
    runs('partitions of a star', 'SELECT * FROM payments PARTITION (p2025, p2026) AS p ORDER BY id'),
    runs(
      'index hints',
      'SELECT email FROM customers USE INDEX (email) ORDER BY id',
      'SELECT email FROM customers c FORCE INDEX (PRIMARY) IGNORE INDEX FOR ORDER BY (email) ORDER BY id',
    ),
    runs(
      'HIGH_PRIORITY and others',
      'SELECT HIGH_PRIORITY SQL_NO_CACHE SQL_SMALL_RESULT email FROM customers ORDER BY id',
    ),
    runs('DISTINCTROW', 'SELECT DISTINCTROW address FROM customers ORDER BY 1'),
    runs('row filter', 'SELECT * FROM tickets ORDER BY id'),
    runs(
      'row filter and what remembers',
      "SET @seen = ''",
      "SELECT id FROM tickets WHERE (@seen := CONCAT(@seen, ',', subject)) IS NOT NULL ORDER BY id",
      'SELECT @seen',
      "SELECT * FROM (SELECT * FROM tickets) t WHERE (@seen := CONCAT(@seen, ',', subject)) IS NULL",
      'SELECT @seen',
      "SELECT o.id FROM orders o JOIN tickets t ON (@seen := CONCAT(@seen, ',', t.subject)) IS NOT NULL WHERE o.id < 3 ORDER BY o.id",
      'SELECT @seen',
      "UPDATE tickets SET id = id WHERE (@seen := CONCAT(@seen, ',', subject)) IS NULL",
      'SELECT @seen',
    ),
    runs(
      'row filter and what fails',
      "SELECT id FROM tickets WHERE IF(subject LIKE 'azq7%', (SELECT 1 UNION SELECT 2), 0)",
      "SELECT id FROM tickets WHERE IF(subject LIKE 'uzq7k0%', (SELECT 1 UNION SELECT 2), 0)",
    ),
    runs('row filter and what warns', 'SELECT id FROM tickets WHERE subject = 0', 'SELECT @@warning_count'),
    runs(
      'row filter and its key',
      'SELECT id FROM claims WHERE id = 11 OR subject > 0 ORDER BY id',
      'SELECT max(id), min(subject) FROM claims',
    ),
    refused(
      'row filter and what reading is thought to cost',
      "SELECT * FROM claims WHERE subject LIKE 'uzq7%'",
      "SHOW STATUS LIKE 'Last_query_cost'",
    ),
    fails(
      'row filter and how many rows may be read',
      'SET max_join_size = 100, sql_big_selects = 0',
      "SELECT c.id FROM claims c, (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) x, orders o WHERE c.subject BETWEEN 'uzq7k0' AND 'uzq7k05' LIMIT 1",
      "SET STATEMENT max_join_size = 5 FOR SELECT id FROM claims WHERE subject BETWEEN 'uzq7k0' AND 'uzq7k05'",
    ),
    runs(
      'row filter behind SET STATEMENT',
      "SET @seen = ''",
      "SET STATEMENT max_statement_time = 10 FOR UPDATE tickets SET id = id WHERE (@seen := CONCAT(@seen, ',', subject)) IS NULL",
      'SELECT @seen',
    ),
    refused('row filter and a key that is taken', 'UPDATE claims SET id = 11 WHERE id = 2'),
    refused(
      'row filter and a key that is taken, ignored',
      'UPDATE IGNORE claims SET id = id * 10 + 1 WHERE id < 7',
    ),
    refused('row filter and the rows that are examined', 'SELECT id FROM tickets LIMIT ROWS EXAMINED 3'),
    refused(
      'row filter of a join that remembers',
      "UPDATE tickets t JOIN orders o ON (@seen := t.subject) IS NOT NULL SET o.note = 'x'",
      "UPDATE tickets t JOIN orders o ON (@seen := t.subject) IS NOT NULL SET t.subject = 'x'",
    ),
    runs('row filter counted', "SELECT count(*) FROM tickets WHERE region = 'us' OR 1 = 1"),
    runs('generated column', 'SELECT email_key FROM contacts ORDER BY id'),
  ],
  lexer: [
    runs('comments inside', 'SELECT/**/email/* /* not nested */FROM customers ORDER/**/BY id'),
    runs('line comments', 'SELECT email -- x\n FROM customers # y\n ORDER BY id'),
    runs('minus minus without a blank', 'SELECT 1--1, email FROM customers ORDER BY id'),
    runs('version comment that runs', 'SELECT id, /*! email */ FROM customers ORDER BY id'),
    runs(
      'version comment around UNION',
      'SELECT 1 AS x /*! UNION ALL SELECT email FROM customers */ ORDER BY x',
    ),
    runs(
      'version comment with a number',
      'SELECT 1 AS x /*!50000 UNION ALL SELECT email FROM customers */ ORDER BY x',
    ),
    runs(
      'version comment of six digits',
      'SELECT 1 AS x /*!100100 UNION ALL SELECT email FROM customers */ ORDER BY x',
    ),
    runs(
      'version comment for MySQL 8 does not run here',
      'SELECT 1 AS x /*!80000 UNION ALL SELECT email FROM customers */ ORDER BY x',
    ),
    runs('MariaDB comment', 'SELECT 1 AS x /*M! UNION ALL SELECT email FROM customers */ ORDER BY x'),
    runs(
      'MariaDB comment with a number',
      'SELECT 1 AS x /*M!100100 UNION ALL SELECT email FROM customers */ ORDER BY x',
    ),
    runs('version comment in a table name', 'SELECT email FROM /*!50000 shop . */ customers ORDER BY id'),
    refused('version comment splits a word', 'SELECT 1 FROM ord/*! */ers ORDER BY 1'),
    runs('version comment hides a comma', 'SELECT id/*!, email*/ FROM customers ORDER BY id'),
    runs(
      'a version comment of MySQL hides the end of another',
      'SELECT 1 AS x /*!99999 */ UNION ALL SELECT email FROM customers ORDER BY x',
    ),
    runs('backslash escapes', "SELECT '\\'', email, 'x' FROM customers ORDER BY id"),
    runs('doubled quotes', 'SELECT \'it\'\'s\', "say ""it""", email FROM customers ORDER BY id'),
    runs(
      'NO_BACKSLASH_ESCAPES',
      "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "SELECT '\\', (SELECT group_concat(email) FROM customers) -- '",
    ),
    runs(
      'one literal where backslashes escape',
      "SELECT '\\', (SELECT group_concat(email) FROM customers) -- '",
    ),
    runs('ANSI_QUOTES', "SET sql_mode = 'ANSI_QUOTES'", 'SELECT "email" FROM "customers" ORDER BY "id"'),
    runs(
      'ANSI_QUOTES by ANSI',
      "SET SESSION sql_mode = 'ANSI'",
      'SELECT "email" FROM "shop"."customers" ORDER BY "id"',
    ),
    runs(
      'ANSI_QUOTES and the name of a variable',
      "SET sql_mode = 'ANSI_QUOTES'",
      'SELECT @"\\", email AS ", " FROM customers ORDER BY id -- "',
    ),
    runs('double quotes are strings', 'SELECT "email" FROM customers ORDER BY id'),
    refused(
      'mode changed in the same message',
      'SET sql_mode = \'ANSI_QUOTES\'; SELECT "email" FROM customers ORDER BY id',
    ),
    runs(
      'PIPES_AS_CONCAT',
      "SET sql_mode = 'PIPES_AS_CONCAT'",
      'SELECT email || name FROM customers ORDER BY id',
    ),
    runs('pipes as OR', "SELECT email LIKE '%k0%' || name FROM customers ORDER BY id"),
    runs('IGNORE_SPACE', "SET sql_mode = 'IGNORE_SPACE'", 'SELECT count (*), max (email) FROM customers'),
    runs(
      'hexadecimal literals',
      "SELECT id FROM customers WHERE email = 0x617A7137 OR email LIKE x'25' ORDER BY id",
    ),
    runs('bit literals', "SELECT b'1', 0b101, email FROM customers ORDER BY id"),
    runs('introducers', "SELECT _utf8mb4'x', _latin1'y', N'z', email FROM customers ORDER BY id"),
    refused(
      'introducer of a character set that hides quotes',
      "SELECT _gbk'\\', (SELECT group_concat(email) FROM customers) -- '",
    ),
    refused(
      'connection of a character set that hides quotes',
      'SET NAMES gbk',
      bytes("SELECT '\xbf\\', (SELECT group_concat(email) FROM customers) -- '"),
    ),
    refused(
      'character set by variables',
      "SET character_set_client = 'sjis'",
      bytes("SELECT '\x95\\', (SELECT group_concat(email) FROM customers) -- '"),
    ),
    runs('adjacent strings', "SELECT 'a' 'b', email FROM customers ORDER BY id"),
    runs('names that begin with digits', 'SELECT 1e5, customers.email FROM customers ORDER BY id'),
    runs('names with dollars', 'SELECT c$.email FROM customers c$ ORDER BY id'),
    runs('number and name', 'SELECT .5, 1.e2, email FROM customers ORDER BY id'),
    refused('NUL byte', bytes('SELECT 1\0; SELECT email FROM customers')),
    runs('tabs and returns', 'SELECT\temail\fFROM\ncustomers\rORDER BY id'),
    refused('bytes that are not UTF-8', bytes("SELECT '\xff', email FROM customers")),
    runs('ODBC', "SELECT {fn lcase(email)}, {d '2026-01-01'} FROM customers ORDER BY id"),
    runs(
      'ODBC join',
      'SELECT a.id, b.email FROM {oj orders a LEFT OUTER JOIN customers b ON b.id = a.customer_id} ORDER BY 1',
    ),
  ],
  expression: [
    runs('function', 'SELECT lower(email), upper(name), md5(phone) FROM customers ORDER BY id'),
    runs('nested functions', "SELECT reverse(reverse(replace(email, '@', '#'))) FROM customers ORDER BY id"),
    runs('length', 'SELECT length(email), char_length(name), bit_length(address) FROM customers ORDER BY id'),
    runs(
      'substring by position',
      'SELECT substring(email, 2, 5), left(name, 4), right(phone, 9), mid(email FROM 2 FOR 3) FROM customers ORDER BY id',
    ),
    runs(
      'regular expressions',
      "SELECT email REGEXP 'k0', regexp_replace(email, '(.)', 'x\\\\1'), regexp_substr(email, 'z.*'), regexp_instr(email, '7') FROM customers ORDER BY id",
    ),
    runs('substring_index', "SELECT substring_index(email, '@', 1) FROM customers ORDER BY id"),
    runs(
      'ascii and ord',
      'SELECT ascii(substr(email, 5)), ord(email), hex(email), bin(ascii(email)) FROM customers ORDER BY id',
    ),
    runs('concatenation', "SELECT concat(email, ''), concat_ws(',', email, name) FROM customers ORDER BY id"),
    runs(
      'cast',
      'SELECT CAST(email AS binary), CONVERT(birthday, char), CONVERT(name USING latin1) FROM customers ORDER BY id',
      'SELECT CAST(salary AS char) FROM employees ORDER BY id',
    ),
    runs('BINARY and COLLATE', 'SELECT BINARY email, email COLLATE utf8mb4_bin FROM customers ORDER BY id'),
    runs('CASE', "SELECT CASE WHEN email LIKE '%k0%' THEN 1 ELSE 0 END FROM customers ORDER BY id"),
    runs(
      'IF and IFNULL',
      "SELECT if(email > 'b', 1, 0), ifnull(phone, email), nullif(email, ''), coalesce(phone, email) FROM customers ORDER BY id",
    ),
    runs(
      'greatest, least, elt, field',
      "SELECT greatest(email, name), least(email, name), elt(1, email), field(email, 'azq7k01@shop.example') FROM customers ORDER BY id",
    ),
    runs(
      'find_in_set, locate, strcmp, interval',
      "SELECT find_in_set(email, 'a,b'), locate('k', email), strcmp(email, name), interval(salary, 700000, 800000) FROM employees ORDER BY id",
    ),
    runs(
      'arithmetic',
      'SELECT salary + 0, -salary, salary DIV 7, salary MOD 7, salary ^ 1, ~salary, bonus - salary FROM employees ORDER BY id',
    ),
    runs(
      'bits',
      'SELECT salary & 1, salary >> 3, bit_count(salary), conv(salary, 10, 36) FROM employees ORDER BY id',
    ),
    runs(
      'dates',
      "SELECT dayofyear(birthday), date_format(birthday, '%m%d'), birthday + INTERVAL 1 DAY, datediff('2026-01-01', birthday), extract(MONTH FROM birthday), unix_timestamp(birthday), to_days(birthday) FROM customers ORDER BY id",
    ),
    runs(
      'json',
      "SELECT json_object('a', email), json_array(email, name), json_quote(email) FROM customers ORDER BY id",
    ),
    runs(
      'json paths',
      "SELECT json_extract(profile, '$.mail'), json_value(profile, '$.mail'), json_unquote(profile), json_valid(profile) FROM customers ORDER BY id",
    ),
    runs('enum', 'SELECT grade + 0, grade FROM customers ORDER BY id'),
    runs('blob', 'SELECT hex(photo), length(photo) FROM customers ORDER BY id'),
    runs(
      'digest and crypt',
      "SELECT sha1(email), sha2(email, 256), crc32(email), hex(aes_encrypt(email, 'k')), password(email), to_base64(email) FROM customers ORDER BY id",
    ),
    runs('soundex', 'SELECT soundex(email), email SOUNDS LIKE name FROM customers ORDER BY id'),
    runs('compress', 'SELECT length(compress(email)), hex(weight_string(email)) FROM customers ORDER BY id'),
    runs(
      'charset functions',
      'SELECT charset(email), collation(email), coercibility(id) FROM customers ORDER BY id',
    ),
    runs('user variable from it', 'SELECT @x := email FROM customers WHERE id = 1', 'SELECT @x'),
    runs('row comparison', "SELECT id FROM customers WHERE (email, id) > ('azq7k01', 1) ORDER BY id"),
    runs('NULL-safe', "SELECT email <=> 'azq7k01@shop.example', email IS NULL FROM customers ORDER BY id"),
    runs(
      'xml functions',
      "SELECT extractvalue(concat('<a>', email, '</a>'), '/a') FROM customers ORDER BY id",
    ),
    runs('VALUES of a row', 'VALUES ((SELECT email FROM customers WHERE id = 1), 2)'),
    runs('time oracle', 'SELECT sleep(salary / 100000000) FROM employees WHERE id = 1'),
    runs('benchmark', 'SELECT benchmark(10, md5(email)) FROM customers WHERE id = 1'),
    runs(
      'named locks',
      'SELECT get_lock(email, 0), is_used_lock(email) IS NULL, release_lock(email) FROM customers WHERE id = 1',
    ),
    runs('uuid and random by it', 'SELECT rand(salary) FROM employees ORDER BY id'),
    runs('DEFAULT of a column', 'SELECT default(segment) IS NULL, email FROM customers WHERE 1 = 0'),
    runs(
      'last_insert_id of it',
      'SELECT last_insert_id(salary) FROM employees WHERE id = 1',
      'SELECT last_insert_id()',
    ),
  ],
  inference: [
    runs('equality', "SELECT id FROM customers WHERE email = 'azq7k01@shop.example' ORDER BY id"),
    runs(
      'equality by parameter',
      bound('SELECT id FROM customers WHERE email = ? ORDER BY id', 'azq7k01@shop.example'),
    ),
    runs('LIKE', "SELECT id FROM customers WHERE email LIKE '_zq7k%' ORDER BY id"),
    runs('LIKE ESCAPE', "SELECT id FROM customers WHERE email LIKE '_zq7k%' ESCAPE '|' ORDER BY id"),
    runs('RLIKE', "SELECT count(*) FROM customers WHERE email RLIKE 'k[0-4]'"),
    runs(
      'range',
      "SELECT id FROM customers WHERE birthday BETWEEN '1960-01-01' AND '1990-07-01' AND email > 'azq7l' ORDER BY id",
    ),
    runs('number by halves', 'SELECT id FROM employees WHERE salary > 800000 ORDER BY id'),
    runs(
      'IN',
      "SELECT id FROM customers WHERE email IN ('azq7k01@shop.example', 'bzq7k06@shop.example') ORDER BY id",
    ),
    runs('EXISTS', "SELECT 1 FROM DUAL WHERE EXISTS (SELECT 1 FROM customers WHERE email LIKE '%k01%')"),
    runs(
      'NOT IN',
      "SELECT id FROM customers c WHERE email NOT IN (SELECT email FROM customers WHERE email < 'b') ORDER BY id",
    ),
    runs('ALL', 'SELECT id FROM employees WHERE salary >= ALL (SELECT salary FROM employees) ORDER BY id'),
    runs('scalar sub-query', 'SELECT (SELECT email FROM customers WHERE id = 1)'),
    runs(
      'sub-query in every place',
      "SELECT (SELECT min(email) FROM customers), (SELECT 1 FROM DUAL WHERE (SELECT max(email) FROM customers) > 'c') ORDER BY (SELECT max(phone) FROM customers)",
    ),
    runs(
      'correlated sub-query',
      'SELECT o.id, (SELECT c.email FROM customers c WHERE c.id = o.customer_id) FROM orders o ORDER BY o.id',
    ),
    runs(
      'correlated the other way',
      'SELECT c.id, (SELECT count(*) FROM orders o WHERE c.email < o.note) FROM customers c ORDER BY c.id',
    ),
    runs('full text', "SELECT id FROM orders WHERE note LIKE '%1%' ORDER BY id"),
    refused(
      'full text on it',
      "SELECT id FROM notes WHERE MATCH (body) AGAINST ('nzq7k01' IN BOOLEAN MODE) ORDER BY id",
    ),
    refused('full text score of it', "SELECT id, MATCH (address) AGAINST ('zq7') FROM customers ORDER BY id"),
    runs(
      'error only if a guess is right',
      "SELECT CASE WHEN email LIKE '_zq7k%' THEN (SELECT 1 UNION SELECT 2) ELSE 1 END FROM customers WHERE id = 1",
    ),
    fails('more than one row', 'SELECT (SELECT email FROM customers)'),
    runs('number out of range', 'SELECT exp(salary) FROM employees WHERE id = 1'),
    fails(
      'xml error shows the value',
      "SELECT updatexml(1, concat('~', (SELECT email FROM customers WHERE id = 1)), 1)",
    ),
    fails(
      'xpath error shows the value',
      'SELECT extractvalue(1, concat(0x7e, (SELECT email FROM customers WHERE id = 1)))',
    ),
    fails(
      'floor(rand(0)*2) error',
      'SELECT count(*), concat((SELECT email FROM customers WHERE id = 1), floor(rand(0) * 2)) x FROM orders GROUP BY x ORDER BY 2',
    ),
    fails(
      'date error',
      "SELECT id FROM customers WHERE birthday > CAST('2026-13-45' AS date) AND (SELECT email FROM customers) = ''",
    ),
    runs('warnings after a cast', 'SELECT email + 0 FROM customers WHERE id = 1'),
    runs(
      'warnings of a cast are of the mask',
      'SELECT CAST(email AS signed), CAST(birthday AS signed) FROM customers WHERE id = 1',
      'SHOW COUNT(*) WARNINGS',
    ),
    runs(
      'FOUND_ROWS',
      "SELECT SQL_CALC_FOUND_ROWS id FROM customers WHERE email LIKE '%k0%' LIMIT 1",
      'SELECT found_rows()',
    ),
    runs('ROW_COUNT', "SELECT id FROM customers WHERE email LIKE '%k0%'", 'SELECT row_count()'),
  ],
  'counting and sorting by it': [
    runs(
      'min and max',
      'SELECT min(email), max(email), min(birthday) FROM customers',
      'SELECT max(salary) FROM employees',
    ),
    runs('group_concat', "SELECT group_concat(email ORDER BY id SEPARATOR ';') FROM customers"),
    runs('group_concat ordered by it', 'SELECT group_concat(id ORDER BY email, id) FROM customers'),
    runs('json_arrayagg', 'SELECT json_arrayagg(email), json_objectagg(id, email) FROM customers'),
    runs(
      'sum and avg',
      'SELECT sum(salary), avg(salary), stddev(salary), bit_xor(salary), variance(salary) FROM employees',
    ),
    runs('count distinct', 'SELECT count(DISTINCT email), count(DISTINCT address, birthday) FROM customers'),
    runs('GROUP BY', 'SELECT email, count(*) FROM customers GROUP BY email ORDER BY 1'),
    runs('GROUP BY its groups', 'SELECT count(*) FROM customers GROUP BY address ORDER BY 1'),
    runs('GROUP BY ordinal', 'SELECT address, count(*) FROM customers GROUP BY 1 ORDER BY 1, 2'),
    runs('GROUP BY alias', 'SELECT substr(email, 2, 6) AS s, count(*) FROM customers GROUP BY s ORDER BY 1'),
    runs(
      'GROUP BY an alias named like a column',
      'SELECT country AS email, count(*) FROM customers GROUP BY email ORDER BY 2, 1',
    ),
    runs(
      'WITH ROLLUP',
      'SELECT country, address, count(*) FROM customers GROUP BY country, address WITH ROLLUP',
    ),
    runs('HAVING', "SELECT country FROM customers GROUP BY country HAVING max(email) > 'bzq7k1' ORDER BY 1"),
    runs('HAVING without GROUP BY', "SELECT id, email AS e FROM customers HAVING e LIKE '%k0%' ORDER BY id"),
    runs('DISTINCT', 'SELECT DISTINCT address FROM customers ORDER BY 1'),
    runs('ORDER BY', 'SELECT id FROM customers ORDER BY email, id'),
    runs('ORDER BY unselected expression', 'SELECT id FROM customers ORDER BY substr(email, 2), id DESC'),
    runs('ORDER BY LIMIT', 'SELECT id FROM employees ORDER BY salary DESC, id LIMIT 1'),
    runs('ORDER BY NULLs of it', 'SELECT id FROM customers ORDER BY phone IS NULL, id'),
    runs(
      'window functions',
      'SELECT id, row_number() OVER (ORDER BY email, id), rank() OVER (ORDER BY address) FROM customers ORDER BY id',
    ),
    runs(
      'window values',
      'SELECT id, lag(email) OVER (ORDER BY id), first_value(email) OVER (ORDER BY id), nth_value(phone, 2) OVER (ORDER BY id) FROM customers ORDER BY id',
    ),
    runs('window partition', 'SELECT id, count(*) OVER (PARTITION BY address) FROM customers ORDER BY id'),
    runs(
      'named window',
      'SELECT id, dense_rank() OVER w FROM customers WINDOW w AS (ORDER BY birthday) ORDER BY id',
    ),
    runs(
      'percentile',
      'SELECT DISTINCT median(salary) OVER (), percentile_cont(0.3) WITHIN GROUP (ORDER BY salary) OVER () FROM employees',
    ),
  ],
  lineage: [
    runs(
      'join on it',
      'SELECT a.id, b.id FROM customers a JOIN contacts b ON a.email = b.email ORDER BY 1, 2',
    ),
    runs('USING', 'SELECT a.id, email FROM customers a JOIN crm.customers b USING (email) ORDER BY 1'),
    runs('NATURAL', 'SELECT * FROM crm.customers NATURAL JOIN audited ORDER BY 1'),
    runs(
      'comma and parentheses',
      'SELECT count(*) FROM (orders o, customers c) LEFT JOIN (contacts d CROSS JOIN employees e) ON d.email = c.email AND e.id = 1 WHERE c.id = o.customer_id',
    ),
    runs(
      'STRAIGHT_JOIN',
      'SELECT o.id, c.email FROM orders o STRAIGHT_JOIN customers c ON c.id = o.customer_id ORDER BY 1',
    ),
    runs(
      'self join',
      'SELECT a.id, b.id FROM customers a, customers b WHERE a.address = b.address AND a.id < b.id ORDER BY 1, 2',
    ),
    runs(
      'left join with nulls',
      'SELECT a.id, b.email FROM customers a LEFT JOIN contacts b ON a.email = b.email ORDER BY 1',
    ),
    runs('derived table', 'SELECT t.e FROM (SELECT email AS e, id FROM customers) t ORDER BY t.id'),
    runs('derived star', 'SELECT * FROM (SELECT * FROM (SELECT * FROM customers) a) b ORDER BY id'),
    runs('CTE', 'WITH t AS (SELECT id, email FROM customers) SELECT * FROM t ORDER BY id'),
    runs(
      'CTE named as the table',
      'WITH customers AS (SELECT id, email FROM shop.customers) SELECT * FROM customers ORDER BY id',
    ),
    runs(
      'CTE named as the table, outside',
      'WITH customers AS (SELECT * FROM customers) SELECT email FROM customers ORDER BY id',
    ),
    runs('CTE columns', 'WITH t (a, b) AS (SELECT email, id FROM customers) SELECT a FROM t ORDER BY b'),
    runs(
      'CTE in a sub-query',
      'SELECT (WITH t AS (SELECT email FROM customers WHERE id = 1) SELECT email FROM t)',
    ),
    runs(
      'recursive CTE',
      "WITH RECURSIVE t AS (SELECT id, email FROM customers WHERE id = 1 UNION ALL SELECT c.id, concat(c.email, '') FROM customers c JOIN t ON c.id = t.id + 1) SELECT * FROM t ORDER BY id",
    ),
    runs(
      'UNION',
      'SELECT id, note FROM orders WHERE id < 3 UNION SELECT id, email FROM customers ORDER BY 1, 2',
    ),
    runs(
      'UNION ALL with parentheses',
      '(SELECT email FROM customers ORDER BY id LIMIT 3) UNION ALL (SELECT name FROM employees) ORDER BY 1',
    ),
    runs(
      'EXCEPT and INTERSECT',
      'SELECT email FROM customers EXCEPT SELECT email FROM contacts ORDER BY 1',
      'SELECT email FROM customers INTERSECT SELECT email FROM contacts ORDER BY 1',
    ),
    runs(
      'UNION names the columns',
      'SELECT id AS email, country AS id FROM customers UNION SELECT email, id FROM customers ORDER BY 1, 2',
    ),
    runs(
      'TABLE statement in a sub-query',
      'SELECT * FROM (SELECT * FROM customers) c WHERE c.id < 4 ORDER BY c.id',
    ),
    runs('view', 'SELECT * FROM v_customers ORDER BY id'),
    runs('view of a column', 'SELECT contact FROM v_contacts ORDER BY id'),
    runs('view of a view', 'SELECT shouted FROM v_nested ORDER BY id'),
    runs('view in another database', 'SELECT email FROM crm.v_ids ORDER BY id'),
    runs('view, temporary table', 'SELECT email FROM v_temporary ORDER BY id'),
    runs('view of the invoker', 'SELECT email FROM v_invoker ORDER BY id'),
    runs('view that filters by it', 'SELECT id FROM v_filtered ORDER BY id'),
    runs('view that groups it', 'SELECT * FROM v_stats ORDER BY country'),
    runs('view that sorts by it', 'SELECT * FROM v_ranked ORDER BY id'),
    runs(
      'view aliased and joined',
      'SELECT v.contact, o.id FROM v_contacts v JOIN orders o ON o.customer_id = v.id ORDER BY o.id',
    ),
    refused('view that calls a function that reads it', 'SELECT found FROM v_calling ORDER BY id'),
    runs(
      'LATERAL-like correlated derived',
      'SELECT c.id, (SELECT t.email FROM (SELECT email FROM customers WHERE id = 1) t) FROM customers c ORDER BY 1',
    ),
    runs('history of versions', 'SELECT email FROM history FOR SYSTEM_TIME ALL ORDER BY id'),
    runs(
      'JSON_TABLE over it',
      "SELECT j.m FROM customers c, JSON_TABLE(c.profile, '$' COLUMNS (m varchar(80) PATH '$.mail')) j ORDER BY c.id",
    ),
    runs(
      'ON DUPLICATE alias shadows',
      'SELECT c.email FROM orders o JOIN customers AS c ON c.id = o.customer_id WHERE o.id = 1',
    ),
    runs(
      'column alias in HAVING shadows',
      "SELECT country AS email FROM customers HAVING email = 'JP' ORDER BY 1",
    ),
  ],
  'copy-out': [
    refused(
      'INSERT SELECT',
      'INSERT INTO memo SELECT id, email FROM customers',
      'SELECT * FROM memo ORDER BY id',
    ),
    refused(
      'INSERT of a sub-query',
      'INSERT INTO memo VALUES (1, (SELECT email FROM customers WHERE id = 1))',
      'SELECT * FROM memo',
    ),
    refused(
      'INSERT SET',
      'INSERT INTO memo SET id = 1, body = (SELECT email FROM customers WHERE id = 1)',
      'SELECT * FROM memo',
    ),
    refused(
      'REPLACE SELECT',
      'REPLACE INTO memo SELECT id, email FROM customers',
      'SELECT * FROM memo ORDER BY id',
    ),
    refused(
      'ON DUPLICATE KEY UPDATE',
      "INSERT INTO products (id, sku) VALUES (1, 'x') ON DUPLICATE KEY UPDATE title = (SELECT email FROM customers WHERE id = 1)",
      'SELECT title FROM products ORDER BY id',
    ),
    refused(
      'UPDATE from it',
      'UPDATE memo SET body = (SELECT email FROM customers WHERE id = 1)',
      'SELECT * FROM memo',
    ),
    refused(
      'UPDATE joined',
      'UPDATE orders o JOIN customers c ON c.id = o.customer_id SET o.note = c.email',
      'SELECT note FROM orders ORDER BY id',
    ),
    refused(
      'UPDATE of itself',
      'UPDATE customers SET segment = left(email, 20)',
      'SELECT segment FROM customers ORDER BY id',
    ),
    refused(
      'CREATE TABLE AS',
      'CREATE TABLE stolen AS SELECT * FROM customers',
      'SELECT * FROM stolen ORDER BY id',
    ),
    refused(
      'CREATE TABLE SELECT without AS',
      'CREATE TABLE stolen SELECT id, email e FROM customers',
      'SELECT * FROM stolen ORDER BY id',
    ),
    refused(
      'CREATE OR REPLACE TABLE SELECT',
      'CREATE OR REPLACE TABLE stolen IGNORE SELECT id, email e FROM customers',
      'SELECT * FROM stolen ORDER BY id',
    ),
    runs(
      'CREATE TEMPORARY TABLE AS',
      'CREATE TEMPORARY TABLE kept AS SELECT id, country FROM customers',
      'SELECT * FROM kept ORDER BY id',
    ),
    refused(
      'CREATE TABLE LIKE and fill',
      'CREATE TABLE stolen LIKE customers',
      'INSERT INTO stolen SELECT * FROM customers',
      'SELECT * FROM stolen ORDER BY id',
    ),
    refused(
      'view over it',
      'CREATE VIEW stolen AS SELECT id, email AS e FROM customers',
      'SELECT * FROM stolen ORDER BY id',
    ),
    refused(
      'changed view',
      'ALTER VIEW v_open AS SELECT id, email AS amount FROM customers',
      'SELECT * FROM v_open ORDER BY id',
    ),
    refused('rename of the table', 'RENAME TABLE customers TO clients', 'SELECT * FROM clients ORDER BY id'),
    refused(
      'rename by ALTER',
      'ALTER TABLE customers RENAME TO clients',
      'SELECT * FROM clients ORDER BY id',
    ),
    refused(
      'rename into another database',
      'RENAME TABLE shop.customers TO archive.clients',
      'SELECT * FROM archive.clients ORDER BY id',
    ),
    refused(
      'rename of the column',
      'ALTER TABLE customers RENAME COLUMN email TO plain',
      'SELECT plain FROM customers ORDER BY id',
    ),
    refused(
      'CHANGE of the column',
      'ALTER TABLE customers CHANGE email plain varchar(120)',
      'SELECT plain FROM customers ORDER BY id',
    ),
    refused(
      'generated column over it',
      'ALTER TABLE customers ADD COLUMN plain varchar(120) AS (email)',
      'SELECT plain FROM customers ORDER BY id',
    ),
    refused(
      'EXCHANGE PARTITION',
      'CREATE TABLE part LIKE payments',
      'ALTER TABLE part REMOVE PARTITIONING',
      'ALTER TABLE payments EXCHANGE PARTITION p2025 WITH TABLE part',
      'SELECT * FROM part ORDER BY id',
    ),
    refused('INTO OUTFILE', "SELECT email INTO OUTFILE '/tmp/sekisho-stolen.txt' FROM customers"),
    refused(
      'INTO DUMPFILE',
      "SELECT email INTO DUMPFILE '/tmp/sekisho-stolen.bin' FROM customers WHERE id = 1",
    ),
    refused('INTO OUTFILE at the end', "SELECT email FROM customers INTO OUTFILE '/tmp/sekisho-stolen.txt'"),
    runs('INTO a variable', 'SELECT email INTO @e FROM customers WHERE id = 1', 'SELECT @e'),
    refused('HANDLER', 'HANDLER customers OPEN', 'HANDLER customers READ FIRST', 'HANDLER customers CLOSE'),
    refused('HANDLER of an alias', 'HANDLER shop.customers OPEN AS h', 'HANDLER h READ email FIRST'),
    refused(
      'trigger',
      'CREATE TRIGGER steal AFTER INSERT ON orders FOR EACH ROW INSERT INTO memo SELECT id, email FROM customers',
    ),
    refused(
      'event',
      'CREATE EVENT steal ON SCHEDULE EVERY 1 SECOND DO INSERT INTO memo SELECT id, email FROM customers',
    ),
    refused(
      'merge table',
      'CREATE TABLE stolen (id int, body text) ENGINE=MERGE UNION=(notes)',
      'SELECT * FROM stolen ORDER BY id',
    ),
    refused(
      'federated',
      "CREATE TABLE stolen (id int, email text) ENGINE=FEDERATED CONNECTION='mysql://root@127.0.0.1:3306/shop/customers'",
    ),
    refused(
      'column moved to another place by MODIFY',
      'ALTER TABLE stamped MODIFY level varchar(40) AFTER note, RENAME COLUMN level TO plain',
      'SELECT plain FROM stamped',
    ),
  ],
  'deciding which rows change': [
    refused('DELETE by it', "DELETE FROM customers WHERE email LIKE '%k0%'"),
    refused('UPDATE by it', "UPDATE customers SET segment = 'x' WHERE email LIKE '%k0%'"),
    refused('UPDATE ordered by it', 'UPDATE employees SET bonus = 1 ORDER BY salary LIMIT 1'),
    refused('DELETE ordered by it', 'DELETE FROM employees ORDER BY salary LIMIT 1'),
    refused(
      'DELETE joined by it',
      "DELETE o FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email > 'b'",
    ),
    refused(
      'DELETE USING',
      "DELETE FROM o USING orders o, customers c WHERE c.id = o.customer_id AND c.email LIKE '%k%'",
    ),
    refused(
      'UPDATE by a sub-query',
      "UPDATE orders SET note = 'x' WHERE customer_id IN (SELECT id FROM customers WHERE email LIKE '%k0%')",
    ),
    refused(
      'INSERT decided by it',
      "INSERT INTO memo SELECT 1, 'yes' FROM customers WHERE email LIKE '%k0%'",
      'SELECT count(*) FROM memo',
    ),
    refused('unique key as an oracle', "INSERT IGNORE INTO vouchers VALUES ('vzq7Awzq7k01', 1)"),
    refused('unique key of two columns', "INSERT INTO pairs VALUES (9, 'b', 'pzq7k')"),
    refused('foreign key as an oracle', "INSERT INTO redemptions VALUES (9, 'vzq7Awzq7k01', '2026-01-01')"),
    refused('check as an oracle', 'UPDATE employees SET bonus = 800000 WHERE id = 1'),
    refused(
      'trigger copies the old value',
      "UPDATE audited SET note = 'x'",
      'SELECT * FROM memo ORDER BY id',
    ),
    refused('trigger copies what is deleted', 'DELETE FROM audited', 'SELECT * FROM memo ORDER BY id'),
    refused('trigger reads another table', 'DELETE FROM asking', 'SELECT * FROM memo ORDER BY id'),
    refused('partition key', 'INSERT INTO divided PARTITION (low) SELECT 9, level FROM divided WHERE id = 1'),
    refused('partition pruning tells', 'SELECT id FROM divided PARTITION (low) ORDER BY id'),
    refused('RETURNING of a changed value', 'DELETE FROM audited RETURNING email'),
    runs(
      'RETURNING what is not hidden',
      "INSERT INTO crm.customers (id, note) VALUES (77, 'n') RETURNING id, note",
    ),
    runs(
      'UPDATE of what is not hidden',
      "UPDATE customers SET segment = 'x' WHERE id = 3",
      'SELECT id, segment FROM customers ORDER BY id',
    ),
    runs(
      'rows of a filtered table',
      "UPDATE tickets SET subject = 'changed' WHERE id < 7",
      'SELECT * FROM tickets ORDER BY id',
    ),
    runs('DELETE in a filtered table', 'DELETE FROM tickets WHERE id > 3', 'SELECT count(*) FROM tickets'),
    refused('TRUNCATE of a filtered table', 'TRUNCATE TABLE tickets', 'SELECT count(*) FROM tickets'),
  ],
  'confirming a guess by what really changed': [
    relayed(
      'runs',
      'UPDATE',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1",
      'SELECT ROW_COUNT()',
      "UPDATE members SET plan = 'pzq7m' WHERE id = 2",
      'SELECT ROW_COUNT(), FOUND_ROWS()',
      "UPDATE members SET plan = 'pzq7k', note = note",
      'SELECT @@warning_count',
      'SHOW COUNT(*) WARNINGS',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 99",
      'SELECT * FROM members ORDER BY id',
    ),
    relayed(
      'runs',
      'UPDATE without a key',
      "UPDATE crm.customers SET email = 'azq7k01@shop.example' WHERE id < 4",
    ),
    relayed(
      'runs',
      'UPDATE of MyISAM',
      "UPDATE old_members SET plan = 'pzq7k' WHERE id = 1",
      'SELECT ROW_COUNT()',
    ),
    relayed(
      'runs',
      'UPDATE with LIMIT',
      "UPDATE members SET plan = 'pzq7k' ORDER BY id LIMIT 3",
      "UPDATE IGNORE members SET plan = 'pzq7m', note = 'x' ORDER BY id LIMIT 4",
      'SELECT id, note FROM members ORDER BY id',
    ),
    relayed(
      'runs',
      'UPDATE, prepared',
      bound('UPDATE members SET plan = ? WHERE id = ?', 'pzq7k', '1'),
      'SELECT ROW_COUNT()',
    ),
    relayed(
      'runs',
      'REPLACE',
      "REPLACE INTO members VALUES (1, 'pzq7k', 'note 1')",
      'SELECT ROW_COUNT(), LAST_INSERT_ID()',
      "REPLACE INTO members VALUES (2, 'pzq7k', 'note 2'), (3, 'pzq7k', 'note 3'), (77, 'pzq7k', 'new')",
      'SELECT ROW_COUNT()',
      "REPLACE INTO members SET id = 4, note = 'note 4'",
      "REPLACE INTO members (plan) VALUES ('pzq7k')",
      'SELECT LAST_INSERT_ID()',
      bound('REPLACE INTO members VALUES (?, ?, ?)', '5', 'pzq7k', 'note 5'),
      "REPLACE INTO old_members VALUES (1, 'pzq7k', 'note 1')",
      "REPLACE INTO members SELECT id, 'pzq7k', concat('note ', id) FROM orders WHERE id < 4",
      'SELECT * FROM members ORDER BY id',
    ),
    relayed(
      'refused',
      'UPDATE within a transaction, where only who changed a row sees it',
      'BEGIN',
      'SELECT note FROM members ORDER BY id',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1",
      'SELECT ROW_COUNT()',
      'ROLLBACK',
    ),
    relayed(
      'refused',
      'UPDATE behind an error that may have begun one',
      'START TRANSACTION',
      'SELECT nothing FROM members',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1",
    ),
    relayed(
      'refused',
      'UPDATE without autocommit',
      'SET autocommit = 0',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1",
    ),
    relayed(
      'refused',
      'REPLACE within a transaction',
      'BEGIN',
      "REPLACE INTO members VALUES (1, 'pzq7k', 'note 1')",
    ),
    relayed(
      'refused',
      'prepared, within XA',
      "XA START 'x'",
      bound('UPDATE members SET plan = ? WHERE id = ?', 'pzq7k', '1'),
    ),
    refused(
      'counted by the text itself',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1; SELECT ROW_COUNT()",
    ),
    refused(
      'kept by the text itself',
      "UPDATE members SET plan = 'pzq7k' WHERE id = 1; SET @n = ROW_COUNT()",
      'SELECT @n',
    ),
    refused('begun in the text itself', "BEGIN; UPDATE members SET plan = 'pzq7k' WHERE id = 1"),
    refused(
      'prepared in words',
      "PREPARE s FROM 'UPDATE members SET plan = ? WHERE id = 1'",
      "SET @g = 'pzq7k'",
      'EXECUTE s USING @g',
      'SELECT ROW_COUNT()',
    ),
    refused('executed at once', "EXECUTE IMMEDIATE 'UPDATE members SET plan = ''pzq7k'' WHERE id = 1'"),
    refused(
      'behind SET STATEMENT',
      "SET STATEMENT max_statement_time = 10 FOR UPDATE members SET plan = 'pzq7k'",
    ),
    refused('ANALYZE of a change', "ANALYZE UPDATE members SET plan = 'pzq7k' WHERE id = 1"),
    refused('of two tables', "UPDATE members m JOIN orders o ON o.id = m.id SET m.plan = 'pzq7k'"),
    refused(
      'ON DUPLICATE KEY',
      "INSERT INTO members VALUES (1, 'x', 'note 1') ON DUPLICATE KEY UPDATE plan = 'pzq7k'",
    ),
    refused(
      'a time that follows changes',
      "UPDATE touched SET plan = 'pzq7k' WHERE id = 1",
      'SELECT at FROM touched ORDER BY id',
    ),
    refused('a rule that is looked at for changes', "UPDATE ruled SET plan = 'pzq7k' WHERE id = 1"),
    refused(
      'history',
      "UPDATE dated SET plan = 'pzq7k' WHERE id = 1",
      'SELECT count(*) FROM dated FOR SYSTEM_TIME ALL',
    ),
    refused('history of REPLACE', "REPLACE INTO dated VALUES (1, 'pzq7k', 'note 1')"),
    refused(
      'a trigger',
      "UPDATE stamped SET level = 'x' WHERE id = 1",
      'SELECT changed FROM stamped ORDER BY id',
    ),
    refused('a partition', "UPDATE divided SET level = 'low' WHERE id = 1"),
    refused('a unique key', "UPDATE pairs SET secret = 'pzq7k' WHERE id = 2"),
    refused('REPLACE by a unique key', "REPLACE INTO pairs VALUES (9, 'b', 'pzq7k')"),
    refused('REPLACE RETURNING', "REPLACE INTO members VALUES (1, 'pzq7k', 'note 1') RETURNING id"),
    refused('what was logged last', 'SELECT @@last_gtid'),
    refused('what was logged at all', 'SELECT @@GLOBAL.gtid_binlog_pos'),
    refused('where the log ends', "SELECT BINLOG_GTID_POS('master-bin.000001', 600)"),
    refused('tracked by the session', "SET session_track_gtids = 'OWN_GTID'"),
    refused('bytes of answers', "SHOW STATUS LIKE 'Bytes_sent'"),
    refused('counters of the log', "SHOW STATUS LIKE 'Binlog%'"),
    runs(
      'variables of the log',
      "SHOW VARIABLES LIKE 'gtid%'",
      "SHOW GLOBAL VARIABLES LIKE 'gtid\\_binlog\\_pos'",
      "SHOW VARIABLES WHERE variable_name LIKE 'last%'",
      "SELECT * FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME LIKE '%gtid%' ORDER BY 1",
      "SELECT VARIABLE_NAME, GLOBAL_VALUE FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME LIKE '%gtid%' ORDER BY 1",
    ),
  ],
  'how many rows there are that a filter hides': [
    runs(
      'TABLES',
      "SELECT TABLE_NAME, TABLE_ROWS, AVG_ROW_LENGTH, DATA_LENGTH, INDEX_LENGTH, DATA_FREE, AUTO_INCREMENT, UPDATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME IN ('visits', 'tickets', 'claims') ORDER BY 1",
      "SELECT t.table_rows + 0 AS n FROM information_schema.tables t WHERE t.table_name = 'visits'",
      "SELECT sum(table_rows) FROM (SELECT * FROM information_schema.tables WHERE table_name = 'visits') x",
      "SELECT count(*) FROM information_schema.tables WHERE table_name = 'visits' AND table_rows > 8",
      "SELECT count(*) FROM information_schema.tables WHERE table_name = 'visits' AND auto_increment > 8",
    ),
    runs(
      'when a row was changed last',
      "UPDATE members SET note = 'x' WHERE id = 1",
      "SELECT UPDATE_TIME FROM information_schema.TABLES WHERE TABLE_NAME IN ('members', 'old_members') ORDER BY TABLE_NAME",
      "SELECT max(update_time) FROM information_schema.tables WHERE table_schema = 'shop' AND table_name LIKE '%members'",
    ),
    runs(
      'partitions, statistics and files',
      "SELECT TABLE_ROWS, DATA_LENGTH, DATA_FREE, UPDATE_TIME FROM information_schema.PARTITIONS WHERE TABLE_NAME = 'visits'",
      "SELECT CARDINALITY FROM information_schema.STATISTICS WHERE TABLE_NAME = 'visits'",
      'SHOW INDEX FROM visits',
    ),
    refused(
      'statistics of InnoDB',
      "SELECT n_rows FROM mysql.innodb_table_stats WHERE table_name = 'visits'",
    ),
    refused(
      'statistics of its indexes',
      "SELECT stat_value FROM mysql.innodb_index_stats WHERE table_name = 'visits'",
    ),
    refused('InnoDB of its tables', 'SELECT * FROM information_schema.INNODB_SYS_TABLESTATS'),
    refused('InnoDB of its tablespaces', 'SELECT * FROM information_schema.INNODB_SYS_TABLESPACES'),
    refused('statistics of tables', 'SELECT * FROM information_schema.TABLE_STATISTICS'),
    refused('performance_schema', 'SELECT * FROM performance_schema.table_io_waits_summary_by_table'),
    refused('plan of a query', 'EXPLAIN SELECT * FROM visits'),
    refused('plan of a change', "EXPLAIN UPDATE visits SET note = 'x' WHERE id > 0"),
    refused('plan of a deletion', 'EXPLAIN DELETE FROM visits'),
    refused('condition of SHOW', "SHOW TABLE STATUS WHERE name = 'visits' AND rows > 8"),
  ],
  'metadata and statistics': [
    runs(
      'process list by information_schema',
      "SELECT info FROM information_schema.processlist WHERE info LIKE '%zq7%'",
    ),
    runs('tables', 'SHOW TABLES', 'SHOW FULL TABLES FROM shop', "SHOW TABLES LIKE 'cust%'"),
    runs(
      'columns',
      'SHOW COLUMNS FROM customers',
      'SHOW FULL COLUMNS FROM customers',
      'DESCRIBE customers',
      'DESC customers email',
      'EXPLAIN customers',
    ),
    runs('create', 'SHOW CREATE TABLE customers', 'SHOW CREATE VIEW v_contacts'),
    runs(
      'cardinality by SHOW INDEX',
      'SHOW INDEX FROM divided',
      'SHOW INDEX FROM customers',
      'SELECT cardinality FROM information_schema.statistics',
    ),
    refused('column statistics', 'SELECT * FROM mysql.column_stats'),
    refused('column statistics, quoted', 'SELECT min_value, max_value FROM `mysql`.`column_stats`'),
    refused('histograms', 'SELECT hex(histogram) FROM mysql.column_stats'),
    refused('statement texts', 'SELECT * FROM performance_schema.events_statements_history'),
    refused('user hashes', 'SELECT * FROM mysql.user'),
    refused('user hashes, new table', 'SELECT * FROM mysql.global_priv'),
    refused('general log', 'SELECT * FROM mysql.general_log'),
    refused('index statistics', 'SELECT * FROM mysql.innodb_index_stats'),
    refused('buffer pool', 'SELECT * FROM information_schema.innodb_buffer_page'),
    refused('locks show values', 'SELECT lock_data FROM information_schema.innodb_locks'),
    refused(
      'optimizer trace',
      "SET optimizer_trace = 'enabled=on'",
      "SELECT id FROM customers WHERE email LIKE 'azq7k%'",
      'SELECT * FROM information_schema.optimizer_trace',
    ),
    refused(
      'full text index pages',
      "SET GLOBAL innodb_ft_aux_table = 'shop/customers'",
      'SELECT * FROM information_schema.innodb_ft_index_table',
    ),
    refused('binary log', 'SHOW BINLOG EVENTS'),
    refused('profiling', 'SELECT * FROM information_schema.profiling'),
    refused('user statistics', 'SELECT * FROM information_schema.index_statistics'),
    runs('EXPLAIN sees the mask only', 'EXPLAIN SELECT count(*) FROM employees WHERE salary > 800000'),
    refused(
      'ANALYZE TABLE of it',
      'ANALYZE TABLE customers PERSISTENT FOR ALL',
      'SELECT * FROM mysql.column_stats',
    ),
    refused('CHECKSUM TABLE', 'CHECKSUM TABLE customers'),
    refused('handler counters', "SHOW STATUS LIKE 'Handler%'"),
    refused('PROCEDURE ANALYSE', 'SELECT email FROM customers PROCEDURE ANALYSE()'),
    refused('engine status', 'SHOW ENGINE INNODB STATUS'),
    runs(
      'schema tables',
      "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'shop' ORDER BY 1, ordinal_position",
    ),
    refused('table statistics', 'SELECT * FROM mysql.table_stats'),
    runs(
      'information_schema in capitals',
      "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'shop' ORDER BY 1",
    ),
    runs('statistics in capitals', 'SELECT CARDINALITY FROM INFORMATION_SCHEMA.STATISTICS'),
    refused('current database is the catalog', 'USE mysql', 'SELECT * FROM column_stats'),
  ],
  routines: [
    refused('function that reads it', 'SELECT get_email(1)'),
    refused('function that reads it, qualified', 'SELECT shop.get_email(id) FROM orders'),
    refused('function that reads it, quoted', 'SELECT `shop`.`get_email`(1)'),
    refused('function in a condition', "SELECT id FROM orders WHERE get_email(customer_id) LIKE '%k%'"),
    refused('procedure that shows it', 'CALL show_emails()'),
    refused('procedure without parentheses', 'CALL show_emails'),
    refused('procedure that copies it', 'CALL fill_memo()', 'SELECT * FROM memo ORDER BY id'),
    refused('procedure that runs a text', "CALL run_text('SELECT email FROM shop.customers')"),
    runs('function that computes', 'SELECT add_tax(amount) FROM orders ORDER BY id'),
    runs('function that reads what is not hidden', 'SELECT order_total(1)'),
    runs(
      'procedure that changes what is not hidden',
      'CALL close_orders()',
      'SELECT status FROM orders WHERE id = 1',
    ),
    runs('procedure with an OUT parameter', 'CALL count_orders(@n)', 'SELECT @n'),
    refused('new procedure', 'CREATE PROCEDURE steal() SELECT email FROM customers', 'CALL steal()'),
    refused(
      'new function',
      'CREATE FUNCTION steal() RETURNS text RETURN (SELECT group_concat(email) FROM customers)',
      'SELECT steal()',
    ),
    refused('anonymous block', 'BEGIN NOT ATOMIC SELECT email FROM customers; END'),
    refused(
      'changed procedure',
      'CREATE OR REPLACE PROCEDURE close_orders() SELECT email FROM customers',
      'CALL close_orders()',
    ),
    refused(
      'native function of a library',
      "CREATE FUNCTION sys_exec RETURNS int SONAME 'lib_mysqludf_sys.so'",
    ),
  ],
  'dynamic SQL': [
    runs(
      'PREPARE',
      "PREPARE s FROM 'SELECT email FROM customers ORDER BY id'",
      'EXECUTE s',
      'DEALLOCATE PREPARE s',
    ),
    refused(
      'PREPARE in one sql_mode, EXECUTE in another',
      "PREPARE s FROM 'SELECT \\'\\\\\\', (SELECT group_concat(email) FROM customers) AS x FROM memo -- \\' FROM memo'",
      'EXECUTE s',
      "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
      'FLUSH TABLES',
      'EXECUTE s',
    ),
    runs(
      'PREPARE in one sql_mode, EXECUTE in another that reads alike',
      "PREPARE s FROM 'SELECT email FROM customers ORDER BY id'",
      "SET sql_mode = 'STRICT_TRANS_TABLES'",
      'EXECUTE s',
    ),
    runs(
      'PREPARE with parameters',
      "PREPARE s FROM 'SELECT email FROM customers WHERE id = ?'",
      'SET @i = 3',
      'EXECUTE s USING @i',
    ),
    refused(
      'PREPARE from a variable',
      "SET @t = 'SELECT email FROM customers'",
      'PREPARE s FROM @t',
      'EXECUTE s',
    ),
    refused(
      'PREPARE from an expression',
      "PREPARE s FROM concat('SELECT email ', 'FROM customers')",
      'EXECUTE s',
    ),
    refused(
      'EXECUTE IMMEDIATE of a variable',
      "SET @t = 'SELECT email FROM customers'",
      'EXECUTE IMMEDIATE @t',
    ),
    runs('EXECUTE IMMEDIATE', "EXECUTE IMMEDIATE 'SELECT email FROM customers ORDER BY id'"),
    refused(
      'EXECUTE IMMEDIATE of an expression',
      "EXECUTE IMMEDIATE concat('SELECT email FROM ', 'customers')",
    ),
    runs(
      'PREPARE with escapes',
      "PREPARE s FROM 'SELECT \\'x\\', email FROM customers ORDER BY id'",
      'EXECUTE s',
    ),
    refused(
      'PREPARE in hexadecimal',
      'PREPARE s FROM 0x53454c45435420656d61696c2046524f4d20637573746f6d657273',
      'EXECUTE s',
    ),
    runs(
      'EXECUTE after another database',
      "PREPARE s FROM 'SELECT email FROM customers ORDER BY id'",
      'USE crm',
      'EXECUTE s',
    ),
    refused(
      'PREPARE of what is refused',
      "PREPARE s FROM 'INSERT INTO memo SELECT id, email FROM customers'",
      'EXECUTE s',
      'SELECT * FROM memo',
    ),
    refused('prepared by the protocol, PREPARE inside', bound('PREPARE s FROM @t')),
  ],
  'session state': [
    refused('engine of tables to come', 'SET default_storage_engine = MRG_MyISAM'),
    runs('engine of tables to come, a plain one', "SET default_storage_engine = 'InnoDB'"),
    runs('USE', 'USE crm', 'SELECT email FROM customers ORDER BY id', 'USE shop', emails),
    runs('COM_INIT_DB', command(0x02, 'crm'), 'SELECT email FROM customers ORDER BY id'),
    runs('COM_INIT_DB, quoted name is no name', command(0x02, 'shop'), emails),
    runs(
      'qualified after USE',
      'USE archive',
      'SELECT email FROM shop.customers ORDER BY id',
      'SELECT note FROM customers ORDER BY id',
    ),
    runs(
      'temporary table that shadows',
      'CREATE TEMPORARY TABLE orders (id int, email varchar(20))',
      "INSERT INTO orders VALUES (1, 'own')",
      'SELECT * FROM orders',
      'DROP TEMPORARY TABLE orders',
      'SELECT count(*) FROM orders',
    ),
    refused(
      'temporary table that was renamed over it',
      'CREATE TEMPORARY TABLE customers (id int, email varchar(20))',
      'ALTER TABLE customers RENAME TO mine',
      'SELECT email FROM customers ORDER BY id',
      'RENAME TABLE customers TO x',
    ),
    runs(
      'temporary table gone',
      'CREATE TEMPORARY TABLE customers (id int, email varchar(20))',
      'DROP TABLE customers',
      emails,
    ),
    refused('lower case names by a setting', 'SET GLOBAL lower_case_table_names = 1'),
    refused('binary log off', 'SET sql_log_bin = 0', 'SET GLOBAL general_log = 1'),
    refused(
      'log to a table',
      "SET GLOBAL log_output = 'TABLE'",
      'SET GLOBAL general_log = 1',
      'SELECT argument FROM mysql.general_log',
    ),
    runs(
      'user variable in between',
      'SET @c = (SELECT email FROM customers WHERE id = 1)',
      'SELECT @c, length(@c)',
    ),
    refused(
      'system variable from it',
      'SET SESSION lc_messages = (SELECT email FROM customers WHERE id = 1)',
      'SET @@session.sql_select_limit = (SELECT salary FROM employees WHERE id = 1)',
      'SELECT @@sql_select_limit',
    ),
    runs(
      'SET STATEMENT',
      'SET STATEMENT max_statement_time = 10 FOR SELECT email FROM customers ORDER BY id',
    ),
    refused(
      'SET STATEMENT sql_mode',
      'SET STATEMENT sql_mode = \'ANSI_QUOTES\' FOR SELECT "email" FROM customers ORDER BY id',
    ),
    runs('sql_mode empty', "SET sql_mode = ''", emails),
    refused('Oracle mode', "SET sql_mode = 'ORACLE'", 'SELECT email FROM customers'),
    runs('transaction and its end', 'BEGIN', emails, 'ROLLBACK'),
    runs('after a reset', command(0x1f), emails),
    runs('autocommit off', 'SET autocommit = 0', emails, 'COMMIT'),
  ],
  'files and the server': [
    refused('LOAD_FILE', "SELECT load_file('/etc/passwd')"),
    refused('LOAD DATA of the server', "LOAD DATA INFILE '/etc/passwd' INTO TABLE memo"),
    refused('LOAD XML', "LOAD XML INFILE '/etc/passwd' INTO TABLE memo"),
    refused('plugin', "INSTALL SONAME 'auth_ed25519'"),
    refused(
      'dump of a table by CONNECT',
      'CREATE TABLE stolen ENGINE=CONNECT TABLE_TYPE=MYSQL DBNAME=shop TABNAME=customers',
    ),
    refused('server shutdown', 'SHUTDOWN'),
    refused('shutdown by command', command(0x08)),
    refused('debug dump by command', command(0x0d)),
    refused('replication by command', command(0x12, '\x04\0\0\0\0\0\x01\0\0\0')),
    refused('replica registration', command(0x15, '\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')),
    refused('table dump by command', command(0x13, '\x04shop\x09customers')),
    refused('change of the replication source', "CHANGE MASTER TO MASTER_HOST = '127.0.0.1'"),
    refused(
      'another identity',
      "SET ROLE 'x'",
      'SET SESSION AUTHORIZATION root',
      'LOAD DATA INFILE "/etc/passwd" INTO TABLE memo',
    ),
    refused('unknown command', command(0x42)),
  ],
  'multi-statement': [
    refused('harmless first', 'SELECT 1; INSERT INTO memo SELECT id, email FROM customers'),
    refused('hidden in the middle', 'SELECT 1; CALL show_emails(); SELECT 2'),
    runs('all masked', 'SELECT email FROM customers ORDER BY id; SELECT name FROM employees ORDER BY id'),
    refused('unreadable at the end', 'SELECT email FROM customers; NOTHING KNOWN'),
    runs(
      'option off and on',
      command(0x1b, '\x01\0'),
      'SELECT email FROM customers ORDER BY id',
      command(0x1b, '\0\0'),
      'SELECT 1; SELECT email FROM customers ORDER BY id',
    ),
  ],
  'wire commands': [
    runs('field list', command(0x04, 'customers\0%')),
    runs('field list of orders', command(0x04, 'orders\0')),
    refused(
      'field list with a trick in the name',
      command(0x04, 'customers` WHERE 1; SELECT email FROM customers -- \0'),
    ),
    runs('ping', command(0x0e)),
    runs(
      'prepare what names it',
      bound('SELECT email, ? FROM customers WHERE email = ? ORDER BY id', 'x', 'azq7k01@shop.example'),
    ),
    refused(
      'prepared write of it',
      bound('INSERT INTO memo SELECT id, email FROM customers WHERE id = ?', '1'),
    ),
    runs('cursor over a view', { text: 'SELECT contact FROM v_contacts ORDER BY id', cursor: true }),
    refused('local file', "LOAD DATA LOCAL INFILE '/tmp/any' INTO TABLE customers (id, email)"),
  ],
}

export const corpus: readonly BypassRow[] = Object.entries(sections).flatMap(([category, drafts]) =>
  drafts.map(draft => ({ ...draft, category })),
)

const changes =
  /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|RENAME|TRUNCATE|CALL|LOAD|SET GLOBAL|ANALYZE|GRANT|HANDLER)\b/i

/** Whether the world may be another one afterwards. */
export const changesWorld = (row: Pick<BypassRow, 'statements'>): boolean =>
  row.statements.some(sent => {
    if (typeof sent === 'string') return sent.split(';').some(part => changes.test(part))
    return 'text' in sent ? changes.test(sent.text) : 'bytes' in sent
  })
