// Turns conditions into closures that answer as Cedar's own evaluator does, errors and short circuits included.

import {
  type DatetimeValue,
  type DecimalValue,
  type DurationValue,
  type ExtensionValue,
  type IpValue,
  isInRange,
  isLong,
  isLoopback,
  isMulticast,
  timeOfDay,
} from './extension.ts'
import { constructors, type Expression, NotCompilable } from './expression.ts'
import { type Entity, type EntityName, isEqual, type RecordValue, type Value, valueKey } from './value.ts'

/** One question: may this principal do this with this resource now? */
export interface Request {
  readonly principal: Entity
  readonly action: Entity
  readonly resource: Entity
  readonly context: RecordValue
  /** What is known about an entity that a policy names. */
  find(key: string): Entity | undefined
}

export type Evaluate = (request: Request) => Value

/** An error while deciding; the policy then does not apply. One for all: taking a stack each time would be slow. */
export const failed = new Error('a policy could not be evaluated')

function fail(): never {
  throw failed
}

/** @throws NotCompilable */
export function compileTest(expression: Expression): (request: Request) => boolean {
  const evaluate = compileExpression(expression)
  return request => truth(evaluate(request))
}

/** @throws NotCompilable */
export function compileExpression(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'variable':
      return variables[expression.name]
    case 'not': {
      const test = compileTest(expression.of)
      return request => !test(request)
    }
    case 'negative': {
      const of = compileExpression(expression.of)
      return request => long(-integer(of(request)))
    }
    case 'is-empty': {
      const of = compileExpression(expression.of)
      return request => items(of(request)).length === 0
    }
    case 'binary':
      return compileBinary(expression.operator, expression.left, expression.right)
    case 'attribute': {
      const of = compileExpression(expression.of)
      const { name } = expression
      return request => attribute(request, of(request), name) ?? fail()
    }
    case 'has':
      return compileHas(expression.of, expression.path)
    case 'like': {
      const of = compileExpression(expression.of)
      const { parts } = expression
      return request => matches(text(of(request)), parts)
    }
    case 'is':
      return compileIs(expression.of, expression.type, expression.within)
    case 'if': {
      const [test, yes, no] = [
        compileTest(expression.test),
        compileExpression(expression.yes),
        compileExpression(expression.no),
      ]
      return request => (test(request) ? yes(request) : no(request))
    }
    case 'set': {
      const all = expression.items.map(compileExpression)
      return request => ({ kind: 'set', items: all.map(item => item(request)) })
    }
    case 'record': {
      const all = expression.entries.map(([name, field]) => [name, compileExpression(field)] as const)
      return request => ({
        kind: 'record',
        entries: new Map(all.map(([name, field]) => [name, field(request)])),
      })
    }
    default:
      return compileCall(expression.name, expression.arguments)
  }
}

const variables: Readonly<Record<'principal' | 'action' | 'resource' | 'context', Evaluate>> = {
  principal: request => request.principal,
  action: request => request.action,
  resource: request => request.resource,
  context: request => request.context,
}

function compileBinary(operator: string, left: Expression, right: Expression): Evaluate {
  if (operator === '&&' || operator === '||') {
    const [first, second] = [compileTest(left), compileTest(right)]
    return operator === '&&'
      ? request => first(request) && second(request)
      : request => first(request) || second(request)
  }
  const [a, b] = [compileExpression(left), compileExpression(right)]
  const operation = operations[operator]
  if (operation === undefined) throw new NotCompilable(`“${operator}” is not supported`)
  return request => {
    const first = a(request)
    return operation(first, b(request), request)
  }
}

type Operation = (left: Value, right: Value, request: Request) => Value

const operations: Readonly<Record<string, Operation>> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  in: (left, right, request) => isWithin(request, entity(left), right),
  '<': (left, right) => compare(left, right, (a, b) => a < b),
  '<=': (left, right) => compare(left, right, (a, b) => a <= b),
  '>': (left, right) => compare(left, right, (a, b) => a > b),
  '>=': (left, right) => compare(left, right, (a, b) => a >= b),
  '+': (left, right) => long(integer(left) + integer(right)),
  '-': (left, right) => long(integer(left) - integer(right)),
  '*': (left, right) => long(integer(left) * integer(right)),
  contains: (left, right) => items(left).some(item => isEqual(item, right)),
  containsAll: (left, right) => {
    const [outer, inner] = [items(left), items(right)]
    const keys = new Set(outer.map(valueKey))
    return inner.every(item => keys.has(valueKey(item)))
  },
  containsAny: (left, right) => {
    const [first, second] = [items(left), items(right)]
    const keys = new Set(first.map(valueKey))
    return second.some(item => keys.has(valueKey(item)))
  },
  hasTag: (left, right, request) => {
    const [of, name] = [entity(left), text(right)]
    return known(request, of)?.tag(name) !== undefined
  },
  getTag: (left, right, request) => {
    const [of, name] = [entity(left), text(right)]
    return known(request, of)?.tag(name) ?? fail()
  },
}

function compileHas(of: Expression, path: readonly string[]): Evaluate {
  const evaluate = compileExpression(of)
  return request => {
    let value: Value | undefined = evaluate(request)
    for (const name of path) {
      value = attribute(request, value, name)
      if (value === undefined) return false
    }
    return true
  }
}

