// What permits ask in return, and columns that are taken away.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SqlStatement } from '../core/action.ts'
import {
  columnTags,
  exampleAsker,
  exampleTarget,
  exampleUser,
  onTarget,
  sql,
  tag,
  uses,
  wednesdayMs,
} from './example.ts'
import { createPolicyLanguage } from './language.ts'
import { policyTemplates } from './policy-templates.ts'
import { starterPolicies } from './starter-policies.ts'

const language = await createPolicyLanguage()
const alice = exampleUser('alice', ['analysts'])
const shop = exampleTarget('shop', { env: 'demo' })
const asker = exampleAsker(alice, shop)
const connect = `@id("connect") permit(principal, action == Action::"connect", resource);`

function guards(text: string, ...statements: readonly SqlStatement[]) {
  const verdict = language.compile(connect + text, 1).judge(asker, sql(...statements))
  assert.ok(verdict.kind === 'allowed', JSON.stringify(verdict))
  return verdict.guards
}

const permit = (id: string, actions: string, annotations: string, place = 'resource') =>
  `@id("${id}") ${annotations} permit(principal, action in [${actions}], ${place});`
const select = 'Action::"select"'
const read = uses('public.orders', 'select')

test('of several permits the most generous limit counts, one without lifts it, of several tables the strictest', () => {
  const a = permit('a', select, '@time_limit("30s") @byte_limit("1MB")')
  const b = permit('b', select, '@time_limit("2m")')
  assert.deepEqual(guards(a, read).timeLimitMs, { value: 30_000, policy: { name: 'a', version: 1 } })
  assert.deepEqual(guards(a, read).byteLimit?.value, 1_000_000)
  assert.deepEqual(guards(a + b, read).timeLimitMs, { value: 120_000, policy: { name: 'b', version: 1 } })
  assert.equal(guards(a + b, read).byteLimit, undefined)
  assert.equal(guards(a + b + permit('c', select, ''), read).timeLimitMs, undefined)
  const log = permit('log', select, '@time_limit("5s")', 'resource == Table::"shop/public/log"')
  const orders = permit('orders', select, '@time_limit("9s")', 'resource == Table::"shop/public/orders"')
  assert.equal(guards(log + orders, uses('public.log', 'select'), read).timeLimitMs?.value, 5000)
})

test('a limit on connecting holds for every statement', () => {
  const text = '@id("c2") @time_limit("7s") permit(principal, action, resource);'
  const verdict = language.compile(text, 1).judge(asker, sql(onTarget()))
  assert.equal(verdict.kind === 'allowed' && verdict.guards.timeLimitMs?.value, 7000)
})

test('a condition is wanted of statements that change all rows, and of no others', () => {
  const text = permit(
    'careful',
    'Action::"update", Action::"delete", Action::"select"',
    '@require_where("true")',
  )
  const all = { ...uses('public.orders', 'update'), changesAllRows: true }
  assert.equal(guards(text, uses('public.orders', 'update')).missingWhere, undefined)
  assert.equal(guards(text, { ...read, changesAllRows: true }).missingWhere, undefined)
  assert.deepEqual(guards(text, all).missingWhere, { name: 'careful', version: 1 })
  assert.equal(guards(text + permit('free', 'Action::"update"', ''), all).missingWhere, undefined)
})

test('a reason is wanted until it is given', () => {
  const set = language.compile(connect + permit('why', select, '@require_reason("true")'), 1)
  const missing = (hasReason: boolean) => {
    const verdict = set.judge({ ...asker, context: { ...asker.context, hasReason } }, sql(read))
    return verdict.kind === 'allowed' ? verdict.guards.missingReason?.name : verdict.kind
  }
  assert.equal(missing(false), 'why')
  assert.equal(missing(true), undefined)
})

