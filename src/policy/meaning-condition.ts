// Conditions in plain words. Clauses end so that 「場合」 can follow; what has no words of its own is shown as Cedar writes it.

import type { Expression } from './expression.ts'
import { entityWords, spaced } from './meaning-object.ts'
import type { EntityName, Value } from './value.ts'

/** Chooses the language. */
export type Say = (en: string, ja: string) => string
type Print = (expression: unknown) => string | undefined

export function conditionWords(expression: Expression, say: Say, print: Print): string {
  return clause(expression, false, say, print)
}

function clause(expression: Expression, not: boolean, say: Say, print: Print): string {
  if (expression.kind === 'not') return clause(expression.of, !not, say, print)
  if (expression.kind === 'binary' && ['&&', '||'].includes(expression.operator))
    return junction(expression, expression.operator, not, say, print)
  const own = simpleClause(expression, not, say)
  if (own !== undefined) return own
  const text = print(expression.json) ?? '…'
  return not
    ? say(`“${text}” does not hold`, `「${text}」が成り立たない`)
    : say(`“${text}” holds`, `「${text}」が成り立つ`)
}

function junction(expression: Expression, operator: string, not: boolean, say: Say, print: Print): string {
  const parts = flatten(expression, operator)
  const isAll = (operator === '&&') !== not
  const needed = operator === '&&' && !not ? parts.filter(part => !isImplied(part, parts)) : parts
  const words = needed.map(part => {
    const inner = clause(part, not, say, print)
    const isOther = part.kind === 'binary' && ['&&', '||'].includes(part.operator)
    return isOther && needed.length > 1 ? say(`(${inner})`, `（${inner}）`) : inner
  })
  return words.join(isAll ? say(' and ', '、かつ') : say(' or ', '、または'))
}

function flatten(expression: Expression, operator: string): readonly Expression[] {
  return expression.kind === 'binary' && expression.operator === operator
    ? [...flatten(expression.left, operator), ...flatten(expression.right, operator)]
    : [expression]
}

/** `x.hasTag("a")` goes without saying beside `x.getTag("a") == …`, as does `x has a` beside `x.a`. */
function isImplied(part: Expression, all: readonly Expression[]): boolean {
  const wanted =
    part.kind === 'binary' && part.operator === 'hasTag'
      ? JSON.stringify({ getTag: { left: part.left.json, right: part.right.json } })
      : part.kind === 'has' && part.path.length === 1
        ? JSON.stringify({ '.': { left: part.of.json, attr: part.path[0] } })
        : undefined
  // An alternative speaks only of one case: beside it, the test still has to be said.
  const certain = all.filter(other => !(other.kind === 'binary' && other.operator === '||'))
  return (
    wanted !== undefined &&
    certain.some(other => other !== part && JSON.stringify(other.json).includes(wanted))
  )
}

function simpleClause(expression: Expression, not: boolean, say: Say): string | undefined {
  switch (expression.kind) {
    case 'literal':
      if (typeof expression.value !== 'boolean') return undefined
      return expression.value === not ? say('never', '決して起こらない') : say('always', '常に成り立つ')
    case 'attribute':
      if (nameOf(expression) === 'context.reason')
        return not
          ? say('they give no reason', '理由が記入されていない')
          : say('they give a reason', '理由が記入されている')
      if (nameOf(expression) !== 'context.console') return undefined
      return not
        ? say('they do not work in the console', 'コンソールからではない')
        : say('they work in the console', 'コンソールからである')
    case 'has':
      return hasClause(expression.of, expression.path, not, say)
    case 'like': {
      const topic = topicOf(expression.of, say)
      const pattern = expression.parts.join('*')
      if (topic === undefined) return undefined
      return not
        ? say(`${topic} does not match “${pattern}”`, `${topic}が「${pattern}」に一致しない`)
        : say(`${topic} matches “${pattern}”`, `${topic}が「${pattern}」に一致する`)
    }
    case 'binary':
      return binaryClause(expression.operator, expression.left, expression.right, not, say)
    case 'call':
      return callClause(expression.name, expression.arguments, not, say)
    default:
      return undefined
  }
}

