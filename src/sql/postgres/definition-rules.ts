// A list: the statements that define something, and how each is treated where something is hidden.

export interface Rule {
  readonly verb: string
  /** What it is where nothing hidden is named; `refuse`: not at all where anything is hidden. */
  readonly treatment: 'define' | 'refuse' | 'plain'
  readonly effect: 'define' | 'administer' | 'update' | 'delete'
  /** Field of the relation that comes to be. */
  readonly creates?: string
}

const define = (verb: string, creates?: string): Rule =>
  creates === undefined
    ? { verb, treatment: 'define', effect: 'define' }
    : { verb, treatment: 'define', effect: 'define', creates }

const guarded = (verb: string): Rule => ({ verb, treatment: 'refuse', effect: 'define' })

const administer = (verb: string): Rule => ({ verb, treatment: 'refuse', effect: 'administer' })

export const rules: Readonly<Record<string, Rule>> = {
  CreateStmt: define('CREATE TABLE', 'relation'),
  CreateSeqStmt: define('CREATE SEQUENCE', 'sequence'),
  CompositeTypeStmt: define('CREATE TYPE', 'typevar'),
  AlterSeqStmt: define('ALTER SEQUENCE'),
  IndexStmt: define('CREATE INDEX'),
  AlterTableStmt: define('ALTER TABLE'),
  RenameStmt: define('ALTER RENAME'),
  DropStmt: define('DROP'),
  CreateSchemaStmt: define('CREATE SCHEMA'),
  CreateEnumStmt: define('CREATE TYPE'),
  AlterEnumStmt: define('ALTER TYPE'),
  CommentStmt: define('COMMENT'),
  AlterObjectSchemaStmt: define('ALTER SET SCHEMA'),
  RefreshMatViewStmt: define('REFRESH MATERIALIZED VIEW'),
  CreateStatsStmt: define('CREATE STATISTICS'),
  TruncateStmt: { verb: 'TRUNCATE TABLE', treatment: 'define', effect: 'delete' },
  LockStmt: { verb: 'LOCK TABLE', treatment: 'define', effect: 'update' },
  AlterStatsStmt: guarded('ALTER STATISTICS'),
  CreateDomainStmt: guarded('CREATE DOMAIN'),
  AlterDomainStmt: guarded('ALTER DOMAIN'),
  CreateRangeStmt: guarded('CREATE TYPE'),
  AlterTypeStmt: guarded('ALTER TYPE'),
  CreateFunctionStmt: guarded('CREATE FUNCTION'),
  AlterFunctionStmt: guarded('ALTER FUNCTION'),
  CreateTrigStmt: guarded('CREATE TRIGGER'),
  RuleStmt: guarded('CREATE RULE'),
  CreatePolicyStmt: guarded('CREATE POLICY'),
  AlterPolicyStmt: guarded('ALTER POLICY'),
  DefineStmt: guarded('CREATE'),
  CreateCastStmt: guarded('CREATE CAST'),
  CreateConversionStmt: guarded('CREATE CONVERSION'),
  CreateOpClassStmt: guarded('CREATE OPERATOR CLASS'),
  CreateOpFamilyStmt: guarded('CREATE OPERATOR FAMILY'),
  AlterOpFamilyStmt: guarded('ALTER OPERATOR FAMILY'),
  AlterOperatorStmt: guarded('ALTER OPERATOR'),
  CreateTransformStmt: guarded('CREATE TRANSFORM'),
  AlterTSConfigurationStmt: guarded('ALTER TEXT SEARCH CONFIGURATION'),
  AlterTSDictionaryStmt: guarded('ALTER TEXT SEARCH DICTIONARY'),
  AlterCollationStmt: guarded('ALTER COLLATION'),
  AlterObjectDependsStmt: guarded('ALTER DEPENDS'),
  CreateExtensionStmt: administer('CREATE EXTENSION'),
  AlterExtensionStmt: administer('ALTER EXTENSION'),
  AlterExtensionContentsStmt: administer('ALTER EXTENSION'),
  CreateEventTrigStmt: administer('CREATE EVENT TRIGGER'),
  AlterEventTrigStmt: administer('ALTER EVENT TRIGGER'),
  CreatePLangStmt: administer('CREATE LANGUAGE'),
  CreateAmStmt: administer('CREATE ACCESS METHOD'),
  CreateFdwStmt: administer('CREATE FOREIGN DATA WRAPPER'),
  AlterFdwStmt: administer('ALTER FOREIGN DATA WRAPPER'),
  CreateForeignServerStmt: administer('CREATE SERVER'),
  AlterForeignServerStmt: administer('ALTER SERVER'),
  CreateUserMappingStmt: administer('CREATE USER MAPPING'),
  AlterUserMappingStmt: administer('ALTER USER MAPPING'),
  DropUserMappingStmt: administer('DROP USER MAPPING'),
  ImportForeignSchemaStmt: administer('IMPORT FOREIGN SCHEMA'),
  CreatePublicationStmt: administer('CREATE PUBLICATION'),
  AlterPublicationStmt: administer('ALTER PUBLICATION'),
  CreateSubscriptionStmt: administer('CREATE SUBSCRIPTION'),
  AlterSubscriptionStmt: administer('ALTER SUBSCRIPTION'),
  DropSubscriptionStmt: administer('DROP SUBSCRIPTION'),
  CreateTableSpaceStmt: administer('CREATE TABLESPACE'),
  DropTableSpaceStmt: administer('DROP TABLESPACE'),
  AlterTableSpaceOptionsStmt: administer('ALTER TABLESPACE'),
  AlterTableMoveAllStmt: administer('ALTER TABLE ALL'),
  CreatedbStmt: administer('CREATE DATABASE'),
  DropdbStmt: administer('DROP DATABASE'),
  AlterDatabaseStmt: administer('ALTER DATABASE'),
  AlterDatabaseSetStmt: administer('ALTER DATABASE'),
  AlterDatabaseRefreshCollStmt: administer('ALTER DATABASE'),
  CreateRoleStmt: administer('CREATE ROLE'),
  AlterRoleStmt: administer('ALTER ROLE'),
  AlterRoleSetStmt: administer('ALTER ROLE'),
  DropRoleStmt: administer('DROP ROLE'),
  GrantStmt: administer('GRANT'),
  GrantRoleStmt: administer('GRANT ROLE'),
  AlterDefaultPrivilegesStmt: administer('ALTER DEFAULT PRIVILEGES'),
  AlterOwnerStmt: administer('ALTER OWNER'),
  DropOwnedStmt: administer('DROP OWNED'),
  ReassignOwnedStmt: administer('REASSIGN OWNED'),
  SecLabelStmt: administer('SECURITY LABEL'),
  AlterSystemStmt: administer('ALTER SYSTEM'),
  ReindexStmt: administer('REINDEX'),
  ClusterStmt: administer('CLUSTER'),
  VacuumStmt: { verb: 'VACUUM', treatment: 'plain', effect: 'administer' },
  CheckPointStmt: { verb: 'CHECKPOINT', treatment: 'plain', effect: 'administer' },
}

/** Objects of these kinds may be renamed, dropped or moved even where something is hidden. */
export const looseObjects = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
  'OBJECT_COLUMN',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TYPE',
  'OBJECT_ATTRIBUTE',
])

/** Of these, the names of a list are relations. */
export const relationObjects = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_FOREIGN_TABLE',
])

export function isDefinition(kind: string): boolean {
  return kind in rules
}
