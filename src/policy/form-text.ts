// A policy's text as a form, and a form as text. A policy has a form only if writing the form gives the very same policy back.

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'
import { isTooComplex } from './check.ts'
import { compilePolicy, type Scope } from './compiled-policy.ts'
import { parseExpression } from './expression.ts'
import type { FormCondition, FormPerson, FormPlace, FormReading, OnlyAsText, PolicyForm } from './form.ts'
import {
  conditionText,
  conjuncts,
  oneOrSet,
  personOf,
  personText,
  placeOf,
  placeText,
  quoted,
  readConditions,
} from './form-condition.ts'
import { splitPolicies } from './source.ts'

/** @param text of one policy; comments before it are no matter */
export function readForm(cedar: Cedar, text: string): FormReading {
  const [piece, ...more] = splitPolicies(text)
  if (piece === undefined || more.length > 0 || isTooComplex(piece)) return onlyAsText('unreadable')
  const bare = text.slice(piece.head)
  if (holdsComment(bare)) return onlyAsText('comment')
  const parsed = cedar.parse(bare)
  if (parsed.kind === 'wrong') return onlyAsText('unreadable')
  try {
    const form = formOf(cedar, parsed.json)
    if (form === undefined) return onlyAsText('scope')
    // The proof: the form says all that the policy says.
    const again = cedar.parse(plainText(form))
    const isSame = again.kind === 'policy' && sense(again.json) === sense(parsed.json)
    return isSame ? { kind: 'form', form } : onlyAsText('form')
  } catch {
    return onlyAsText('form')
  }
}

/** The policy that a form says, laid out as Cedar does. */
export function writeForm(cedar: Cedar, form: PolicyForm): string {
  const plain = plainText(form)
  const [piece, ...more] = splitPolicies(plain)
  const fits = piece !== undefined && more.length === 0 && !isTooComplex(piece)
  return (fits ? cedar.format(plain)?.trimEnd() : undefined) ?? plain
}

const onlyAsText = (why: OnlyAsText): FormReading => ({ kind: 'only-as-text', why })

const holdsComment = (text: string): boolean =>
  [...text.matchAll(/"(?:\\[^]|[^"\\])*"|\/\/[^\n\r]*/g)].some(([word]) => word.startsWith('//'))

function formOf(cedar: Cedar, json: PolicyJson): PolicyForm | undefined {
  const { principal, resource, effect, actions, anyAction } = {
    ...compilePolicy(json),
    effect: json.effect,
  }
  const print = (expression: unknown) => cedar.print(expression)
  const person = personScope(principal)
  const place = placeScope(resource)
  const named = anyAction ? [] : actionNames(json)
  if (person === undefined || place === undefined || named === undefined || actions.size === 0)
    return undefined
  const bodies = (kind: 'when' | 'unless') =>
    json.conditions.filter(condition => condition.kind === kind).map(({ body }) => parseExpression(body))
  const conditions = readConditions(bodies('when').flatMap(conjuncts), print)
  const exceptions = bodies('unless').map(body => readConditions(conjuncts(body), print))
  if (conditions === undefined || exceptions.includes(undefined)) return undefined
  const { id = '', ...others } = (json.annotations ?? {}) as Readonly<Record<string, string | null>>
  const { disabled, ...annotations } = others
  const rest = [...conditions]
  return {
    name: id ?? '',
    effect,
    disabled: disabled !== undefined,
    who: person.length === 0 ? takeSeveral(rest, 'person') : person,
    actions: named,
    where: place.length === 0 ? takeSeveral(rest, 'place') : place,
    conditions: rest,
    exceptions: exceptions.filter(rows => rows !== undefined),
    annotations,
  }
}