function compileIs(of: Expression, type: string, within: Expression | undefined): Evaluate {
  const evaluate = compileExpression(of)
  const place = within === undefined ? undefined : compileExpression(within)
  return request => {
    const subject = entity(evaluate(request))
    if (subject.type !== type) return false
    return place === undefined || isWithin(request, subject, place(request))
  }
}

function compileCall(name: string, expressions: readonly Expression[]): Evaluate {
  const [first, second] = expressions.map(compileExpression)
  const construct = constructors.get(name)
  if (construct !== undefined && first !== undefined && expressions.length === 1) {
    const [of] = expressions
    if (of?.kind !== 'literal') return request => construct(text(first(request))) ?? fail()
    const value = typeof of.value === 'string' ? construct(of.value) : undefined
    return () => value ?? fail()
  }
  const call = functions[name]
  if (call === undefined || first === undefined || expressions.length > 2)
    throw new NotCompilable(`the function “${name}” is not supported`)
  if (second === undefined) return request => call(first(request), false)
  return request => {
    const value = first(request)
    return call(value, second(request))
  }
}

const ofMs = (kind: 'datetime' | 'duration', ms: bigint): Value => (isLong(ms) ? { kind, ms } : fail())
const dayMs = 86_400_000n

const functions: Readonly<Record<string, (of: Value, other: Value) => Value>> = {
  isIpv4: of => ip(of).version === 4,
  isIpv6: of => ip(of).version === 6,
  isLoopback: of => isLoopback(ip(of)),
  isMulticast: of => isMulticast(ip(of)),
  isInRange: (of, range) => isInRange(ip(of), ip(range)),
  lessThan: (of, other) => decimal(of) < decimal(other),
  lessThanOrEqual: (of, other) => decimal(of) <= decimal(other),
  greaterThan: (of, other) => decimal(of) > decimal(other),
  greaterThanOrEqual: (of, other) => decimal(of) >= decimal(other),
  offset: (of, by) => ofMs('datetime', moment(of) + duration(by)),
  durationSince: (of, since) => ofMs('duration', moment(of) - moment(since)),
  toDate: of => ofMs('datetime', moment(of) - timeOfDay(moment(of))),
  toTime: of => ofMs('duration', timeOfDay(moment(of))),
  toMilliseconds: of => duration(of),
  toSeconds: of => duration(of) / 1000n,
  toMinutes: of => duration(of) / 60_000n,
  toHours: of => duration(of) / 3_600_000n,
  toDays: of => duration(of) / dayMs,
}

/** What is known about an entity; one that is part of the request carries it with it. */
function known(request: Request, name: EntityName): Entity | undefined {
  return 'isIn' in name ? (name as Entity) : request.find(name.key)
}

function attribute(request: Request, of: Value, name: string): Value | undefined {
  if (typeof of !== 'object') return fail()
  if (of.kind === 'record') return of.entries.get(name)
  return of.kind === 'entity' ? known(request, of)?.attribute(name) : fail()
}

function isWithin(request: Request, subject: EntityName, place: Value): boolean {
  if (typeof place === 'object' && place.kind === 'set') {
    const places = place.items.map(entity)
    return places.some(each => isBelow(request, subject, each.key))
  }
  return isBelow(request, subject, entity(place).key)
}

/** Whether an entity is, or lies below, the one with this key. */
export function isBelow(request: Request, subject: EntityName, key: string): boolean {
  return subject.key === key || (known(request, subject)?.isIn(key) ?? false)
}

/** `like`: each part in turn, at the earliest place; linear, no regular expression. */
function matches(subject: string, parts: readonly string[]): boolean {
  const [head = '', ...rest] = parts
  const tail = rest.pop()
  if (tail === undefined) return subject === head
  if (!subject.startsWith(head) || subject.length < head.length + tail.length) return false
  let from = head.length
  for (const part of rest) {
    const at = subject.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return subject.length - tail.length >= from && subject.endsWith(tail)
}

function compare(left: Value, right: Value, how: (a: bigint, b: bigint) => boolean): boolean {
  if (typeof left === 'bigint') return how(left, integer(right))
  if (typeof left !== 'object' || typeof right !== 'object') return fail()
  if (left.kind === 'datetime' && right.kind === 'datetime') return how(left.ms, right.ms)
  if (left.kind === 'duration' && right.kind === 'duration') return how(left.ms, right.ms)
  return fail()
}

const truth = (value: Value): boolean => (typeof value === 'boolean' ? value : fail())
const integer = (value: Value): bigint => (typeof value === 'bigint' ? value : fail())
const text = (value: Value): string => (typeof value === 'string' ? value : fail())
const long = (value: bigint): bigint => (isLong(value) ? value : fail())
const entity = (value: Value): EntityName =>
  typeof value === 'object' && value.kind === 'entity' ? value : fail()
const items = (value: Value): readonly Value[] =>
  typeof value === 'object' && value.kind === 'set' ? value.items : fail()
const ip = (value: Value): IpValue => extension(value, 'ip')
const decimal = (value: Value): bigint => extension<DecimalValue>(value, 'decimal').units
const moment = (value: Value): bigint => extension<DatetimeValue>(value, 'datetime').ms
const duration = (value: Value): bigint => extension<DurationValue>(value, 'duration').ms

function extension<T extends ExtensionValue>(value: Value, kind: T['kind']): T {
  return typeof value === 'object' && value.kind === kind ? (value as T) : fail()
}
