// A policy in plain words, English and Japanese: who may (not) do what with which things, when, and what it demands.

import type { CompiledPolicy, Condition, Scope } from './compiled-policy.ts'
import { conditionWords, type Say } from './meaning-condition.ts'
import { demandWords } from './meaning-demands.ts'
import { objectWords, spaced, targetWords } from './meaning-object.ts'
import type { Language } from './policy.ts'
import { type ActionName, columnActions } from './schema.ts'

/** @param print Cedar's text of a condition that has no words of its own; `undefined` if it cannot be had */
export function describePolicy(
  policy: CompiledPolicy,
  language: Language,
  print: (expression: unknown) => string | undefined,
): string {
  const say: Say = (en, ja) => (language === 'en' ? en : ja)
  const words = (condition: Condition) => conditionWords(condition.expression, say, print)
  const conditions = policy.conditions.filter(({ kind }) => kind === 'when')
  const when = conditions.filter(condition => !namesAdministrators(policy, condition)).map(words)
  const who =
    when.length < conditions.length ? say('Administrators', '管理者') : subject(policy.principal, say)
  const unless = policy.conditions.filter(({ kind }) => kind === 'unless').map(words)
  const sentence =
    language === 'en' ? english(policy, say, who, when, unless) : japanese(policy, say, who, when, unless)
  const off = policy.disabled
    ? [say('Switched off, so it decides nothing.', '無効にされているため、何も決めません。')]
    : []
  return [...off, sentence, ...demandWords(policy, say)].join(say(' ', ''))
}

function english(
  policy: CompiledPolicy,
  say: Say,
  who: string | undefined,
  when: readonly string[],
  unless: readonly string[],
): string {
  const forbids = policy.effect === 'forbid'
  const deeds = deedsOf(policy, say)
  const conditions = [
    when.length === 0 ? '' : `, if ${when.join(' and ')}`,
    ...unless.map(condition => `, unless ${condition}`),
  ].join('')
  const may =
    who !== undefined ? `${who} may${forbids ? ' not' : ''}` : forbids ? 'Nobody may' : 'Everybody may'
  if (deeds === undefined) return `${may} do nothing that exists: none of the actions fits the resource.`
  return `${may} ${deeds}${conditions}.`
}

function japanese(
  policy: CompiledPolicy,
  say: Say,
  who: string | undefined,
  when: readonly string[],
  unless: readonly string[],
): string {
  const forbids = policy.effect === 'forbid'
  const deeds = deedsOf(policy, say)
  if (deeds === undefined)
    return `${spaced(who ?? 'すべての利用者')}について、対象に当てはまる操作がないため、何も起こりません。`
  const conditions = [
    when.length === 0 ? '' : `${when.join('、かつ')}場合${forbids ? '' : 'に限り'}、`,
    ...unless.map(condition => `${condition}場合を除き、`),
  ].join('')
  return forbids
    ? `${spaced(who ?? 'すべての利用者')}には、${conditions}${deeds}が禁止されます。`
    : `${spaced(who ?? 'すべての利用者')}は、${conditions}${deeds}ができます。`
}

/** `undefined`: everybody. */
function subject(scope: Scope, say: Say): string | undefined {
  const entity = scope.kind === 'is' ? scope.within : scope.kind === 'all' ? undefined : scope.entity
  if (entity === undefined) return undefined
  if (entity.type === 'Group' && scope.kind !== 'exactly')
    return say(`Members of the group ${entity.id}`, `グループ ${entity.id} のメンバー`)
  return entity.type === 'User' ? entity.id : `${entity.type}::${JSON.stringify(entity.id)}`
}

/** A permit for everybody with this one condition is better said of the administrators. */
function namesAdministrators({ principal }: CompiledPolicy, { expression }: Condition): boolean {
  return (
    (principal.kind === 'all' || (principal.kind === 'is' && principal.within === undefined)) &&
    expression.kind === 'binary' &&
    expression.operator === '==' &&
    expression.left.kind === 'attribute' &&
    expression.left.name === 'role' &&
    expression.left.of.kind === 'variable' &&
    expression.left.of.name === 'principal' &&
    expression.right.kind === 'literal' &&
    expression.right.value === 'administrator'
  )
}

interface Verb {
  readonly kind: 'target' | 'table' | 'column'
  readonly en: string
  readonly ja: string
  /** Of single columns, where that is said otherwise. */
  readonly column?: { readonly en: string; readonly ja: string }
}

const verbs: Readonly<Record<ActionName, Verb>> = {
  connect: { kind: 'target', en: 'connect to', ja: 'への接続' },
  administer: { kind: 'target', en: 'administer', ja: 'の管理' },
  define: { kind: 'target', en: 'change the structure of', ja: 'の構造の変更' },
  call: { kind: 'target', en: 'call routines of', ja: 'のルーチンの呼び出し' },
  select: { kind: 'table', en: 'read', ja: 'の読み取り' },
  insert: {
    kind: 'table',
    en: 'add rows to',
    ja: 'への行の追加',
    column: { en: 'fill', ja: 'への値の追加' },
  },
  update: { kind: 'table', en: 'change rows of', ja: 'の行の変更', column: { en: 'change', ja: 'の変更' } },
  delete: { kind: 'table', en: 'delete rows of', ja: 'の行の削除' },
  export: { kind: 'table', en: 'export', ja: 'の書き出し' },
  import: { kind: 'table', en: 'import into', ja: 'への取り込み' },
  reveal: { kind: 'column', en: 'see', ja: 'の閲覧' },
}

/** What is done to what; `undefined` if no action fits the resource. */
function deedsOf(policy: CompiledPolicy, say: Say): string | undefined {
  const any = policy.effect === 'forbid'
  const everywhere = policy.anyAction ? targetWords(policy.resource, say, any) : undefined
  if (everywhere !== undefined && policy.resource.kind !== 'exactly' && policy.resource.kind !== 'is') {
    return say(
      `do ${any ? 'anything' : 'everything'} on ${everywhere}, hidden columns included`,
      `${spaced(everywhere)}に対するすべての操作（隠された列の閲覧を含む）`,
    )
  }
  const byObject = new Map<string, Verb[]>()
  for (const action of policy.actions) {
    let verb = verbs[action]
    let object =
      objectWords(verb.kind, policy.resource, say, any) ??
      (action === 'define' ? objectWords('table', policy.resource, say, any) : undefined)
    if (object === undefined && any && action in columnActions) {
      object = objectWords('any column', policy.resource, say, any)
      verb = { ...verb, ...verb.column }
    }
    if (object !== undefined) byObject.set(object, [...(byObject.get(object) ?? []), verb])
  }
  if (byObject.size === 0) return undefined
  const deeds = Array.from(byObject, ([object, done]) => {
    const english = listed(
      done.map(({ en }) => en),
      any ? ' or ' : ' and ',
    )
    return say(`${english} ${object}`, spaced(object) + joined(done))
  })
  return say(listed(deeds, any ? ', or ' : ', and ', '; '), deeds.join('、'))
}

/** `の読み取り`, or of several `に対する読み取り・行の追加`. */
function joined(done: readonly Verb[]): string {
  const [only] = done
  if (only !== undefined && done.length === 1) return only.ja
  return `に対する${done.map(({ ja }) => ja.replace(/^(への|の)/, '')).join('・')}`
}

function listed(items: readonly string[], last: string, comma = ', '): string {
  const head = items.slice(0, -1).join(comma)
  return head === '' ? items.join('') : head + last + (items.at(-1) ?? '')
}
