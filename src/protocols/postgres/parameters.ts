// What a client may set when it connects, and what of it reaches the target.

import { GatewayError } from '../../core/errors.ts'

/** Settings that change how values look or how long things may take, never what a statement means. */
const harmless = new Set([
  'application_name',
  'bytea_output',
  'datestyle',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'geqo',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'lc_messages',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'lock_timeout',
  'statement_timeout',
  'synchronous_commit',
  'tcp_keepalives_count',
  'tcp_keepalives_idle',
  'tcp_keepalives_interval',
  'tcp_user_timeout',
  'timezone',
  'work_mem',
  'xmlbinary',
  'xmloption',
])

/** Settings that change how statements are read: they pass the gate as `SET` statements. */
const judged = new Set(['search_path'])

/** Spellings of UTF-8 that the server takes: it leaves out all but letters and digits. */
export const meansUtf8 = (encoding: string): boolean => {
  const plain = encoding.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return plain === 'utf8' || plain === 'unicode'
}

/** What decides the meaning of a text: asked for whatever the defaults of account and database say. */
const meaning = [
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
] as const

/** Whether the texts of a session mean what they are taken for, by the settings that the target reports. */
export const meansWhatItSays = (settings: ReadonlyMap<string, string>): boolean =>
  meaning.every(([name, value]) => settings.get(name) === value)

export interface StartupSettings {
  /** Name and value, to be given to the target as they are. */
  readonly plain: readonly (readonly [name: string, value: string])[]
  /** Name and value, each to be judged as `SET name = value` first. */
  readonly judged: readonly (readonly [name: string, value: string])[]
}

/**
 * Sorts what the client asked for.
 * @throws GatewayError `protocol.unsupported`
 */
export function parseSettings(parameters: ReadonlyMap<string, string>): StartupSettings {
  const settings = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (name === 'user' || name === 'database' || name.startsWith('_pq_.')) continue
    if (name === 'replication') refuseReplication(value)
    else if (name === 'options') for (const [key, set] of parseOptions(value)) settings.set(key, set)
    else settings.set(name.toLowerCase(), value)
  }
  const encoding = settings.get('client_encoding')
  if (encoding !== undefined && !meansUtf8(encoding) && encoding.toLowerCase() !== 'sql_ascii')
    throw new GatewayError(
      'protocol.unsupported',
      'Only the client encoding UTF8 is supported. Set PGCLIENTENCODING=UTF8 (or client_encoding=UTF8) and connect again.',
    )
  settings.delete('client_encoding')
  for (const name of settings.keys())
    if (!harmless.has(name) && !judged.has(name))
      throw new GatewayError(
        'protocol.unsupported',
        `The setting ${JSON.stringify(name)} cannot be given when connecting. Leave it out, or ask an administrator.`,
      )
  const entries = [...settings]
  return {
    plain: [...meaning, ...entries.filter(([name]) => harmless.has(name))],
    judged: entries.filter(([name]) => judged.has(name)),
  }
}

function refuseReplication(value: string): void {
  if (/^(?:false|off|no|0)$/i.test(value)) return
  throw new GatewayError('protocol.unsupported', 'Replication connections are not supported.')
}

/** Splits `-c name=value --name=value` as the server does: at blanks, where a backslash makes the next character literal. */
function parseOptions(options: string): readonly (readonly [string, string])[] {
  const words = (options.match(/(?:\\.|[^\s\\])+/gs) ?? []).map(word => word.replaceAll(/\\(.)/gs, '$1'))
  const settings: [string, string][] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const setting = word === '-c' ? words[++i] : /^(?:-c|--)(.+)$/s.exec(word)?.[1]
    const equals = setting?.indexOf('=') ?? -1
    if (setting === undefined || equals < 1)
      throw new GatewayError(
        'protocol.unsupported',
        'Of the connection options only "-c name=value" is supported.',
      )
    settings.push([setting.slice(0, equals).replaceAll('-', '_').toLowerCase(), setting.slice(equals + 1)])
  }
  return settings
}

const nameList = /^\s*(?:"(?:[^"]|"")+"|[a-z_][\w$]*)(?:\s*,\s*(?:"(?:[^"]|"")+"|[a-z_][\w$]*))*\s*$/i

/**
 * The statement that a judged setting stands for.
 * @throws GatewayError `protocol.unsupported` if the value means something else in a statement than when connecting
 */
export function asStatement(name: string, value: string): string {
  if (nameList.test(value) && !/^\s*default\s*$/i.test(value)) return `SET ${name} = ${value}`
  throw new GatewayError('protocol.unsupported', `The value given for ${name} is not a list of names.`)
}
