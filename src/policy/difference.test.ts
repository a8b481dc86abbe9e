// The difference between two sets of policies: exact over what is known, whatever the texts look like.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differ, type Difference, type KnownTarget, type Subject } from './difference.ts'
import { columnTags, exampleTarget, exampleUser, tag, wednesdayMs } from './example.ts'
import { createPolicyLanguage } from './language.ts'
import { momentsOf, Reach } from './reach.ts'

const language = await createPolicyLanguage()

const email = tag('pii.email')
const card = tag('pii.card', 'card')
const shop: KnownTarget = {
  target: exampleTarget('shop', { env: 'demo' }),
  tables: [
    { schema: 'public', table: 'customers', columns: ['id', 'name', 'email', 'card'] },
    { schema: 'public', table: 'orders', columns: ['id', 'total', 'contact'] },
    { schema: 'hr', table: 'staff', columns: ['id', 'salary'] },
  ],
  tags: columnTags({
    'public.customers': { email: [email], card: [card] },
    'public.orders': { contact: [email] },
  }),
}
const crm: KnownTarget = {
  target: exampleTarget('crm'),
  tables: [{ schema: 'public', table: 'leads', columns: ['id', 'email'] }],
  tags: columnTags({ 'public.leads': { email: [email] } }),
}
const dark: KnownTarget = { target: exampleTarget('dark'), tables: undefined, tags: columnTags({}) }

const group = (name: string): Subject => ({
  kind: 'group',
  name,
  user: exampleUser(`(${name})`, [name]),
})
const subjects: readonly Subject[] = [
  { kind: 'everybody', name: '', user: exampleUser('(everybody)') },
  group('analysts'),
  group('fraud'),
]

function between(before: string, after: string, targets = [shop, crm]): Difference {
  const walk = differ(
    language.compile(before, 1),
    language.compile(after, 2),
    subjects,
    targets,
    { nowMs: wednesdayMs },
    100_000,
  )
  for (;;) {
    const step = walk.next()
    if (step.done === true) return step.value
  }
}

const briefly = ({ changes }: Difference) =>
  changes.map(({ subject, change, actions, places }) => [
    subject.name || subject.kind,
    change,
    actions.join(),
    ...places.map(({ target, on, tables, columns }) => `${target} ${on} ${tables} ${columns}`),
  ])

const reads = '@id("reads") permit(principal in Group::"analysts", action == Action::"select", resource);'

test('a group gains reveal on columns', () => {
  const after = `${reads} @id("mail") permit(principal in Group::"analysts", action == Action::"reveal", resource in Tag::"pii.email") when { resource in Target::"shop" };`
  const found = between(reads, after)
  assert.deepEqual(briefly(found), [['analysts', 'gains', 'reveal', 'shop columns 2 2']])
  assert.deepEqual(found.changes[0]?.places[0]?.examples, ['public.customers.email', 'public.orders.contact'])
  assert.deepEqual([found.added, found.removed, found.changed], [['mail'], [], []])
})

test('texts that say the same differ in nothing', () => {
  const other = `// words\n@id("other") permit(principal in Group::"analysts", action in [Action::"select"], resource);`
  const found = between(reads, other)
  assert.deepEqual(found.changes, [])
  assert.equal(found.complete, true)
})

test('a second permit for what is permitted changes nothing for anybody', () => {
  const more =
    '@id("more") permit(principal in Group::"analysts", action == Action::"select", resource in Target::"shop");'
  const found = between(reads, `${reads}${more}`)
  assert.deepEqual([found.changes, found.added], [[], ['more']])
})

test('what is forbidden is lost, for single columns too', () => {
  const table = '@id("no") forbid(principal, action == Action::"select", resource == Table::"shop/hr/staff");'
  assert.deepEqual(briefly(between(reads, reads + table)), [
    ['analysts', 'loses', 'select', 'shop tables 1 0'],
  ])
  const column =
    '@id("no") forbid(principal, action == Action::"select", resource == Column::"shop/hr/staff/salary");'
  assert.deepEqual(briefly(between(reads, reads + column)), [
    ['analysts', 'loses', 'select', 'shop columns 1 1'],
  ])
})

test('conditions of time and place make a part of it', () => {
  const hours = reads.replace(/;$/, ' when { context.hour >= 9 && context.hour < 18 };')
  assert.deepEqual(briefly(between(reads, hours))[0]?.slice(0, 3), ['analysts', 'loses-partly', 'select'])
  const office = hours.replace(
    /};$/,
    '|| (context has address && context.address.isInRange(ip("10.0.0.0/8"))) };',
  )
  assert.deepEqual(briefly(between(hours, office))[0]?.slice(0, 3), ['analysts', 'gains-partly', 'select'])
})

test('several actions at the same places are said at once', () => {
  const after =
    '@id("all") permit(principal in Group::"fraud", action in [Action::"select", Action::"export", Action::"connect"], resource);'
  assert.deepEqual(briefly(between('', after)), [
    ['fraud', 'gains', 'connect', 'shop target 0 0', 'crm target 0 0'],
    ['fraud', 'gains', 'select,export', 'shop tables 3 0', 'crm tables 1 0'],
  ])
})

test('limits and filters are terms', () => {
  const found = between(reads, `@row_limit("100") @row_filter("a = 1") ${reads}`)
  assert.deepEqual(briefly(found), [['analysts', 'terms', 'select', 'shop tables 3 0', 'crm tables 1 0']])
  assert.deepEqual(found.changes[0]?.after, { rowFilter: 'a = 1', rowLimit: 100 })
})

test('a target whose tables are not known is named', () => {
  assert.deepEqual(between('', reads, [dark]).unknownTargets, ['dark'])
})

test('switched off is as good as gone', () => {
  const found = between(reads, reads.replace('@id', '@disabled("true") @id'))
  assert.deepEqual(briefly(found), [['analysts', 'loses', 'select', 'shop tables 3 0', 'crm tables 1 0']])
  assert.deepEqual(found.removed, ['reads'])
})

test('it stops after so many questions and says so', () => {
  const walk = differ(
    language.compile('', 1),
    language.compile(reads, 2),
    subjects,
    Array.from({ length: 50 }, () => shop),
    { nowMs: wednesdayMs },
    20,
  )
  let step = walk.next()
  while (step.done !== true) step = walk.next()
  assert.equal(step.value.complete, false)
})

test('reach names the policies and groups that give it, and agrees with the judge', () => {
  const text = `${reads}
    @id("office") permit(principal, action == Action::"connect", resource) when { context has address && context.address.isInRange(ip("10.0.0.0/8")) };
    @id("no") forbid(principal, action == Action::"select", resource in Schema::"shop/hr");`
  const set = language.compile(text, 1)
  const user = exampleUser('ann', ['analysts', 'others'])
  const contexts = momentsOf([set], { nowMs: wednesdayMs }).choose(user, shop.target)
  const reach = new Reach(set, user, shop.target, contexts)
  assert.equal(reach.onTarget('connect').state, 'sometimes')
  const select = reach.onTable('select', 'public', 'orders')
  assert.deepEqual(
    [select.state, select.decidedBy],
    ['always', [{ name: 'reads', groups: ['analysts'], named: false }]],
  )
  const denied = reach.onTable('select', 'hr', 'staff')
  assert.deepEqual([denied.state, denied.decidedBy[0]?.name], ['never', 'no'])
  const none = reach.onTable('delete', 'public', 'orders')
  assert.deepEqual([none.state, none.decidedBy], ['never', []])
})
