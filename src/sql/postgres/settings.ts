// Which run-time settings a session may change, and what changing them means for reading.

import { Refusal, unreadable, unsafe } from './refusal.ts'
import type { StateChange } from './state.ts'
import { type Tree, bodyOf, isTree, listOf, numberOf, textOf, treeOf } from './tree.ts'

/** Settings that change how results look, how long things may take, or how plans are made: nobody learns anything by them. */
const free = new Set(
  `application_name array_nulls backend_flush_after backslash_quote bytea_output check_function_bodies
  client_connection_check_interval commit_delay constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost
  cursor_tuple_fraction datestyle deadlock_timeout default_statistics_target default_table_access_method default_tablespace
  default_text_search_config default_toast_compression default_transaction_deferrable default_transaction_isolation
  effective_cache_size effective_io_concurrency escape_string_warning exit_on_error
  extra_float_digits from_collapse_limit geqo geqo_effort geqo_generations geqo_pool_size geqo_seed geqo_selection_bias
  geqo_threshold gin_fuzzy_search_limit gin_pending_list_limit hash_mem_multiplier icu_validation_level
  idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit jit_above_cost jit_inline_above_cost
  jit_optimize_above_cost join_collapse_limit lc_messages lc_monetary lc_numeric lc_time lock_timeout
  maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers
  max_parallel_workers_per_gather min_parallel_index_scan_size min_parallel_table_scan_size parallel_leader_participation
  parallel_setup_cost parallel_tuple_cost password_encryption plan_cache_mode quote_all_identifiers random_page_cost
  recursive_worktable_factor restrict_nonsystem_relation_kind row_security scram_iterations seed seq_page_cost ssl_renegotiation_limit
  statement_timeout synchronize_seqscans synchronous_commit tcp_keepalives_count tcp_keepalives_idle
  tcp_keepalives_interval tcp_user_timeout temp_buffers temp_tablespaces timezone timezone_abbreviations
  transaction_deferrable transaction_isolation transaction_timeout transform_null_equals work_mem xmlbinary
  xmloption vacuum_cost_delay vacuum_cost_limit vacuum_cost_page_hit vacuum_cost_page_miss vacuum_cost_page_dirty`.split(
    /\s+/,
  ),
)

/** Prefixes of settings that belong to parts of the server, so that they are not an application's own. */
const serverPrefixes = new Set([
  'auto_explain',
  'plpgsql',
  'pg_stat_statements',
  'plperl',
  'pltcl',
  'plpython',
])

/** The server leaves out all but letters and digits when it compares. */
const utf8Names = new Set(['utf8', 'unicode'])
const messageLevels = new Set(['notice', 'warning', 'error', 'fatal', 'panic'])

export interface SettingChange {
  readonly effect: 'administer' | undefined
  /** Whether it could show data that is hidden (logs, debug output, another role's rights). */
  readonly tells: boolean
  readonly changes: readonly StateChange[]
  /** Whether transactions may write afterwards that may not now. */
  readonly liftsReadOnly?: boolean
}

const harmlessChange: SettingChange = { effect: undefined, tells: false, changes: [] }
const liftingChange: SettingChange = { ...harmlessChange, liftsReadOnly: true }

/** @param values what it is set to; `undefined`: back to its default. @throws Refusal */
export function describeSetting(
  rawName: string,
  values: readonly string[] | undefined,
  local: boolean,
  at?: number,
): SettingChange {
  const name = rawName.toLowerCase()
  if (name === 'search_path') return describePath(values, local, at)
  if (name === 'client_encoding' || name === 'names') {
    const encoding = values?.[0]?.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
    if (encoding === undefined || utf8Names.has(encoding)) return harmlessChange
    throw unsafe('Statements are read as UTF-8: client_encoding must stay UTF8.', at)
  }
  if (name === 'standard_conforming_strings') {
    const value = values?.[0]?.toLowerCase()
    if (value === undefined || isOn(value)) return harmlessChange
    throw unsafe('Statements are read with standard_conforming_strings on; it cannot be turned off.', at)
  }
  if (name === 'client_min_messages') {
    const level = values?.[0]?.toLowerCase()
    if (level === undefined || messageLevels.has(level)) return harmlessChange
    return { effect: 'administer', tells: true, changes: [] }
  }
  // Back to their defaults lifts it, too: not that of the session is meant by all versions.
  if (name === 'transaction_read_only' || name === 'default_transaction_read_only') {
    return isOn(values?.[0]?.toLowerCase() ?? '') ? harmlessChange : liftingChange
  }
  if (free.has(name) || name.startsWith('enable_') || name === '') return harmlessChange
  const dot = name.indexOf('.')
  if (dot > 0) {
    const tells = serverPrefixes.has(name.slice(0, dot))
    return { effect: tells ? 'administer' : undefined, tells, changes: [] }
  }
  return { effect: 'administer', tells: true, changes: [] }
}

