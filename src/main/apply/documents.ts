// Files of documents: read, their secrets filled in, and checked; all problems told at once, each with its line.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isMap, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { Secret } from '../../core/secret.ts'
import { type FieldSpec, isKind, type Kind, kinds, specs } from './kinds.ts'

/** One thing as the files want it: its kind, its name, and the facts that were given. Secrets are `Secret`. */
export interface WantedDocument {
  readonly kind: Kind
  readonly name: string
  readonly facts: Readonly<Record<string, unknown>>
  /** `file:line`, for problems. */
  readonly place: string
}

export interface ReadDocuments {
  readonly documents: readonly WantedDocument[]
  /** `file:line: what is wrong`. */
  readonly problems: readonly string[]
}

/** Keeps a problem; there is no value then. */
type Tell = (what: string) => undefined

interface Reading {
  readonly file: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly problems: string[]
  readonly lineOf: (key?: string) => number
}

/** @param path  a file, or a folder of which all YAML and JSON files are taken */
export function readDocuments(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): ReadDocuments {
  const documents: WantedDocument[] = []
  const problems: string[] = []
  for (const file of filesIn(path)) readFile(file, environment, documents, problems)
  const seen = new Map<string, string>()
  for (const { kind, name, place } of documents) {
    const key = `${kind} ${name}`
    const before = seen.get(key)
    if (before !== undefined) problems.push(`${place}: ${key} stands already at ${before}`)
    seen.set(key, place)
  }
  return { documents, problems }
}

function filesIn(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:ya?ml|json)$/.test(name))
    .sort()
    .map(name => join(path, name))
}

function readFile(
  file: string,
  environment: Reading['environment'],
  documents: WantedDocument[],
  problems: string[],
): void {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false })
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of [...document.errors, ...document.warnings]) {
      problems.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`)
    }
    if (document.errors.length > 0 || document.contents === null) continue
    const root: Node = document.contents
    const lineOf = (key?: string): number => {
      const pair = isMap(root) ? root.items.find(item => String(item.key) === key) : undefined
      const at = (pair?.key as Node | undefined)?.range ?? root.range
      return lines.linePos(at?.[0] ?? 0).line
    }
    const reading: Reading = { file, environment, problems, lineOf }
    const wanted = readOne(reading, document.toJS())
    if (wanted !== undefined) documents.push(wanted)
  }
}

function readOne(reading: Reading, value: unknown): WantedDocument | undefined {
  const { file, problems, lineOf } = reading
  const tell = (what: string, key?: string): undefined => {
    problems.push(`${file}:${lineOf(key)}: ${what}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    tell('a document has fields, the first of them kind and name')
    return undefined
  }
  const { kind, name, ...given } = value as Readonly<Record<string, unknown>>
  if (!isKind(kind)) {
    tell(`kind: one of ${kinds.join(', ')}`, 'kind')
    return undefined
  }
  if (typeof name !== 'string' || name === '') tell('name: is missing', 'name')
  const spec = specs[kind]
  const facts: Record<string, unknown> = {}
  for (const [key, found] of Object.entries(given)) {
    const field = spec[key]
    if (field === undefined) {
      tell(`${key}: ${kind} has no such field; there are ${Object.keys(spec).join(', ')}`, key)
      continue
    }
    const taken = take(reading, field, found, what => tell(`${key}: ${what}`, key))
    if (taken !== undefined) facts[key] = taken
  }
  for (const [key, field] of Object.entries(spec)) {
    if (field.required === true && !(key in given)) tell(`${key}: is missing`)
  }
  if (kind === 'Policy' && 'text' in given === 'file' in given) tell('give either text or file')
  return { kind, name: typeof name === 'string' ? name : '', facts, place: `${file}:${lineOf()}` }
}

/** What a field holds, its references filled in. */
function take(reading: Reading, field: FieldSpec, found: unknown, tell: Tell): unknown {
  if (field.form === 'secret') return takeSecret(reading, found, tell)
  if (field.form === 'file') {
    if (typeof found !== 'string') return tell('the name of a file')
    return readBeside(reading, found, tell)
  }
  const filled = field.form === 'verbatim' ? found : fill(reading, found, tell)
  const problem = field.check(filled)
  return problem === undefined ? filled : tell(problem)
}

function takeSecret(reading: Reading, found: unknown, tell: Tell): Secret | undefined {
  if (typeof found === 'object' && found !== null && 'file' in found && typeof found.file === 'string') {
    const text = readBeside(reading, found.file, tell)
    return text === undefined ? undefined : new Secret(text.replace(/\r?\n$/, ''))
  }
  const [, variable] = typeof found === 'string' ? (/^\$\{(\w+)\}$/.exec(found) ?? []) : []
  if (variable === undefined) {
    tell('secrets do not stand in files: give ${VARIABLE} or { file: … }')
    return undefined
  }
  const value = reading.environment[variable]
  if (value === undefined || value === '') return tell(`the variable ${variable} is not set`)
  return new Secret(value)
}

function readBeside({ file }: Reading, name: string, tell: Tell): string | undefined {
  try {
    return readFileSync(resolve(dirname(file), name), 'utf8')
  } catch {
    return tell(`the file ${name} cannot be read`)
  }
}

/** `${NAME}` within texts; `$${` stands for itself. */
function fill(reading: Reading, found: unknown, tell: Tell): unknown {
  if (typeof found === 'string') {
    return found.replace(/\$?\$\{(\w+)\}/g, (whole, name: string) => {
      if (whole.startsWith('$$')) return whole.slice(1)
      const value = reading.environment[name]
      if (value === undefined) tell(`the variable ${name} is not set`)
      return value ?? ''
    })
  }
  if (Array.isArray(found)) return found.map(one => fill(reading, one, tell))
  if (typeof found === 'object' && found !== null) {
    return Object.fromEntries(Object.entries(found).map(([key, one]) => [key, fill(reading, one, tell)]))
  }
  return found
}
