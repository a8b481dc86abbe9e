// Every setting of the server: where it stands in the file, what it means, its unit and its default. The one place for them.

import { limits } from '../core/limits.ts'
import { ports } from '../network/ports.ts'

export type Kind =
  | 'text'
  | 'folder'
  | 'file'
  | 'host'
  | 'port'
  | 'boolean'
  | 'choice'
  | 'list'
  | 'secret'
  | 'count'

export interface Setting {
  readonly kind: Kind
  readonly about: string
  /** What counts if nothing is given; `undefined`: nothing. */
  readonly initial: string | number | boolean | readonly string[] | undefined
  /** In words, where the default depends on something. */
  readonly initialWords?: string
  readonly unit?: string
  readonly choices?: readonly string[]
}

const choice = <const C extends readonly string[]>(choices: C, initial: C[number], about: string) =>
  ({ kind: 'choice', choices, initial, about }) as const
const secret = (about: string) => ({ kind: 'secret', initial: undefined, about }) as const
const file = (about: string) => ({ kind: 'file', initial: undefined, about }) as const
const port = (initial: number, about: string) => ({ kind: 'port', initial, about, unit: 'TCP port' }) as const
const host = (initial: string, about: string) => ({ kind: 'host', initial, about }) as const

/** Limits that one may set: all of them, under `limits`. */
export const limitUnit = (name: string): string =>
  name.endsWith('Ms')
    ? 'ms'
    : name.includes('Bytes')
      ? 'bytes'
      : name.includes('Chars')
        ? 'characters'
        : 'count'

export const schema = {
  dataDir: {
    kind: 'folder',
    initial: './data',
    about: 'Folder for everything the server keeps: journal, SQLite database, certificate, key, demo target.',
  },
  publicHost: host('localhost', 'Name or address under which people reach this server; shown to them.'),
  demo: {
    kind: 'boolean',
    initial: undefined,
    initialWords: '`true` without a configuration file, else `false`',
    about: 'Whether to start the demo target: a PostgreSQL of its own with the data of a small shop.',
  },
  'console.host': host('127.0.0.1', 'Address that the console listens on; `0.0.0.0` or `::` for all.'),
  'console.port': port(ports.consoleQuickStart.from, 'Port of the console and its API.'),
  'console.tlsCert': file('PEM certificate chain of the console. With `console.tlsKey` it speaks HTTPS.'),
  'console.tlsKey': file('PEM private key of the console.'),
  'console.behindHttps': {
    kind: 'boolean',
    initial: false,
    about: 'Set to `true` if a balancer in front of the console speaks HTTPS for it: cookies become secure.',
  },
  'console.trustedProxies': {
    kind: 'list',
    initial: [],
    about: 'Addresses or networks of balancers whose `X-Forwarded-For` is believed.',
  },
  'client.tlsCert': file(
    'PEM certificate chain shown to native clients. Without it a self-signed one is made in the data folder.',
  ),
  'client.tlsKey': file('PEM private key for it.'),
  'targets.host': host(
    '127.0.0.1',
    'Address that the ports of the targets listen on; `0.0.0.0` or `::` for all.',
  ),
  'targets.portFirst': port(ports.targets.from, 'First port that a target may get.'),
  'targets.portLast': port(ports.targets.to, 'Last port that a target may get.'),
  'targets.proxyProtocolFrom': {
    kind: 'list',
    initial: [],
    about:
      'Addresses or networks of load balancers in front of the ports of the targets, which must say by the PROXY protocol (version 1 or 2) whom they speak for.',
  },
  'tunnel.host': host(
    '127.0.0.1',
    'Address that the tunnel of user agents listens on; `0.0.0.0` or `::` for all.',
  ),
  'tunnel.port': port(ports.tunnel.from, 'Port of the tunnel; `0`: there is none.'),
  'tunnel.proxyProtocolFrom': {
    kind: 'list',
    initial: [],
    about:
      'Addresses or networks of layer-4 balancers in front of the tunnel, which must say by the PROXY protocol whom they speak for.',
  },
  'database.kind': choice(['sqlite', 'mysql'], 'sqlite', 'Server database; `mysql` is MySQL or MariaDB.'),
  'database.file': {
    kind: 'file',
    initial: undefined,
    initialWords: '`sekisho.db` in the data folder',
    about: 'SQLite file.',
  },
  'database.host': host('localhost', 'Host of MySQL or MariaDB.'),
  'database.port': port(3306, 'Port of MySQL or MariaDB.'),
  'database.name': {
    kind: 'text',
    initial: 'sekisho',
    about: 'Database in MySQL or MariaDB; it must exist.',
  },
  'database.user': { kind: 'text', initial: 'sekisho', about: 'Account in MySQL or MariaDB.' },
  'database.password': secret('Password of that account.'),
  'database.tls': {
    kind: 'boolean',
    initial: false,
    about: 'Whether to speak TLS to MySQL or MariaDB; its certificate is verified.',
  },
  'database.tlsCa': file(
    'PEM certificates that its certificate must chain to. Without it those of the system.',
  ),
  'key.file': {
    kind: 'file',
    initial: undefined,
    initialWords: '`kek` in the data folder, made at first start',
    about:
      'File with the key-encryption key: 32 bytes in base64, readable by the server alone. To change it, put the new one on a line above, start, and take the old one away.',
  },
  'key.value': secret(
    'The key-encryption key itself, 32 bytes in base64, instead of a file; a new one and the one before it are divided by a comma.',
  ),
  'audit.strength': choice(
    ['written', 'strict'],
    'written',
    'How durable an intent is before its statement leaves: `written` survives the process, `strict` the machine.',
  ),
  timeZone: {
    kind: 'text',
    initial: 'UTC',
    about:
      'Zone of the days of daily limits and of `context.localHour` and `context.localWeekday` in policies: `Asia/Tokyo`.',
  },
  'log.level': choice(['debug', 'info', 'warn', 'error'], 'info', 'Least weight of what is logged.'),
  'log.format': choice(
    ['auto', 'json', 'text'],
    'auto',
    '`json`: a line of JSON per event. `text`: for eyes. `auto`: text on a terminal, else JSON.',
  ),
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof schema

/** All settings with those of the limits, as the file and the environment know them. */
export const settings: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ...Object.entries(schema),
  ...Object.entries(limits).map(([name, initial]): [string, Setting] => [
    `limits.${name}`,
    { kind: 'count', initial, about: '', unit: limitUnit(name) },
  ]),
])

/** `console.tlsCert` → `SEKISHO_CONSOLE_TLS_CERT`. */
export const variableOf = (name: string): string =>
  `SEKISHO_${name
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase()}`