test('reading only: what writes is named, per statement or for the whole session', () => {
  const write = permit('w', 'Action::"update"', '')
  const reader = permit('r', select, '@read_only("true")')
  const both = uses('public.orders', 'select', 'update')
  assert.equal(guards(reader + write, read).readOnly, undefined)
  assert.equal(guards(reader + write, both).readOnly?.name, 'r')
  assert.equal(guards(reader + write, read, uses('public.orders', 'update')).readOnly, undefined)
  const always = '@id("all") @read_only("true") permit(principal, action, resource);'
  const verdict = language.compile(always, 1).judge(asker, sql(read, uses('public.orders', 'update')))
  assert.equal(verdict.kind === 'allowed' && verdict.guards.readOnly?.name, 'all')
  const isReadOnly = (text: string) => language.compile(text, 1).isReadOnly(asker)
  assert.equal(isReadOnly(always), true)
  assert.equal(isReadOnly(connect + reader), true)
  assert.equal(isReadOnly(connect + reader + write), false)
  assert.equal(isReadOnly(connect + reader + permit('r2', select, '')), false)
  assert.equal(
    isReadOnly(connect + reader + permit('w', 'Action::"update"', '', 'resource in Target::"crm"')),
    true,
  )
  assert.equal(isReadOnly(connect), false)
})

test('approval: by members of any group that the permits name, by administrators where tables differ', () => {
  const a = permit('a', select, '@approval("dba-team")')
  assert.deepEqual(guards(a, read).approval, { policy: { name: 'a', version: 1 }, approvers: ['dba-team'] })
  assert.deepEqual(guards(permit('a', select, '@approval'), read).approval?.approvers, ['administrators'])
  assert.deepEqual(guards(a + permit('b', select, '@approval("ops")'), read).approval?.approvers, [
    'dba-team',
    'ops',
  ])
  assert.equal(guards(a + permit('b', select, ''), read).approval, undefined)
  const two =
    permit('a', select, '@approval("x")', 'resource == Table::"shop/public/a"') +
    permit('b', select, '@approval("y")', 'resource == Table::"shop/public/b"')
  const [one, other] = [uses('public.a', 'select'), uses('public.b', 'select')]
  assert.deepEqual(guards(two, one, other).approval?.approvers, ['administrators'])
})

const wrongs: readonly (readonly [string, RegExp])[] = [
  ['@time_limit("30")', /a time up to a week/],
  ['@time_limit("999h")', /a time up to a week/],
  ['@byte_limit("10 MB")', /a size/],
  ['@rows_per_day("0")', /a whole number/],
  ['@require_where("yes")', /only be "true"/],
  ['@approval("")', /the group whose members approve/],
]

test('guards are well formed and stand where they have an effect', () => {
  const found = (text: string) => language.check(text, 'en').problems.map(({ message }) => message)
  for (const [annotation, message] of wrongs) {
    const [first, ...more] = found(`@id("x") ${annotation} permit(principal, action, resource);`)
    assert.match(first ?? '', message)
    assert.deepEqual(more, [])
  }
  assert.match(
    found('@id("x") @max_sessions("1") permit(principal, action == Action::"select", resource);').join(),
    /no effect.*@max_sessions \(connect\)/,
  )
  assert.match(found('@id("x") @read_only("true") forbid(principal, action, resource);').join(), /forbid/)
  assert.match(
    found('@id("x") permit(principal, action == Action::"select", resource in Tag::"pii");').join(),
    /a permit for columns alone/,
  )
})

