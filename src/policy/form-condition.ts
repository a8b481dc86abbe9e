// Conditions of policies as rows of a form, and back. What has no row of its own becomes a row of Cedar text.

import type { Expression } from './expression.ts'
import { entityId } from './entity.ts'
import type { Comparison, FormCondition, FormPerson, FormPlace, PlaceType, TimeFact } from './form.ts'
import { pathOf } from './meaning-object.ts'
import type { EntityName } from './value.ts'

type Print = (expression: unknown) => string | undefined

/** The parts of a conjunction, in order. */
export function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'binary' && expression.operator === '&&'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression]
}

/** `undefined` if Cedar cannot print one of them. */
export function readConditions(
  parts: readonly Expression[],
  print: Print,
): readonly FormCondition[] | undefined {
  const rows: FormCondition[] = []
  for (let at = 0; at < parts.length; at++) {
    const [one, next] = [parts[at], parts[at + 1]]
    if (one === undefined) break
    const pair = next === undefined ? undefined : readPair(one, next)
    if (pair !== undefined) {
      rows.push(pair)
      at += 1
      continue
    }
    const row = readOne(one) ?? readText(one, print)
    if (row === undefined) return undefined
    rows.push(row)
  }
  return rows
}

function readText(expression: Expression, print: Print): FormCondition | undefined {
  const text = print(expression.json)
  return text === undefined ? undefined : { kind: 'cedar', text }
}

/** A test and what it makes safe: `x.hasTag("a") && x.getTag("a") == "b"`. */
function readPair(test: Expression, then: Expression): FormCondition | undefined {
  if (test.kind === 'binary' && test.operator === 'hasTag') {
    const tag = isVariable(test.left, 'resource') ? textOf(test.right) : undefined
    const values = tag === undefined ? undefined : tagValues(then, tag)
    return tag === undefined || values === undefined ? undefined : { kind: 'tag', is: true, tag, values }
  }
  if (test.kind !== 'has' || !isVariable(test.of, 'context') || test.path.join('.') !== 'address')
    return undefined
  const is = then.kind !== 'not'
  const ranges = rangesOf(then.kind === 'not' ? then.of : then)
  return ranges === undefined ? undefined : { kind: 'address', is, ranges }
}

function readOne(expression: Expression): FormCondition | undefined {
  const is = expression.kind !== 'not'
  const of = expression.kind === 'not' ? expression.of : expression
  const [test, then, ...more] = conjuncts(of)
  if (!is && test !== undefined && then !== undefined && more.length === 0) {
    const pair = readPair(test, then)
    return pair?.kind === 'tag' ? { ...pair, is } : undefined
  }
  const fact = contextFact(of)
  if (fact === 'console' || fact === 'reason') return { kind: fact, is }
  if (of.kind === 'like') {
    const pattern = of.parts.some(part => part.includes('*')) ? undefined : of.parts.join('*')
    return contextFact(of.of) === 'program' && pattern !== undefined
      ? { kind: 'program', is, pattern }
      : undefined
  }
  if (of.kind !== 'binary') return undefined
  if (of.operator === 'in') return readMembership(of.left, of.right, is)
  return is ? readComparison(of.operator, of.left, of.right) : undefined
}

function readMembership(left: Expression, right: Expression, is: boolean): FormCondition | undefined {
  const entities = (right.kind === 'set' ? right.items : [right]).map(entityOf)
  if (isVariable(left, 'principal')) {
    const people = entities.map(personOf)
    return isAll(people) ? { kind: 'person', is, people } : undefined
  }
  if (!isVariable(left, 'resource')) return undefined
  const places = entities.map(entity => placeOf(entity, false))
  return isAll(places) ? { kind: 'place', is, places } : undefined
}

const comparisons = new Set(['<', '<=', '>', '>=', '==', '!='])
const timeFacts = new Set(['hour', 'localHour', 'weekday', 'localWeekday'])

function readComparison(operator: string, left: Expression, right: Expression): FormCondition | undefined {
  if (!comparisons.has(operator)) return undefined
  const isRole = left.kind === 'attribute' && isVariable(left.of, 'principal') && left.name === 'role'
  if (isRole && textOf(right) === 'administrator' && (operator === '==' || operator === '!='))
    return { kind: 'administrator', is: operator === '==' }
  const fact = contextFact(left)
  if (fact !== undefined && timeFacts.has(fact)) {
    const value = right.kind === 'literal' && typeof right.value === 'bigint' ? right.value : undefined
    if (value === undefined) return undefined
    return {
      kind: 'time',
      fact: fact as TimeFact,
      comparison: operator as Comparison,
      value: Number(value),
    }
  }
  if (fact !== 'now' || (operator !== '<' && operator !== '>=')) return undefined
  const [of] = right.kind === 'call' && right.name === 'datetime' ? right.arguments : []
  const value = of === undefined ? undefined : textOf(of)
  return value === undefined ? undefined : { kind: 'date', comparison: operator, value }
}