/** Several people or places stand at the head of the conditions, since Cedar's scope has one. */
function takeSeveral(rows: FormCondition[], kind: 'person'): readonly FormPerson[]
function takeSeveral(rows: FormCondition[], kind: 'place'): readonly FormPlace[]
function takeSeveral(
  rows: FormCondition[],
  kind: 'person' | 'place',
): readonly FormPerson[] | readonly FormPlace[] {
  const [first] = rows
  if (first?.kind !== kind || !first.is) return []
  const several = first.kind === 'person' ? first.people : first.places
  if (several.length < 2) return []
  rows.shift()
  return several
}

/** Empty: everybody; `undefined`: no form has this. */
function personScope(scope: Scope): readonly FormPerson[] | undefined {
  if (scope.kind === 'all') return []
  if (scope.kind === 'is') return undefined
  const person = personOf(scope.entity)
  // A user is said by `==`, a group by `in`.
  return person === undefined || (person.kind === 'user') !== (scope.kind === 'exactly')
    ? undefined
    : [person]
}

function placeScope(scope: Scope): readonly FormPlace[] | undefined {
  if (scope.kind === 'all') return []
  if (scope.kind === 'is') return undefined
  const place = placeOf(scope.entity, scope.kind === 'exactly')
  return place === undefined ? undefined : [place]
}

/** `undefined` where a group of actions is named by `==`, which means nothing. */
function actionNames({ action }: PolicyJson): readonly string[] | undefined {
  if (action.op === 'All') return []
  const named = 'entities' in action ? action.entities : 'entity' in action ? [action.entity] : []
  const ids = named.map(entity => ('__entity' in entity ? entity.__entity : entity).id)
  return action.op === '==' && ids.includes('write') ? undefined : ids
}

function plainText(form: PolicyForm): string {
  const annotations = Object.entries(form.annotations).map(([name, value]) =>
    value === null ? `@${name}` : `@${name}(${quoted(value)})`,
  )
  const [person, ...people] = form.who
  const [place, ...places] = form.where
  const rows = [
    ...(people.length > 0 ? [{ kind: 'person', is: true, people: form.who } as const] : []),
    ...(places.length > 0 ? [{ kind: 'place', is: true, places: form.where } as const] : []),
    ...form.conditions,
  ]
  const who =
    person === undefined || people.length > 0
      ? 'principal'
      : `principal ${person.kind === 'user' ? '==' : 'in'} ${personText(person)}`
  const where =
    place === undefined || places.length > 0
      ? 'resource'
      : `resource ${place.exact ? '==' : 'in'} ${placeText(place)}`
  return [
    `@id(${quoted(form.name)})`,
    ...(form.disabled ? ['@disabled("true")'] : []),
    ...annotations,
    `${form.effect} (`,
    `  ${who},`,
    `  ${actionText(form.actions)},`,
    `  ${where}`,
    ')',
    ...(rows.length > 0 ? [`when { ${conjunction(rows)} }`] : []),
    ...form.exceptions.filter(block => block.length > 0).map(block => `unless { ${conjunction(block)} }`),
  ]
    .join('\n')
    .concat(';')
}

const conjunction = (rows: readonly FormCondition[]): string => rows.map(conditionText).join(' && ')

function actionText(names: readonly string[]): string {
  if (names.length === 0) return 'action'
  const texts = names.map(name => `Action::${quoted(name)}`)
  const isOne = texts.length === 1 && names[0] !== 'write'
  return isOne ? `action == ${texts[0]}` : `action in ${oneOrSet(texts)}`
}

/** What a policy says, the same for texts that say the same in the order of the same words. */
function sense(json: PolicyJson): string {
  const bodies = (kind: 'when' | 'unless') =>
    json.conditions.filter(condition => condition.kind === kind).map(({ body }) => parseExpression(body))
  const rows = bodies('when').flatMap(conjuncts)
  const actions = actionNames(json)?.toSorted() ?? json.action
  return JSON.stringify([
    json.effect,
    Object.entries((json.annotations ?? {}) as object).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    json.principal,
    actions,
    json.resource,
    rows.map(row => row.json),
    bodies('unless').map(body => conjuncts(body).map(row => row.json)),
  ])
}