test('a forbid on a column refuses what reads or writes it, by name and by tag, and nothing else', () => {
  const tags = columnTags({ 'public.customers': { email: [tag('pii.email')] } })
  const customers = (effect: 'select' | 'update' | 'export', reads: string[], writes: string[] = []) =>
    sql({
      ...uses('public.customers', effect),
      tables: [{ schema: 'public', table: 'customers', effects: [effect], reads, writes }],
    })
  const judge = (forbid: string, action: ReturnType<typeof customers>) => {
    const text = `@id("all") permit(principal, action, resource); @id("no") forbid(principal, ${forbid});`
    const verdict = language.compile(text, 1).judge(asker, action, tags)
    return verdict.kind === 'denied' ? verdict.reason : 'allowed'
  }
  const byName = 'action == Action::"select", resource == Column::"shop/public/customers/email"'
  assert.equal(judge(byName, customers('select', ['name'])), 'allowed')
  assert.match(
    judge(byName, customers('select', ['email', 'name'])),
    /^alice may not read shop\.public\.customers\.email: the policy “no” forbids “select” on it\./,
  )
  assert.equal(judge(byName, customers('update', [], ['email'])), 'allowed')
  const byTag = 'action in [Action::"update", Action::"export"], resource in Tag::"pii"'
  assert.match(
    judge(byTag, customers('update', [], ['email'])),
    /may not change rows of shop.public.customers.email/,
  )
  assert.equal(judge(byTag, customers('update', ['email'], ['name'])), 'allowed')
  assert.match(judge(byTag, customers('export', ['email'])), /may not export/)
  assert.equal(judge(byTag, customers('select', ['email'])), 'allowed')
  const byCondition =
    'action == Action::"select", resource is Column) when { resource.name like "*mail" }; @id("n") forbid(principal, action == Action::"call", resource'
  assert.match(judge(byCondition, customers('select', ['email'])), /customers.email/)
})

test('schemas, tables and actions are told apart', () => {
  const text =
    connect + permit('s', 'Action::"select", Action::"export"', '', 'resource in Schema::"shop/public"')
  const kind = (...statements: readonly SqlStatement[]) =>
    language.compile(text, 1).judge(asker, sql(...statements)).kind
  assert.equal(kind(uses('public.orders', 'select', 'export')), 'allowed')
  assert.equal(kind(uses('sales.orders', 'select')), 'denied')
  assert.equal(kind(uses('public.orders', 'import')), 'denied')
  assert.equal(kind(onTarget('call')), 'denied')
})

test('hours and weekdays of a zone', () => {
  const text =
    '@id("tokyo") permit(principal, action, resource) when { context.localHour == 1 && context.localWeekday == 4 };'
  const set = language.compile(text, 1)
  assert.equal(set.volatile, true)
  const at = (timeZone: string) =>
    set.judge(exampleAsker(alice, shop, { timeZone, nowMs: wednesdayMs + 6 * 3_600_000 }), sql(read)).kind
  // 16:30 in UTC on a Wednesday is 01:30 in Tokyo on Thursday.
  assert.equal(at('Asia/Tokyo'), 'allowed')
  assert.equal(at('UTC'), 'denied')
  assert.equal(at('Nowhere/Land'), 'denied')
})

test('templates are in order, formatted, and say what they mean in both languages', () => {
  const all = [starterPolicies, ...policyTemplates.map(({ text }) => text)].join('\n')
  assert.deepEqual(language.check(all, 'en').problems, [])
  for (const { text } of policyTemplates) assert.equal(language.format(text), text)
  for (const { meaning } of language.check(all, 'ja').meanings) assert.match(meaning, /。$/)
  const [breakGlass] = language.check(policyTemplates.at(-1)?.text ?? '', 'en').meanings.slice(1)
  assert.equal(
    breakGlass?.meaning,
    'Members of the group on-call may administer, call routines of and change the structure of every target, and read, add rows to, change rows of, delete rows of, export and import into every table. Only with a condition that can leave rows out. A reason must be given. An administrator must approve each statement first. A statement is stopped after 1 min. On record on disk before it is done.',
  )
})

test('in plain words: columns that are taken away', () => {
  const meaning = (words: 'en' | 'ja') =>
    language.check(
      '@id("x") forbid(principal, action in [Action::"select", Action::"update"], resource in Tag::"pii");',
      words,
    ).meanings[0]?.meaning
  assert.equal(meaning('en'), 'Nobody may read or change the columns tagged pii.')
  assert.equal(meaning('ja'), 'すべての利用者には、タグ pii の付いた列に対する読み取り・変更が禁止されます。')
})