function hasClause(of: Expression, path: readonly string[], not: boolean, say: Say): string | undefined {
  const name = of.kind === 'variable' ? `${of.name}.${path.join('.')}` : ''
  const topic = topics[name]
  if (topic === undefined) return undefined
  return not
    ? say(`${topic.en} is not known`, `${topic.ja}が不明である`)
    : say(`${topic.en} is known`, `${topic.ja}が分かっている`)
}

function callClause(
  name: string,
  [of, range]: readonly Expression[],
  not: boolean,
  say: Say,
): string | undefined {
  const topic = of === undefined ? undefined : topicOf(of, say)
  const place = range === undefined ? undefined : literalText(range)
  if (name !== 'isInRange' || topic === undefined || place === undefined) return undefined
  return not
    ? say(`${topic} is not in ${place}`, `${topic}が ${place} の範囲外である`)
    : say(`${topic} is in ${place}`, `${topic}が ${place} の範囲内である`)
}

function binaryClause(
  operator: string,
  left: Expression,
  right: Expression,
  not: boolean,
  say: Say,
): string | undefined {
  if (operator === 'in') return membership(left, right, not, say)
  if (operator === 'hasTag') {
    const tag = literalText(right)
    if (left.kind !== 'variable' || tag === undefined) return undefined
    return not
      ? say(`the target has no tag ${tag}`, `接続先にタグ ${tag} がない`)
      : say(`the target has a tag ${tag}`, `接続先にタグ ${tag} がある`)
  }
  if (operator === 'contains') return oneOf(left, right, not, say)
  return comparison(operator, left, right, not, say)
}

function membership(left: Expression, right: Expression, not: boolean, say: Say): string | undefined {
  const places = right.kind === 'set' ? right.items.map(entityOf) : [entityOf(right)]
  if (left.kind !== 'variable' || places.some(place => place === undefined)) return undefined
  const each = places.flatMap(place => (place === undefined ? [] : entityWords(place, say)))
  const names = say(each.join(' or '), each.map(spaced).join('または '))
  if (left.name === 'principal')
    return not
      ? say(`they are not in ${names}`, `${spaced(names)}に属さない`)
      : say(`they are in ${names}`, `${spaced(names)}に属する`)
  if (left.name !== 'resource') return undefined
  const isTag = places.every(place => place?.type === 'Tag')
  if (isTag)
    return not
      ? say(`it does not carry ${names}`, `${spaced(names)}が付いていない`)
      : say(`it carries ${names}`, `${spaced(names)}が付いている`)
  return not
    ? say(`it is not part of ${names}`, `対象が ${names} に含まれない`)
    : say(`it is part of ${names}`, `対象が ${names} に含まれる`)
}

function oneOf(set: Expression, item: Expression, not: boolean, say: Say): string | undefined {
  const topic = topicOf(item, say)
  const texts = set.kind === 'set' ? set.items.map(literalText) : [undefined]
  if (topic === undefined || texts.includes(undefined)) return undefined
  const list = texts.join(say(', ', '、'))
  return not
    ? say(`${topic} is none of ${list}`, `${topic}が ${list} のどれでもない`)
    : say(`${topic} is one of ${list}`, `${topic}が ${list} のどれかである`)
}

const opposites: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

function comparison(
  operator: string,
  left: Expression,
  right: Expression,
  not: boolean,
  say: Say,
): string | undefined {
  const relation = not ? opposites[operator] : operator
  const value = literalText(right)
  if (relation === undefined || value === undefined) return undefined
  const subject = left.kind === 'variable' ? left.name : ''
  const entity = entityOf(right)
  if (entity !== undefined && (subject === 'principal' || subject === 'resource')) {
    const name = entityWords(entity, say)
    const it = subject === 'principal' ? say('the user', '利用者') : say('it', '対象')
    return relation === '=='
      ? say(`${it} is ${name}`, `${it}が ${name} である`)
      : say(`${it} is not ${name}`, `${it}が ${name} ではない`)
  }
  if (nameOf(left) === 'principal.role' && value === 'administrator') {
    return relation === '=='
      ? say('they are an administrator', '管理者である')
      : say('they are not an administrator', '管理者ではない')
  }
  const topic = topicOf(left, say)
  const isTime = nameOf(left) === 'context.now'
  const words = relations[relation]?.[isTime ? 'time' : 'other']
  if (topic === undefined || words === undefined) return undefined
  return say(`${topic} ${words.en} ${value}`, `${topic}が ${value} ${words.ja}`)
}

