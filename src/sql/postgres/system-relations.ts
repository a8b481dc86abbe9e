// Relations of the server's own catalog that hold values or statement texts: what of them is hidden, once anything is.

import type { HiddenColumn, TableSight } from '../../core/verdict.ts'

const tag = 'server statistics'
const asNull: HiddenColumn = { mask: 'null', tag }

function columns(...names: string[]): TableSight {
  return { hidden: new Map(names.map(name => [name, asNull])), rowFilter: undefined }
}

/** All of it follows from stored values: no rows. */
const noRows: TableSight = { hidden: new Map(), rowFilter: 'false' }

const sensitive: ReadonlyMap<string, TableSight> = new Map([
  ['pg_statistic', noRows],
  ['pg_stats', noRows],
  ['pg_stats_ext', noRows],
  ['pg_stats_ext_exprs', noRows],
  ['pg_statistic_ext_data', noRows],
  ['pg_largeobject', noRows],
  ['pg_file_settings', noRows],
  ['pg_hba_file_rules', noRows],
  ['pg_ident_file_mappings', noRows],
  ['pg_stat_wal_receiver', noRows],
  ['pg_stat_subscription', noRows],
  ['pg_stat_progress_analyze', noRows],
  ['pg_stat_progress_basebackup', noRows],
  ['pg_stat_progress_cluster', noRows],
  ['pg_stat_progress_copy', noRows],
  ['pg_stat_progress_create_index', noRows],
  ['pg_stat_progress_vacuum', noRows],
  ['pg_attribute', columns('attmissingval')],
  ['pg_stat_activity', columns('query')],
  ['pg_prepared_statements', columns('name', 'statement')],
  ['pg_cursors', columns('name', 'statement')],
  ['pg_authid', columns('rolpassword')],
  ['pg_shadow', columns('passwd')],
  ['pg_user_mapping', columns('umoptions')],
  ['pg_user_mappings', columns('umoptions')],
  ['pg_foreign_server', columns('srvoptions')],
  ['pg_subscription', columns('subconninfo')],
  ['pg_seclabel', columns('label')],
  ['user_mapping_options', columns('option_value')],
  ['pg_stat_statements', columns('query')],
  ['pg_stat_statements_info', noRows],
  ['pg_buffercache', noRows],
])

/** Tables of the TOAST schema hold the long values of other tables. */
export function systemSight(schema: string, name: string): TableSight | undefined {
  if (schema === 'pg_toast') return noRows
  if (schema === 'pg_catalog' || schema === 'information_schema') return sensitive.get(name)
  // Extensions put these wherever they are told to.
  return name.startsWith('pg_stat_statements') || name === 'pg_buffercache' ? sensitive.get(name) : undefined
}
