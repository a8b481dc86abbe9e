// From settings, one by one, to the configuration as the server takes it.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import type { AuditStrength } from '../core/verdict.ts'
import { isTimeZone } from '../policy/local-moment.ts'
import type { Config, TlsFiles } from './config.ts'
import { type SettingName, settings } from './config-schema.ts'
import type { SettingValue } from './parse-setting.ts'

/** Looks at the settings together: what belongs to each other, and whether the files are there. */
export function buildConfig(
  values: ReadonlyMap<string, SettingValue>,
  folder: string,
  source: string | undefined,
  problems: string[],
): Config {
  const text = (name: SettingName) => values.get(name) as string
  const given = (name: SettingName) => values.get(name) as string | undefined
  const number = (name: SettingName) => values.get(name) as number
  const path = (name: SettingName) => {
    const value = given(name)
    return value === undefined ? undefined : resolve(folder, value)
  }
  const pair = (certName: SettingName, keyName: SettingName): TlsFiles | undefined => {
    const cert = path(certName)
    const key = path(keyName)
    if ((cert === undefined) !== (key === undefined)) {
      const [there, missing] = cert === undefined ? [keyName, certName] : [certName, keyName]
      problems.push(`\`${there}\` is given without \`${missing}\`: give both or neither.`)
    }
    for (const one of [cert, key]) mustExist(one, problems)
    return cert === undefined || key === undefined ? undefined : { cert, key }
  }

  const dataDir = resolve(folder, text('dataDir'))
  const consoleTls = pair('console.tlsCert', 'console.tlsKey')
  const clientTls = pair('client.tlsCert', 'client.tlsKey')
  const [portFirst, portLast] = [number('targets.portFirst'), number('targets.portLast')]
  if (portLast < portFirst) {
    problems.push(
      '`targets.portLast` is less than `targets.portFirst`: the range must hold one port at least.',
    )
  }
  const consolePort = number('console.port')
  if (consolePort !== 0 && consolePort >= portFirst && consolePort <= portLast) {
    problems.push('`console.port` lies within the ports of the targets: choose one outside of them.')
  }
  const tunnelPort = number('tunnel.port')
  if (
    tunnelPort !== 0 &&
    (tunnelPort === consolePort || (tunnelPort >= portFirst && tunnelPort <= portLast))
  ) {
    problems.push(
      '`tunnel.port` is that of the console or lies within the ports of the targets: choose another one.',
    )
  }
  const limitOverrides = [...settings.keys()]
    .filter(name => name.startsWith('limits.'))
    .map(name => [name.slice('limits.'.length), values.get(name)])
  const keyValue = values.get('key.value')
  return {
    source,
    dataDir,
    publicHost: text('publicHost'),
    demo: (values.get('demo') as boolean | undefined) ?? source === undefined,
    console: {
      host: text('console.host'),
      port: consolePort,
      tls: consoleTls,
      secure: consoleTls !== undefined || values.get('console.behindHttps') === true,
      trustedProxies: values.get('console.trustedProxies') as readonly string[],
    },
    clientTls,
    targets: {
      host: text('targets.host'),
      portFirst,
      portLast,
      proxyProtocolFrom: values.get('targets.proxyProtocolFrom') as readonly string[],
    },
    tunnel: {
      host: text('tunnel.host'),
      port: number('tunnel.port'),
      proxyProtocolFrom: values.get('tunnel.proxyProtocolFrom') as readonly string[],
    },
    database: database(values, dataDir, path, problems),
    key: key(keyValue, path('key.file'), dataDir, problems),
    timeZone: timeZone(text('timeZone'), problems),
    auditStrength: text('audit.strength') as AuditStrength,
    log: {
      level: text('log.level') as Config['log']['level'],
      format: text('log.format') as Config['log']['format'],
    },
    limits: Object.fromEntries(limitOverrides) as Limits,
  }
}

function timeZone(name: string, problems: string[]): string {
  if (isTimeZone(name)) return name
  problems.push('`timeZone` is not the name of a zone: write it as `Asia/Tokyo`, or `UTC`.')
  return 'UTC'
}

function key(
  value: SettingValue | undefined,
  file: string | undefined,
  dataDir: string,
  problems: string[],
): Config['key'] {
  if (!(value instanceof Secret)) return { kind: 'file', file: file ?? join(dataDir, 'kek') }
  if (file !== undefined) problems.push('Both `key.file` and `key.value` are given: give one of them.')
  if (Buffer.from(value.reveal(), 'base64').length !== 32) {
    problems.push('`key.value` must be 32 bytes in base64; `openssl rand -base64 32` makes one.')
  }
  return { kind: 'value', value }
}

function database(
  values: ReadonlyMap<string, SettingValue>,
  dataDir: string,
  path: (name: SettingName) => string | undefined,
  problems: string[],
): Config['database'] {
  if (values.get('database.kind') === 'sqlite') {
    return { kind: 'sqlite', file: path('database.file') ?? join(dataDir, 'sekisho.db') }
  }
  const password = values.get('database.password')
  if (password === undefined) {
    problems.push(
      '`database.password` is missing: `database.kind` is `mysql`. Give SEKISHO_DATABASE_PASSWORD.',
    )
  }
  const caFile = path('database.tlsCa')
  const readable = mustExist(caFile, problems)
  const ca = caFile !== undefined && readable ? { ca: readFileSync(caFile, 'utf8') } : {}
  return {
    kind: 'mysql',
    host: values.get('database.host') as string,
    port: values.get('database.port') as number,
    database: values.get('database.name') as string,
    user: values.get('database.user') as string,
    password: password instanceof Secret ? password : new Secret(''),
    ...(values.get('database.tls') === true ? { tls: ca } : {}),
  }
}

function mustExist(path: string | undefined, problems: string[]): boolean {
  if (path === undefined || existsSync(path)) return true
  problems.push(`There is no file ${path}: correct the path.`)
  return false
}
