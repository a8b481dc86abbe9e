// What is asked of `information_schema`. Products and versions differ in its tables and columns, so it is asked first what
// it has. Documented by MySQL in chapter "INFORMATION_SCHEMA Tables", by MariaDB under "Information Schema".

import type { KnownRow, SchemaRows } from './catalog-rows.ts'

/** Nothing of ours changes anything, and everything is spelled in one way, whatever the account's own settings are. */
export const settings = (seconds: number): readonly string[] => [
  `SET SESSION sql_mode = '', sql_quote_show_create = 1, lock_wait_timeout = ${Math.max(1, Math.ceil(seconds))}`,
  'SET SESSION TRANSACTION READ ONLY',
]

export const factsQuestion = `
SELECT VERSION() AS \`version\`, DATABASE() AS \`database\`, CURRENT_USER() AS \`account\`,
       @@global.sql_mode AS \`sqlMode\`, @@global.lower_case_table_names AS \`lowerCaseTableNames\`,
       @@global.character_set_server AS \`characterSet\``

export const knownQuestion = `
SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\` FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN (
  'COLUMNS', 'STATISTICS', 'CHECK_CONSTRAINTS', 'ENABLED_ROLES', 'INNODB_TABLES', 'INNODB_SYS_TABLES')`

/** The server's own pictures of itself: they have columns, and nothing else that matters. */
const lasting = (schema: string): string => `${schema} NOT IN ('information_schema', 'performance_schema')`

export interface Question {
  readonly of: Exclude<keyof SchemaRows, 'facts' | 'partitions'>
  readonly sql: string
  /** The error with which the server says that the account may not ask this; the answer is empty then. */
  readonly mayBeDenied?: boolean
}

