// Which variables a session may set, and what setting them means for the reading of later statements.

import type { TargetEffect } from '../../core/action.ts'
import { ownEngines } from './engines.ts'
import { unsafe } from './refusal.ts'
import { type StateChange, isSafeCharacterSet } from './state.ts'
import type { Expression, SetItem, SetStatement } from './syntax.ts'

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(word => word !== ''))
}

/** Change neither how a text is read nor what it could show. */
const harmless = words(`
  autocommit auto_increment_increment auto_increment_offset aria_repair_threads aria_sort_buffer_size big_tables
  bulk_insert_buffer_size character_set_results collation_database character_set_database column_compression_threshold
  completion_type cte_max_recursion_depth default_week_format
  deadlock_search_depth_long deadlock_search_depth_short deadlock_timeout_long deadlock_timeout_short
  div_precision_increment eq_range_index_dive_limit end_markers_in_json explicit_defaults_for_timestamp expensive_subquery_limit
  foreign_key_checks group_concat_max_len histogram_generation_max_mem_size identity idle_readonly_transaction_timeout
  idle_transaction_timeout idle_write_transaction_timeout in_predicate_conversion_threshold information_schema_stats_expiry
  insert_id innodb_lock_wait_timeout innodb_strict_mode innodb_table_locks interactive_timeout join_buffer_size
  join_buffer_space_limit join_cache_level last_insert_id lc_messages lc_time_names lock_wait_timeout long_query_time
  low_priority_updates max_allowed_packet max_error_count max_execution_time max_heap_table_size
  max_length_for_sort_data max_points_in_geometry max_recursive_iterations max_seeks_for_key  max_sp_recursion_depth
  max_statement_time max_tmp_tables min_examined_row_limit mrr_buffer_size myisam_repair_threads myisam_sort_buffer_size
  myisam_stats_method net_buffer_length net_read_timeout net_retry_count net_write_timeout new note_verbosity
  old_alter_table optimizer_prune_level optimizer_search_depth optimizer_switch optimizer_use_condition_selectivity
  optimizer_max_sel_arg_weight optimizer_selectivity_sampling_limit preload_buffer_size progress_report_time
  query_alloc_block_size query_prealloc_size rand_seed1 rand_seed2 range_alloc_block_size range_optimizer_max_mem_size
  read_buffer_size read_rnd_buffer_size resultset_metadata rowid_merge_buff_size select_into_buffer_size
  select_into_disk_sync session_track_schema session_track_state_change session_track_system_variables
  show_create_table_skip_secondary_engine show_create_table_verbosity show_old_temporals
  sort_buffer_size sql_auto_is_null sql_buffer_result sql_generate_invisible_primary_key sql_notes
  sql_quote_show_create sql_require_primary_key sql_safe_updates sql_select_limit sql_warnings standard_compliant_cte
  slow_query_log log_slow_query_time tcp_nodelay time_zone timestamp tmp_disk_table_size tmp_memory_table_size tmp_table_size
  transaction_alloc_block_size transaction_isolation transaction_prealloc_size transaction_read_only tx_isolation
  tx_read_only unique_checks updatable_views_with_limit use_secondary_engine wait_timeout windowing_use_high_precision
  wsrep_causal_reads wsrep_on wsrep_osu_method wsrep_retry_autocommit wsrep_sync_wait wsrep_trx_fragment_size
  wsrep_trx_fragment_unit query_cache_type query_cache_wlock_invalidate query_cache_strip_comments
`)

/** Character sets: texts are converted to them, or results are. Anything that a text of ASCII survives. */
const characterSets = words(
  'character_set_client character_set_connection character_set_server character_set_filesystem',
)
const collations = words('collation_connection collation_server')

/** Tell, with every answer, whether something was really changed. */
const trackers = words('session_track_gtids session_track_transaction_info')

const engines = words('default_storage_engine default_tmp_storage_engine storage_engine')

/** Keep what passes where it could be asked for later; set by those alone who may administer. */
export interface SettingChange {
  readonly effects: readonly TargetEffect[]
  readonly changes: readonly StateChange[]
  /** Not where something is hidden. */
  readonly tells: boolean
  /** Changes how the texts behind it in the same message are read. */
  readonly rereads: boolean
}

const nothing: SettingChange = { effects: [], changes: [], tells: false, rereads: false }

