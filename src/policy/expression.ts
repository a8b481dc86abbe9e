// Conditions of policies as a tree of our own, read from Cedar's JSON form. What is not known here is refused.

import { parseDatetime, parseDecimal, parseDuration, parseIp } from './extension.ts'
import { entityName, type Value } from './value.ts'

export type Variable = 'principal' | 'action' | 'resource' | 'context'

const binaryOperators = new Set(
  '== != in < <= > >= && || + - * contains containsAll containsAny getTag hasTag'.split(' '),
)

export type Expression = { readonly json: unknown } & (
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'variable'; readonly name: Variable }
  | { readonly kind: 'not' | 'negative' | 'is-empty'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'has'; readonly of: Expression; readonly path: readonly string[] }
  /** `parts` are what lies between the wildcards. */
  | { readonly kind: 'like'; readonly of: Expression; readonly parts: readonly string[] }
  | {
      readonly kind: 'is'
      readonly of: Expression
      readonly type: string
      readonly within: Expression | undefined
    }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly yes: Expression
      readonly no: Expression
    }
  | { readonly kind: 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
)

/** A policy says something that cannot be decided exactly. */
export class NotCompilable extends Error {}

type Json = Readonly<Record<string, unknown>>

/** @throws NotCompilable */
export function parseExpression(json: unknown): Expression {
  const [operator, body] = single(json)
  const parts = (body ?? {}) as Json
  switch (operator) {
    case 'Value':
      return { json, kind: 'literal', value: parseValue(body) }
    case 'Var':
      return { json, kind: 'variable', name: body as Variable }
    case '!':
      return { json, kind: 'not', of: parseExpression(parts['arg']) }
    case 'neg':
      return { json, kind: 'negative', of: parseExpression(parts['arg']) }
    case 'isEmpty':
      return { json, kind: 'is-empty', of: parseExpression(parts['arg']) }
    case '.':
      return { json, kind: 'attribute', of: parseExpression(parts['left']), name: String(parts['attr']) }
    case 'has':
      return {
        json,
        kind: 'has',
        of: parseExpression(parts['left']),
        path: [parts['attr']].flat().map(String),
      }
    case 'like':
      return { json, kind: 'like', of: parseExpression(parts['left']), parts: parsePattern(parts['pattern']) }
    case 'is': {
      const within = parts['in'] === undefined ? undefined : parseExpression(parts['in'])
      return {
        json,
        kind: 'is',
        of: parseExpression(parts['left']),
        type: String(parts['entity_type']),
        within,
      }
    }
    case 'if-then-else': {
      const [test, yes, no] = [parts['if'], parts['then'], parts['else']].map(parseExpression)
      if (test === undefined || yes === undefined || no === undefined) throw new NotCompilable('if-then-else')
      return { json, kind: 'if', test, yes, no }
    }
    case 'Set':
      return { json, kind: 'set', items: (body as readonly unknown[]).map(parseExpression) }
    case 'Record': {
      const entries = Object.entries(parts).map(([name, field]) => [name, parseExpression(field)] as const)
      return { json, kind: 'record', entries }
    }
  }
  if (binaryOperators.has(operator)) {
    const [left, right] = [parseExpression(parts['left']), parseExpression(parts['right'])]
    return { json, kind: 'binary', operator, left, right }
  }
  if (!Array.isArray(body)) throw new NotCompilable(`“${operator}” is not supported`)
  return { json, kind: 'call', name: operator, arguments: body.map(parseExpression) }
}

/** The expressions directly inside. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'variable':
      return []
    case 'binary':
      return [expression.left, expression.right]
    case 'is':
      return expression.within === undefined ? [expression.of] : [expression.of, expression.within]
    case 'if':
      return [expression.test, expression.yes, expression.no]
    case 'set':
      return expression.items
    case 'record':
      return expression.entries.map(([, field]) => field)
    case 'call':
      return expression.arguments
    default:
      return [expression.of]
  }
}

export function mentions(expression: Expression, variable: Variable): boolean {
  return expression.kind === 'variable'
    ? expression.name === variable
    : children(expression).some(child => mentions(child, variable))
}

/** Whether it names an entity: what is known about one depends on the resource. */
export function namesEntities(expression: Expression): boolean {
  if (expression.kind === 'literal')
    return typeof expression.value === 'object' && expression.value.kind === 'entity'
  return children(expression).some(namesEntities)
}

function single(json: unknown): readonly [string, unknown] {
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : []
  const [entry] = entries
  if (entry === undefined || entries.length !== 1) throw new NotCompilable('an unknown form of expression')
  return entry
}

function parsePattern(pattern: unknown): readonly string[] {
  const parts = ['']
  for (const element of pattern as readonly (string | { readonly Literal: string })[]) {
    if (element === 'Wildcard') parts.push('')
    else if (typeof element === 'object') parts.push((parts.pop() ?? '') + element.Literal)
    else throw new NotCompilable('an unknown form of pattern')
  }
  return parts
}

function parseValue(json: unknown): Value {
  if (typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number') {
    // Cedar's JSON form comes to us through JavaScript numbers, which are exact only up to here.
    if (!Number.isSafeInteger(json))
      throw new NotCompilable(`whole numbers beyond ±${Number.MAX_SAFE_INTEGER} are not supported`)
    return BigInt(json)
  }
  if (Array.isArray(json)) return { kind: 'set', items: json.map(parseValue) }
  if (typeof json !== 'object' || json === null) throw new NotCompilable('an unknown form of value')
  const { __entity: entity, __extn: extension } = json as Json
  if (entity !== undefined) {
    const { type, id } = entity as { readonly type: string; readonly id: string }
    return entityName(type, id)
  }
  if (extension !== undefined) return parseExtension(extension as Json)
  return {
    kind: 'record',
    entries: new Map(Object.entries(json).map(([name, field]) => [name, parseValue(field)])),
  }
}

function parseExtension(json: Json): Value {
  const text = json['arg']
  const made = typeof text === 'string' ? constructors.get(String(json['fn']))?.(text) : undefined
  if (made === undefined) throw new NotCompilable('an unknown form of value')
  return made
}

/** Functions that make a value from a text. */
export const constructors: ReadonlyMap<string, (text: string) => Value | undefined> = new Map([
  ['ip', parseIp],
  ['decimal', parseDecimal],
  ['datetime', parseDatetime],
  ['duration', parseDuration],
] as readonly (readonly [string, (text: string) => Value | undefined])[])