const equal = { en: 'is', ja: 'である' }
const unequal = { en: 'is not', ja: 'ではない' }
type Relation = Readonly<Record<'time' | 'other', { readonly en: string; readonly ja: string }>>
const relations: Readonly<Record<string, Relation>> = {
  '==': { time: equal, other: equal },
  '!=': { time: unequal, other: unequal },
  '<': { time: { en: 'is before', ja: 'より前である' }, other: { en: 'is below', ja: '未満である' } },
  '<=': { time: { en: 'is not after', ja: '以前である' }, other: { en: 'is at most', ja: '以下である' } },
  '>': { time: { en: 'is after', ja: 'より後である' }, other: { en: 'is above', ja: 'より大きい' } },
  '>=': { time: { en: 'is not before', ja: '以降である' }, other: { en: 'is at least', ja: '以上である' } },
}

const topics: Readonly<Record<string, { readonly en: string; readonly ja: string }>> = {
  'principal.name': { en: 'their user name', ja: '利用者名' },
  'principal.email': { en: 'their e-mail address', ja: 'メールアドレス' },
  'principal.role': { en: 'their role', ja: 'ロール' },
  'resource.name': { en: 'its name', ja: '対象の名前' },
  'resource.schema': { en: 'its schema', ja: '対象のスキーマ' },
  'resource.protocol': { en: 'its protocol', ja: '対象のプロトコル' },
  'resource.database': { en: 'its database', ja: '対象のデータベース' },
  'resource.target.name': { en: 'the name of its target', ja: '接続先の名前' },
  'resource.target.database': { en: 'its database', ja: '対象のデータベース' },
  'resource.table.name': { en: 'the name of its table', ja: 'テーブルの名前' },
  'resource.table.schema': { en: 'the schema of its table', ja: 'テーブルのスキーマ' },
  'context.now': { en: 'the time', ja: '現在時刻' },
  'context.hour': { en: 'the hour (UTC)', ja: '時（UTC）' },
  'context.weekday': { en: 'the weekday (UTC, Monday is 1)', ja: '曜日（UTC、月曜が 1）' },
  'context.localHour': { en: 'the hour (local)', ja: '時（現地）' },
  'context.localWeekday': { en: 'the weekday (local, Monday is 1)', ja: '曜日（現地、月曜が 1）' },
  'context.address': { en: 'the client address', ja: 'クライアントのアドレス' },
  'context.program': { en: 'the client program', ja: 'クライアントのプログラム' },
}

function topicOf(expression: Expression, say: Say): string | undefined {
  if (
    expression.kind === 'binary' &&
    expression.operator === 'getTag' &&
    expression.left.kind === 'variable'
  ) {
    const tag = literalText(expression.right)
    return tag === undefined ? undefined : say(`the target's tag ${tag}`, `接続先のタグ ${tag} `)
  }
  const topic = topics[nameOf(expression) ?? '']
  return topic === undefined ? undefined : say(topic.en, topic.ja)
}

/** `resource.target.name` */
function nameOf(expression: Expression): string | undefined {
  if (expression.kind === 'variable') return expression.name
  if (expression.kind !== 'attribute') return undefined
  const of = nameOf(expression.of)
  return of === undefined ? undefined : `${of}.${expression.name}`
}

function entityOf(expression: Expression): EntityName | undefined {
  if (expression.kind !== 'literal' || typeof expression.value !== 'object') return undefined
  return expression.value.kind === 'entity' ? expression.value : undefined
}

/** A literal as people read it. */
function literalText(expression: Expression): string | undefined {
  if (expression.kind === 'literal') return plain(expression.value)
  const [text] = expression.kind === 'call' ? expression.arguments : []
  return text?.kind === 'literal' && expression.kind === 'call' && makers.has(expression.name)
    ? plain(text.value)
    : undefined
}

const makers = new Set(['ip', 'decimal', 'datetime', 'duration'])

function plain(value: Value): string | undefined {
  if (typeof value === 'object') return value.kind === 'entity' ? value.id : undefined
  return String(value)
}
