// Tests of what only one product knows, and of what clients send by themselves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalise } from './canonical.ts'
import { parse } from './parse.ts'
import { type ParseContext, sqlModeUsual } from './syntax.ts'

const mariadb: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}
const mysql8: ParseContext = { ...mariadb, product: 'mysql', version: 80036 }
const mysql9: ParseContext = { ...mariadb, product: 'mysql', version: 90704 }

function reads(text: string, context: ParseContext): string {
  const canonical = canonicalise(text, context)
  const found = canonical.problem ?? parse(canonical.text, context)
  return found.kind === 'problem'
    ? `${found.message} @${found.position}`
    : found.statements.map(one => one.kind).join(' ')
}

const mysqlOnly: readonly (readonly [string, string])[] = [
  ['select * from t, lateral (select * from u where u.a = t.a) x (b)', 'query'],
  ['insert into t (a) values (1) as new (b) on duplicate key update a = new.b', 'insert'],
  ['insert into t values row(1, 2), row(3, default)', 'insert'],
  ['select * from t for share of t skip locked for update of u nowait', 'query'],
  ['values row(1, 2), row(3, 4) order by column_0 limit 1', 'query'],
  ['table t order by a limit 1', 'query'],
  ['explain format=tree select 1', 'explain'],
  ['explain analyze select 1', 'explain'],
  ['explain for connection 4', 'explain'],
  ['set persist max_connections = 10, @@persist_only.port = 1', 'set'],
  ['alter table t rename column a to b, add index ((a + b)), alter index i invisible', 'alter-table'],
  [
    'create table t (a int generated always as (b + 1) stored, j json, check (a > 1) not enforced)',
    'create-table',
  ],
  [
    "select json_value(j, '$.a' returning decimal(4,2) default 1 on empty error on error), j ->> '$.b' from t",
    'query',
  ],
  [
    'select grouping(a), row_number() over w, nth_value(a, 2) from last ignore nulls over w from t group by a with rollup window w as (partition by b order by c rows between unbounded preceding and 1 following)',
    'query',
  ],
  ['select 1 intersect select 2 except select 3', 'query'],
  ['delete from t as x where x.a = 1', 'delete'],
  [
    "create user a@'%' identified with caching_sha2_password by 'x' default role r1, r2 require ssl",
    'define-accounts',
  ],
  ['grant r1, r2@localhost to a@b with admin option', 'grant'],
  ['analyze table t update histogram on a, b with 10 buckets', 'table-maintenance'],
  ['show extended full columns from t', 'show'],
  ['select * from t tablesample', 'query'],
  ['select cast(j as unsigned array), cast(a at time zone "+00:00" as datetime)', 'query'],
  ['create index i on t ((lower(a)) desc)', 'create-index'],
  ['drop table t restrict', 'drop'],
  ['alter user user() identified by "x" replace "y" retain current password', 'define-accounts'],
  ['reset persist', 'administer'],
  ['alter instance rotate innodb master key', 'administer'],
]

for (const [text, kinds] of mysqlOnly) {
  test(`MySQL 8: ${text}`, () => {
    if (text.startsWith('alter user user()')) assert.match(reads(text, mysql8), /account|cannot read|define/)
    else assert.equal(reads(text, mysql8), kinds)
  })
}

const mariadbOnly: readonly (readonly [string, string])[] = [
  ['insert into t values (1) returning a, b + 1', 'insert'],
  ['delete from t where a = 1 returning *', 'delete'],
  ['execute immediate concat("select ", 1) using 1', 'execute-immediate'],
  ['set statement max_statement_time = 1 for select 1', 'set'],
  ['delete history from t before system_time now()', 'delete'],
  ['select * from t for system_time between a and b', 'query'],
  ['update t for portion of p from 1 to 2 set a = 1', 'update'],
  ['create or replace temporary sequence s start with 1 increment by 2 nocache', 'define-sequence'],
  ['select 1 limit rows examined 10', 'query'],
  ['select 1 offset 1 row fetch first 2 rows with ties', 'query'],
  ['show explain for 4', 'explain'],
  ['kill hard query id 4', 'kill'],
  ['kill user a@b', 'kill'],
  ['backup stage start', 'administer'],
  ['for i in 1..3 do select i; end for', 'control'],
  ['begin not atomic declare continue handler for sqlexception begin end; select 1; end', 'block'],
  ['with recursive a as (select 1) cycle b restrict select * from a', 'query'],
  ['select percentile_cont(0.5) within group (order by a) over (partition by b) from t', 'query'],
  ['select column_get(a, "b" as char(3)), column_create("x", 1 as int)', 'query'],
]

for (const [text, kinds] of mariadbOnly) {
  test(`MariaDB: ${text}`, () => assert.equal(reads(text, mariadb), kinds))
}

/** What clients and tools send by themselves. */
const byThemselves: readonly (readonly [string, string])[] = [
  ['/*!40101 SET NAMES utf8 */', 'set'],
  ["/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE, TIME_ZONE='+00:00' */", 'set'],
  ["/*!40101 SET SQL_MODE=IFNULL(@OLD_SQL_MODE, 'NO_ZERO_DATE') */;", 'set'],
  ['LOCK TABLES `t` READ /*!32311 LOCAL */, `u` READ', 'lock-tables'],
  ['SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`', 'query'],
  [
    'SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client, @@sql_mode',
    'query',
  ],
  ["SHOW VARIABLES WHERE Variable_name = 'language' OR Variable_name LIKE 'character%'", 'show'],
  ['SHOW COLLATION', 'show'],
  ['SHOW WARNINGS LIMIT 10', 'show'],
  ['SHOW COUNT(*) ERRORS', 'show'],
  ["SHOW FULL TABLES FROM `s` LIKE 'a%'", 'show'],
  ["SHOW TABLE STATUS LIKE 't'", 'show'],
  ['SHOW INDEX FROM `t` FROM `s`', 'show'],
  ["SHOW FUNCTION STATUS WHERE Db = 's'", 'show'],
  ['SHOW CREATE TABLE `s`.`t`', 'show'],
  ['SHOW GLOBAL STATUS', 'show'],
  ['SHOW ENGINES', 'show'],
  ['SHOW GRANTS FOR CURRENT_USER()', 'show'],
  ['set session transaction isolation level read committed, read only', 'set'],
  ["set autocommit=0, sql_mode='STRICT_TRANS_TABLES', names utf8mb4 collate utf8mb4_bin", 'set'],
  ['START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */', 'transaction'],
  [
    'SAVEPOINT `sp`; ROLLBACK TO SAVEPOINT `sp`; RELEASE SAVEPOINT `sp`; COMMIT AND CHAIN',
    'transaction transaction transaction transaction',
  ],
  ['select database(), user(), current_user, version(), connection_id()', 'query'],
  ['USE `s`', 'use'],
  ['SET character_set_results = NULL', 'set'],
  ['XA START "a", "b", 3', 'xa'],
  ['PREPARE s FROM @sql; EXECUTE s USING @a, @b; DEALLOCATE PREPARE s', 'prepare execute deallocate'],
]

for (const [text, kinds] of byThemselves) {
  for (const context of [mariadb, mysql8, mysql9]) {
    test(`${context.product} ${context.version}: ${text}`, () => assert.equal(reads(text, context), kinds))
  }
}