function tagValues(expression: Expression, tag: string): readonly string[] | undefined {
  if (expression.kind !== 'binary') return undefined
  const { operator, left, right } = expression
  const reads = (of: Expression) =>
    of.kind === 'binary' &&
    of.operator === 'getTag' &&
    isVariable(of.left, 'resource') &&
    textOf(of.right) === tag
  if (operator === '==') {
    const value = reads(left) ? textOf(right) : undefined
    return value === undefined ? undefined : [value]
  }
  if (operator !== 'contains' || left.kind !== 'set' || !reads(right)) return undefined
  const values = left.items.map(textOf)
  return isAll(values) && values.length > 1 ? values : undefined
}

/** `context.address.isInRange(…)`, or several of them with `||` between. */
function rangesOf(expression: Expression): readonly string[] | undefined {
  if (expression.kind === 'binary' && expression.operator === '||') {
    const [left, right] = [rangesOf(expression.left), rangesOf(expression.right)]
    return left === undefined || right === undefined ? undefined : [...left, ...right]
  }
  if (expression.kind !== 'call' || expression.name !== 'isInRange') return undefined
  const [of, range] = expression.arguments
  if (of === undefined || contextFact(of) !== 'address') return undefined
  const [text] = range?.kind === 'call' && range.name === 'ip' ? range.arguments : []
  const value = text === undefined ? undefined : textOf(text)
  return value === undefined ? undefined : [value]
}

function contextFact(expression: Expression): string | undefined {
  return expression.kind === 'attribute' && isVariable(expression.of, 'context') ? expression.name : undefined
}

const isVariable = (of: Expression, name: string): boolean => of.kind === 'variable' && of.name === name

const textOf = (of: Expression): string | undefined =>
  of.kind === 'literal' && typeof of.value === 'string' ? of.value : undefined

const entityOf = (of: Expression): EntityName | undefined =>
  of.kind === 'literal' && typeof of.value === 'object' && of.value.kind === 'entity' ? of.value : undefined

export function personOf(entity: EntityName | undefined): FormPerson | undefined {
  if (entity?.type === 'Group') return { kind: 'group', name: entity.id }
  return entity?.type === 'User' ? { kind: 'user', name: entity.id } : undefined
}

const depths: Readonly<Record<PlaceType, number>> = { Target: 1, Schema: 2, Table: 3, Column: 4, Tag: 1 }

export function placeOf(entity: EntityName | undefined, exact: boolean): FormPlace | undefined {
  if (entity === undefined || !Object.hasOwn(depths, entity.type)) return undefined
  const type = entity.type as PlaceType
  const path = type === 'Target' || type === 'Tag' ? [entity.id] : pathOf(entity.id)
  return path.length === depths[type] ? { type, path, exact } : undefined
}

function isAll<T>(items: readonly (T | undefined)[]): items is readonly T[] {
  return !items.includes(undefined)
}

/** A string as Cedar writes it. */
export function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\\p{Cc}]/gu, sign => {
    if (sign === '"' || sign === '\\') return `\\${sign}`
    return `\\u{${sign.charCodeAt(0).toString(16)}}`
  })
  return `"${escaped}"`
}

export const personText = ({ kind, name }: FormPerson): string =>
  `${kind === 'group' ? 'Group' : 'User'}::${quoted(name)}`

export const placeText = ({ type, path }: FormPlace): string =>
  `${type}::${quoted(type === 'Target' || type === 'Tag' ? (path[0] ?? '') : entityId(...path))}`

/** One thing as it is, several in brackets. */
export const oneOrSet = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`

/** A condition as a part of a conjunction. */
export function conditionText(condition: FormCondition): string {
  switch (condition.kind) {
    case 'administrator':
      return `principal.role ${condition.is ? '==' : '!='} "administrator"`
    case 'person':
      return negated(condition.is, `principal in ${oneOrSet(condition.people.map(personText))}`)
    case 'place':
      return negated(condition.is, `resource in ${oneOrSet(condition.places.map(placeText))}`)
    case 'tag': {
      const tag = quoted(condition.tag)
      const read = `resource.getTag(${tag})`
      const values = condition.values.map(quoted)
      const test =
        values.length === 1 ? `${read} == ${values[0]}` : `[${values.join(', ')}].contains(${read})`
      const both = `resource.hasTag(${tag}) && ${test}`
      return condition.is ? both : `!(${both})`
    }
    case 'time':
      return `context.${condition.fact} ${condition.comparison} ${condition.value}`
    case 'date':
      return `context.now ${condition.comparison} datetime(${quoted(condition.value)})`
    case 'address': {
      const tests = condition.ranges.map(range => `context.address.isInRange(ip(${quoted(range)}))`)
      const any = tests.length === 1 && condition.is ? (tests[0] ?? '') : `(${tests.join(' || ')})`
      return `context has address && ${condition.is ? any : `!${any}`}`
    }
    case 'console':
    case 'reason':
      return `${condition.is ? '' : '!'}context.${condition.kind}`
    case 'program': {
      const pattern = quoted(condition.pattern)
      return negated(condition.is, `context.program like ${pattern}`)
    }
    default:
      return `(${condition.text})`
  }
}

const negated = (is: boolean, text: string): string => (is ? text : `!(${text})`)
