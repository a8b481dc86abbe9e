// The statements in the server's own test files: what `mysqltest` would send, as far as it stands there literally.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's package `mariadb-test-data`. */
export const suiteFolder = '/usr/share/mysql/mysql-test'

/** Test files of the suite; those in Oracle's grammar are left out. */
export function suiteFiles(folder = suiteFolder): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => /\.(test|inc)$/.test(file) && !file.includes('compat/') && !file.includes('oracle'))
    .sort()
    .map(file => join(folder, file))
}

/** Commands of `mysqltest` itself. */
const commands: ReadonlySet<string> = new Set(
  `echo let inc dec eval source if while end connect connection disconnect dirty_close sleep real_sleep error exec execw system
   require result replace_result replace_column replace_regex replace_numeric_round sorted_result partially_sorted_result
   disable_warnings enable_warnings disable_query_log enable_query_log disable_result_log enable_result_log disable_info
   enable_info disable_metadata enable_metadata disable_abort_on_error enable_abort_on_error disable_ps_protocol
   enable_ps_protocol disable_ps2_protocol enable_ps2_protocol disable_reconnect enable_reconnect disable_parsing
   enable_parsing disable_rpl_parse enable_rpl_parse disable_cursor_protocol enable_cursor_protocol disable_view_protocol
   enable_view_protocol disable_service_connection enable_service_connection disable_connect_log enable_connect_log
   disable_session_track_info enable_session_track_info disable_non_blocking_api enable_non_blocking_api
   disable_prepare_warnings enable_prepare_warnings disable_column_names enable_column_names disable_ps_metadata
   enable_ps_metadata disable_column_types enable_column_types reap send_shutdown shutdown_server send_quit save_master_pos
   sync_with_master sync_slave_with_master character_set delimiter die exit skip append_file cat_file copy_file copy_files_wildcard
   diff_files file_exists list_files list_files_append_file list_files_write_file mkdir move_file remove_file remove_files_wildcard
   rmdir rmtree write_file write_line write_var perl chmod change_user ping horizontal_results vertical_results lowercase_result
   evalp reset_connection start_timer end_timer query_get_value wait_for_slave_to_stop optimizer_trace send_eval query_log shutdown
   single_query force_close_connection assert send query_attributes ps_prepare ps_bind ps_execute ps_close`.split(
    /\s+/,
  ),
)

/** Commands in front of a statement. */
const prefix = /^(?:query|query_vertical|query_horizontal|send|evalp?)\s+/i

/** Statements of a file; those that need values of test variables are left out. */
export function statementsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const statements: string[] = []
  const lines = text.split('\n')
  let delimiter = ';'
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const dashed = /^--\s*(\w+)(.*)$/.exec(trimmed)
    if (dashed !== null) {
      const command = (dashed[1] ?? '').toLowerCase()
      if (command === 'delimiter') delimiter = (dashed[2] ?? '').trim() || ';'
      i = skipBlock(lines, i, command, dashed[2] ?? '')
      continue
    }
    if (trimmed.startsWith('--')) continue
    if (/^(if|while)\s*\(/.test(trimmed) || /^[{}]/.test(trimmed)) continue
    const taken = takeStatement(lines, i, delimiter)
    i = taken.last
    const word = /^\w+/.exec(taken.text)?.[0].toLowerCase() ?? ''
    if (word === 'delimiter') delimiter = taken.text.slice(9).trim() || ';'
    else if (prefix.test(taken.text) && !/^eval/i.test(taken.text))
      statements.push(taken.text.replace(prefix, ''))
    else if (commands.has(word)) i = skipBlock(lines, i, word, taken.text.slice(word.length))
    else if (usable(taken.text)) statements.push(taken.text)
  }
  return statements
}

function usable(statement: string): boolean {
  return (
    statement !== '' &&
    !statement.includes('\ufffd') &&
    !statement.includes('\0') &&
    statement.length < 50_000
  )
}

/** Over the text that some commands are given up to a line of its own. */
function skipBlock(lines: readonly string[], at: number, command: string, rest: string): number {
  if (command !== 'perl' && command !== 'write_file' && command !== 'append_file') return at
  const words = rest.replace(/;.*$/, '').trim().split(/\s+/)
  const given = command === 'perl' ? words[0] : words[1]
  const end = given === undefined || given === '' ? 'EOF' : given
  let i = at + 1
  while (i < lines.length && lines[i]?.trim() !== end) i += 1
  return i
}

/** From line `at` to the delimiter, quotes minded; comments of whole lines are left out. */
function takeStatement(
  lines: readonly string[],
  at: number,
  delimiter: string,
): { text: string; last: number } {
  let text = ''
  let quote = ''
  for (let i = at; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    if (quote === '' && i > at && /^\s*(#|--\s)/.test(line)) continue
    for (let k = 0; k < line.length; k += 1) {
      const sign = line.charAt(k)
      if (quote !== '') {
        if (sign === '\\' && quote !== '`') k += 1
        else if (sign === quote) quote = ''
      } else if (line.startsWith(delimiter, k)) {
        return { text: (text + line.slice(0, k)).trim(), last: i }
      } else if (sign === "'" || sign === '"' || sign === '`') quote = sign
      else if (sign === '#') break
    }
    text += `${line}\n`
    if (text.length > 100_000) break
  }
  return { text: '', last: at }
}
