// The configuration: read once from `sekisho.yaml` and the environment, all problems told together.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { Limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { AuditStrength } from '../core/verdict.ts'
import { buildConfig } from './build-config.ts'
import { settings, variableOf } from './config-schema.ts'
import { parseSetting, type SettingValue } from './parse-setting.ts'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface Config {
  /** The file that was read; `undefined` if there is none. */
  readonly source: string | undefined
  readonly dataDir: string
  readonly publicHost: string
  readonly demo: boolean
  readonly console: {
    readonly host: string
    readonly port: number
    readonly tls: TlsFiles | undefined
    /** Whether browsers reach the console by HTTPS, by ours or by that of a balancer in front. */
    readonly secure: boolean
    readonly trustedProxies: readonly string[]
  }
  readonly clientTls: TlsFiles | undefined
  readonly targets: {
    readonly host: string
    readonly portFirst: number
    readonly portLast: number
    /** Load balancers that speak for others by the PROXY protocol. */
    readonly proxyProtocolFrom: readonly string[]
  }
  readonly tunnel: {
    readonly host: string
    /** 0: none. */
    readonly port: number
    readonly proxyProtocolFrom: readonly string[]
  }
  readonly database:
    | { readonly kind: 'sqlite'; readonly file: string }
    | {
        readonly kind: 'mysql'
        readonly host: string
        readonly port: number
        readonly database: string
        readonly user: string
        readonly password: Secret
        /** `ca`: PEM text. */
        readonly tls?: { readonly ca?: string }
      }
  /** The key-encryption key: a file that is made if it is not there, or the key itself. */
  readonly key:
    | { readonly kind: 'file'; readonly file: string }
    | { readonly kind: 'value'; readonly value: Secret }
  /** Name of a zone that exists. */
  readonly timeZone: string
  readonly auditStrength: AuditStrength
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error'
    readonly format: 'auto' | 'json' | 'text'
  }
  readonly limits: Limits
}

/** Everything that is wrong with the configuration, each with what to do. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const heading =
      problems.length === 1
        ? 'The configuration has a problem'
        : `The configuration has ${problems.length} problems`
    super([`${heading}:`, ...problems.map(problem => `  - ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Variables of ours that are not settings: where the file is, what the command line signs in with, and what tests tell each other. */
const isOther = (variable: string): boolean =>
  /^SEKISHO_(?:CONFIG|URL|API_TOKEN|USER|PASSWORD|PROFILE)$/.test(variable) ||
  variable.startsWith('SEKISHO_TEST_')

/**
 * Reads `sekisho.yaml` of the folder, or the file that `SEKISHO_CONFIG` names, and the environment over it.
 * @param folder  what relative paths of the environment are relative to; those in the file are so to the file's folder
 * @throws ConfigError
 */
export function loadConfig(environment: Environment, folder: string): Config {
  const named = environment['SEKISHO_CONFIG']
  const path = resolve(folder, named ?? 'sekisho.yaml')
  if (named === undefined && !existsSync(path)) return parseConfig({ environment, folder })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([
      `The file ${path} cannot be read: ${reason}. Correct SEKISHO_CONFIG or the file's rights.`,
    ])
  }
  return parseConfig({ environment, folder, file: { path, text } })
}

/** @throws ConfigError */
export function parseConfig(input: {
  readonly environment: Environment
  readonly folder: string
  readonly file?: { readonly path: string; readonly text: string }
}): Config {
  const problems: string[] = []
  const values = new Map<string, SettingValue>()
  for (const [name, setting] of settings) if (setting.initial !== undefined) values.set(name, setting.initial)
  if (input.file !== undefined) readFile(input.file, values, problems)
  readEnvironment(input.environment, values, problems)
  const config = buildConfig(values, input.folder, input.file?.path, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function readFile(
  file: { readonly path: string; readonly text: string },
  values: Map<string, SettingValue>,
  problems: string[],
): void {
  const lines = new LineCounter()
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false })
  for (const error of document.errors) {
    problems.push(
      `${file.path}, line ${lines.linePos(error.pos[0]).line}: this is not YAML: ${error.message}`,
    )
  }
  if (document.errors.length > 0) return
  const content: unknown = document.toJS({ maxAliasCount: 0 })
  if (content === null || content === undefined) return
  if (!isMapping(content)) {
    problems.push(`${file.path}: the file must be a mapping of settings, as in docs/configuration.md`)
    return
  }
  for (const [name, value] of flatten(content, '')) {
    if (value === null) continue
    if (!settings.has(name)) {
      problems.push(`${file.path}: there is no setting \`${name}\`. ${nearest(name)}`)
      continue
    }
    accept(name, `\`${name}\` in ${file.path}`, value, values, problems)
  }
}

function readEnvironment(
  environment: Environment,
  values: Map<string, SettingValue>,
  problems: string[],
): void {
  const byVariable = new Map([...settings.keys()].map(name => [variableOf(name), name]))
  for (const [variable, text] of Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!variable.startsWith('SEKISHO_') || isOther(variable) || text === undefined) continue
    const name = byVariable.get(variable)
    if (name === undefined) {
      problems.push(`There is no variable ${variable}. The list is in docs/configuration.md.`)
      continue
    }
    // As most tools have it: an empty variable is the same as none.
    if (text !== '') accept(name, variable, text, values, problems)
  }
}

function accept(
  name: string,
  where: string,
  given: unknown,
  values: Map<string, SettingValue>,
  problems: string[],
): void {
  const setting = settings.get(name)
  if (setting === undefined) return
  const parsed = parseSetting(setting, given)
  if (parsed.kind === 'wrong') problems.push(`${where} ${parsed.must}`)
  else values.set(name, parsed.value)
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function* flatten(value: Readonly<Record<string, unknown>>, prefix: string): Generator<[string, unknown]> {
  for (const [key, inner] of Object.entries(value)) {
    if (isMapping(inner)) yield* flatten(inner, `${prefix}${key}.`)
    else yield [`${prefix}${key}`, inner]
  }
}

function nearest(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const like = [...settings.keys()].filter(known => known.toLowerCase().endsWith(last)).slice(0, 3)
  return like.length > 0
    ? `Did you mean ${like.map(known => `\`${known}\``).join(' or ')}?`
    : 'The list is in docs/configuration.md.'
}