/** In the order in which they are asked. */
export function questions(known: readonly KnownRow[]): readonly Question[] {
  const has = (table: string, column?: string): boolean =>
    known.some(
      row =>
        row.table.toUpperCase() === table && (column === undefined || row.column.toUpperCase() === column),
    )
  const orNull = (table: string, column: string): string => (has(table, column) ? column : 'NULL')
  return [
    // Not every server knows it; one that does may have it on.
    { of: 'variables', sql: "SHOW GLOBAL VARIABLES LIKE 'innodb_snapshot_isolation'" },
    { of: 'schemas', sql: 'SELECT SCHEMA_NAME AS `name` FROM information_schema.SCHEMATA' },
    {
      of: 'relations',
      sql: `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, TABLE_TYPE AS \`type\`,
        ENGINE AS \`engine\`, CREATE_OPTIONS AS \`options\`, TABLE_COMMENT AS \`comment\` FROM information_schema.TABLES`,
    },
    {
      of: 'columns',
      sql: `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, COLUMN_NAME AS \`name\`,
        ORDINAL_POSITION AS \`position\`, COLUMN_TYPE AS \`type\`, IS_NULLABLE AS \`nullable\`,
        CHARACTER_SET_NAME AS \`charset\`, COLLATION_NAME AS \`collation\`, EXTRA AS \`extra\`,
        COLUMN_DEFAULT AS \`default\`, ${orNull('COLUMNS', 'GENERATION_EXPRESSION')} AS \`generated\`
        FROM information_schema.COLUMNS`,
    },
    {
      of: 'views',
      sql: `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, VIEW_DEFINITION AS \`definition\`,
        DEFINER AS \`definer\` FROM information_schema.VIEWS`,
    },
    {
      of: 'keys',
      sql: `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, INDEX_NAME AS \`key\`,
        SEQ_IN_INDEX AS \`position\`, COLUMN_NAME AS \`column\`, ${orNull('STATISTICS', 'EXPRESSION')} AS \`expression\`,
        NON_UNIQUE AS \`nonUnique\` FROM information_schema.STATISTICS WHERE ${lasting('TABLE_SCHEMA')}`,
    },
    {
      of: 'foreignKeys',
      sql: `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, CONSTRAINT_NAME AS \`key\`,
        ORDINAL_POSITION AS \`position\`, COLUMN_NAME AS \`column\`, REFERENCED_TABLE_SCHEMA AS \`referencedSchema\`,
        REFERENCED_TABLE_NAME AS \`referencedRelation\`, REFERENCED_COLUMN_NAME AS \`referencedColumn\`
        FROM information_schema.KEY_COLUMN_USAGE
        WHERE REFERENCED_TABLE_NAME IS NOT NULL AND ${lasting('TABLE_SCHEMA')}`,
    },
    {
      of: 'foreignKeyRules',
      sql: `SELECT CONSTRAINT_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, CONSTRAINT_NAME AS \`key\`,
        UPDATE_RULE AS \`onUpdate\`, DELETE_RULE AS \`onDelete\` FROM information_schema.REFERENTIAL_CONSTRAINTS`,
    },
    ...checksQuestion(has),
    {
      of: 'triggers',
      sql: `SELECT EVENT_OBJECT_SCHEMA AS \`schema\`, EVENT_OBJECT_TABLE AS \`relation\`,
        TRIGGER_SCHEMA AS \`triggerSchema\`, TRIGGER_NAME AS \`name\`, ACTION_TIMING AS \`timing\`,
        EVENT_MANIPULATION AS \`event\`, ACTION_STATEMENT AS \`statement\`, SQL_MODE AS \`sqlMode\`
        FROM information_schema.TRIGGERS`,
    },
    {
      of: 'routines',
      sql: `SELECT ROUTINE_SCHEMA AS \`schema\`, ROUTINE_NAME AS \`name\`, ROUTINE_TYPE AS \`type\`,
        DTD_IDENTIFIER AS \`returns\`, COALESCE(EXTERNAL_LANGUAGE, ROUTINE_BODY) AS \`language\`,
        ROUTINE_DEFINITION AS \`source\`, IS_DETERMINISTIC AS \`deterministic\`, SECURITY_TYPE AS \`security\`,
        SQL_MODE AS \`sqlMode\` FROM information_schema.ROUTINES`,
    },
    {
      of: 'arguments',
      sql: `SELECT SPECIFIC_SCHEMA AS \`schema\`, SPECIFIC_NAME AS \`routine\`, ROUTINE_TYPE AS \`routineType\`,
        ORDINAL_POSITION AS \`position\`, DTD_IDENTIFIER AS \`type\`
        FROM information_schema.PARAMETERS WHERE ORDINAL_POSITION > 0`,
    },
    {
      of: 'rights',
      sql: `SELECT GRANTEE AS \`grantee\`, PRIVILEGE_TYPE AS \`right\`, NULL AS \`schemaPattern\`, NULL AS \`relation\`
        FROM information_schema.USER_PRIVILEGES
        UNION ALL SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, NULL
        FROM information_schema.SCHEMA_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER'
        UNION ALL SELECT GRANTEE, PRIVILEGE_TYPE, TABLE_SCHEMA, TABLE_NAME
        FROM information_schema.TABLE_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER'`,
    },
    ...(has('ENABLED_ROLES')
      ? [{ of: 'roles', sql: 'SELECT ROLE_NAME AS `role` FROM information_schema.ENABLED_ROLES' } as const]
      : []),
    ...(['INNODB_TABLES', 'INNODB_SYS_TABLES'] as const)
      .filter(table => has(table))
      .map(table => ({
        of: 'tableIds' as const,
        sql: `SELECT NAME AS \`name\`, TABLE_ID AS \`id\` FROM information_schema.${table}`,
        mayBeDenied: true,
      })),
  ]
}

/** MariaDB names the table of a constraint; MySQL from 8.0.16 tells it elsewhere; older ones have none. */
function checksQuestion(has: (table: string, column?: string) => boolean): readonly Question[] {
  if (!has('CHECK_CONSTRAINTS')) return []
  if (has('CHECK_CONSTRAINTS', 'TABLE_NAME')) {
    const sql = `SELECT CONSTRAINT_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, CHECK_CLAUSE AS \`expression\`
      FROM information_schema.CHECK_CONSTRAINTS`
    return [{ of: 'checks', sql }]
  }
  const sql = `SELECT t.TABLE_SCHEMA AS \`schema\`, t.TABLE_NAME AS \`relation\`, c.CHECK_CLAUSE AS \`expression\`
    FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
      ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
    WHERE t.CONSTRAINT_TYPE = 'CHECK'`
  return [{ of: 'checks', sql }]
}

/** Asked for those databases only that have partitioned tables: the server opens every table for it. */
export const partitionsQuestion = `
SELECT DISTINCT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS \`relation\`, PARTITION_EXPRESSION AS \`expression\`,
       SUBPARTITION_EXPRESSION AS \`subexpression\`
FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND PARTITION_NAME IS NOT NULL`