/** @param parts parts of a name that are system variables here; those of a routine's own variables are not asked for. @throws Refusal */
export function describeSet(statement: SetStatement, isLocal: (name: string) => boolean): SettingChange {
  let sum = nothing
  for (const item of statement.items) {
    const one = describeItem(item, isLocal)
    sum = {
      effects: [...sum.effects, ...one.effects],
      changes: [...sum.changes, ...one.changes],
      tells: sum.tells || one.tells,
      rereads: sum.rereads || one.rereads,
    }
  }
  return sum
}

function describeItem(item: SetItem, isLocal: (name: string) => boolean): SettingChange {
  switch (item.kind) {
    case 'set-user-variable':
      return nothing
    case 'set-transaction':
      return item.scope === 'GLOBAL' ? administer : nothing
    case 'set-names':
      return withCharacterSet(item.characterSet, item.start)
    case 'set-character-set':
      return withCharacterSet(item.characterSet, item.start)
    case 'set-password':
    case 'set-role':
      return { ...nothing, effects: ['administer'], tells: true }
    case 'set-variable': {
      const name = item.parts.map(part => part.text.toLowerCase()).join('.')
      if (item.parts.length === 1 && item.scope === undefined && isLocal(name)) return nothing
      if (item.scope !== undefined && item.scope !== 'SESSION' && item.scope !== 'LOCAL') return administer
      return describeVariable(name, item.value, item.start)
    }
  }
}

const administer: SettingChange = { ...nothing, effects: ['administer'], tells: true }

function describeVariable(name: string, value: Expression, at: number): SettingChange {
  if (!isPlain(value)) throw unsafe(`Set "${name}" to a value, not to the result of a query.`, at)
  if (name === 'max_join_size' || name === 'sql_big_selects')
    return { ...nothing, changes: [{ kind: 'budget' }] }
  if (harmless.has(name)) return nothing
  if (trackers.has(name)) return { ...nothing, tells: true }
  const text = constantText(value)
  // Others reach out of the server, or into other tables, as where a table is made.
  if (engines.has(name)) {
    const engine = text?.toLowerCase() ?? ''
    return engine === 'default' || ownEngines.has(engine) ? nothing : administer
  }
  if (name === 'sql_mode') {
    // Modes are known by names and by numbers; only the target tells what became of the latter.
    const known = text !== undefined && /^[A-Za-z_, ]*$/.test(text) && value.kind === 'literal'
    const changes: StateChange[] = known
      ? [{ kind: 'facts', facts: { sqlMode: text } }]
      : [{ kind: 'unsure' }]
    if (known && /\bORACLE\b/i.test(text)) {
      throw unsafe(
        'The sql_mode ORACLE is another language, which Sekisho does not read. Choose other modes.',
        at,
      )
    }
    return { ...nothing, changes, rereads: true }
  }
  if (characterSets.has(name)) {
    const change = withCharacterSet(text, at)
    if (name === 'character_set_client' || change.changes.some(({ kind }) => kind === 'unsure')) return change
    return { ...change, changes: [], rereads: false }
  }
  if (collations.has(name)) {
    // Collations are known by numbers, too; only the target tells what became of those.
    const set = text?.split('_')[0]
    if (set === undefined || set.toLowerCase() === 'default') {
      return { ...nothing, changes: [{ kind: 'unsure' }], rereads: true }
    }
    if (!isSafeCharacterSet(set)) throw unsafeCharacterSet(set, at)
    return nothing
  }
  if (name === 'old_mode') return { ...nothing, changes: [{ kind: 'unsure' }], rereads: true }
  return administer
}

function isPlain(value: Expression): boolean {
  return !/"kind":"(?:query|table)"/.test(JSON.stringify(value))
}

/** @param name `undefined`: what only the target can tell */
function withCharacterSet(name: string | undefined, at: number): SettingChange {
  if (name === undefined || name.toLowerCase() === 'default') {
    return { ...nothing, changes: [{ kind: 'unsure' }], rereads: true }
  }
  if (!isSafeCharacterSet(name)) throw unsafeCharacterSet(name, at)
  return {
    ...nothing,
    changes: [{ kind: 'facts', facts: { characterSet: name.toLowerCase() } }],
    rereads: true,
  }
}

function unsafeCharacterSet(name: string, at: number): Error {
  return unsafe(`Texts in the character set "${name}" cannot be read with certainty. Use utf8mb4.`, at)
}

/** `utf8`, `'utf8'`, UTF8 as a word. */
export function constantText(value: Expression): string | undefined {
  if (value.kind === 'literal' && value.type === 'string') return value.value
  if (value.kind === 'word') return value.word
  if (value.kind === 'column' && value.parts.length === 1) return value.parts[0]?.text
  return undefined
}