function isOn(value: string): boolean {
  return value === '1' || value === 'on' || value === 'true' || value === 'yes' || value === 't'
}

function describePath(values: readonly string[] | undefined, local: boolean, at?: number): SettingChange {
  const path = values?.filter(schema => schema !== '')
  if (path && path.indexOf('pg_catalog') > 0) {
    throw unsafe('pg_catalog must come first in search_path, or be left out.', at)
  }
  return { effect: undefined, tells: false, changes: [{ kind: 'path', path, local }] }
}

/** `SET`, `RESET`. @throws Refusal */
export function describeSet(body: Tree): SettingChange {
  const name = textOf(body, 'name') ?? ''
  const local = body['is_local'] === true
  const at = numberOf(body, 'location')
  switch (textOf(body, 'kind')) {
    case 'VAR_SET_VALUE':
      return describeSetting(name, listOf(body, 'args').map(constantText), local, at > 0 ? at : undefined)
    case 'VAR_SET_DEFAULT':
    case 'VAR_RESET':
      return describeSetting(name, undefined, local)
    case 'VAR_SET_CURRENT':
      return describeSetting(name, undefined, local)
    case 'VAR_RESET_ALL':
      return { effect: undefined, tells: false, changes: [{ kind: 'reset' }] }
    case 'VAR_SET_MULTI':
      // SET TRANSACTION and SET SESSION CHARACTERISTICS.
      return asksToWrite(body, 'args') ? liftingChange : harmlessChange
    default:
      throw unreadable('This form of SET is not known.')
  }
}

/** `READ WRITE` among the modes of a transaction. */
export function asksToWrite(body: Tree, field: string): boolean {
  return listOf(body, field).some(item => {
    const mode = bodyOf(item, 'DefElem')
    if (!mode || textOf(mode, 'defname') !== 'transaction_read_only') return false
    const value = bodyOf(mode['arg'], 'A_Const')
    return numberOf((value && treeOf(value, 'ival')) ?? {}, 'ival') !== 1
  })
}

/** Elements of a `search_path` that is given as one string: `set_config('search_path', 'a, "B"', false)`. */
export function splitPath(value: string): string[] {
  const path: string[] = []
  for (const part of value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]+))\s*(?:,|$)/g)) {
    const quoted = part[1]
    path.push(quoted === undefined ? (part[2] ?? '').trim().toLowerCase() : quoted.replaceAll('""', '"'))
  }
  return path.filter(schema => schema !== '')
}

function constantText(value: unknown): string {
  const constant = bodyOf(value, 'A_Const')
  if (!constant) {
    // SET TIME ZONE INTERVAL '…'
    if (bodyOf(value, 'TypeCast')) return ''
    throw new Refusal('statement.unreadable', 'A value of SET could not be read.')
  }
  const sval = treeOf(constant, 'sval')
  if (sval) return textOf(sval, 'sval') ?? ''
  const ival = treeOf(constant, 'ival')
  if (ival) return String(numberOf(ival, 'ival'))
  const boolval = treeOf(constant, 'boolval')
  if (boolval) return boolval['boolval'] === true ? 'on' : 'off'
  const fval = treeOf(constant, 'fval')
  if (isTree(fval)) return textOf(fval, 'fval') ?? ''
  return ''
}
