// Tables of the server's own catalog: which of them tell of values, statement texts or statistics, once anything is hidden.

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(word => word !== ''))
}

/** Describe what there is, not what is in it. Of those with an entry in `masked`, some columns are NULL. */
const open: Readonly<Record<string, ReadonlySet<string>>> = {
  information_schema: words(`
    administrable_role_authorizations all_plugins applicable_roles character_sets check_constraints
    collation_character_set_applicability collations column_privileges columns columns_extensions enabled_roles engines
    events files geometry_columns global_status global_variables keycaches keywords key_column_usage locales
    parameters partitions plugins processlist referential_constraints role_column_grants role_routine_grants
    role_table_grants routines schema_privileges schemata schemata_extensions session_status session_variables
    spatial_ref_sys sql_functions st_geometry_columns st_spatial_reference_systems st_units_of_measure statistics
    system_variables table_constraints table_constraints_extensions table_privileges tables tables_extensions tablespaces
    tablespaces_extensions triggers user_attributes user_privileges view_routine_usage view_table_usage views
    periods key_period_usage sequences`),
  performance_schema: words(`
    global_status global_variables keywords performance_timers persisted_variables session_account_connect_attrs
    session_status session_variables setup_actors setup_consumers setup_instruments setup_objects setup_timers
    variables_info`),
  mysql: words(`
    help_category help_keyword help_relation help_topic proc event func plugin time_zone time_zone_leap_second
    time_zone_name time_zone_transition time_zone_transition_type`),
  sys: words('version sys_config'),
}

/** Columns that are NULL: hashes and counts of values, texts of statements. */
const masked: Readonly<Record<string, ReadonlySet<string>>> = {
  'information_schema.tables': words('checksum'),
  'information_schema.statistics': words('cardinality'),
  'information_schema.partitions': words(
    'checksum table_rows avg_row_length data_length index_length data_free update_time check_time',
  ),
  'information_schema.files': words(`
    table_rows avg_row_length data_length index_length data_free update_time check_time checksum free_extents total_extents
    initial_size deleted_rows update_count`),
  'information_schema.processlist': words('info info_binary examined_rows memory_used max_memory_used'),
}

const none: ReadonlySet<string> = new Set()
const variableTables = words('global_variables session_variables system_variables')

/**
 * Beginnings of counters of the rows that were read, how they were found, and what that was thought to cost; of the bytes of
 * answers and of logs, and of what else follows from whether a row was really changed.
 */
export const telling: readonly string[] = (
  'aria binlog bytes federated handler innodb key last memory mroonga ndb optimizer qcache rocksdb rows select sort spider ' +
  'subquery tc tokudb transactions wsrep'
).split(' ')

/** Variables that change with every transaction that really changed something. */
export const tellingVariables: ReadonlySet<string> = words(`
  gtid_binlog_pos gtid_binlog_state gtid_current_pos gtid_slave_pos gtid_executed gtid_owned gtid_purged last_gtid`)

/** Leaves them out. */
export const otherVariables = `VARIABLE_NAME NOT IN (${[...tellingVariables].map(name => `'${name}'`).join(', ')})`

/** Leaves them out. */
export const tellingCounters = telling.map(word => `VARIABLE_NAME NOT LIKE '${word}%'`).join(' AND ')

/** Of `information_schema.tables`: NULL for those tables of which some rows are hidden; they tell how many there are. */
export const ofRows = words(
  'table_rows avg_row_length data_length index_length data_free auto_increment check_time update_time',
)
/** For those of which anything is: it tells when a row was really changed last. */
export const ofChanges = words('update_time')

export interface SystemSight {
  readonly refused: boolean
  /** Rows that are shown. */
  readonly filter: string | undefined
  /** No rows of it are shown. */
  readonly empty: boolean
  /** In lower case. */
  readonly hidden: ReadonlySet<string>
}

/** @param schema in lower case, as `name` is. `undefined`: all of it may be seen */
export function systemSight(schema: string, name: string): SystemSight | undefined {
  const nothing = { refused: false, filter: undefined, empty: false, hidden: none }
  // Programs that dump tables ask for it, and go on without.
  if (name === 'column_statistics') return { ...nothing, empty: true }
  if (!open[schema]?.has(name)) return { ...nothing, refused: true }
  if (name === 'global_status' || name === 'session_status') return { ...nothing, filter: tellingCounters }
  if (variableTables.has(name)) return { ...nothing, filter: otherVariables }
  const hidden = masked[`${schema}.${name}`]
  return hidden ? { ...nothing, hidden } : undefined
}

/** Whether reading it is for those alone who may administer: accounts, logs and what others are doing. */
export function isAdministrators(schema: string, name: string): boolean {
  return schema === 'mysql' && open['mysql']?.has(name) !== true
}
