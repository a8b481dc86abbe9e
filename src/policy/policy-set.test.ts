// What a set of policies permits, asks for and hides.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SqlStatement } from '../core/action.ts'
import { GatewayError } from '../core/errors.ts'
import {
  exampleAsker,
  exampleTarget,
  exampleUser,
  columnTags,
  onTarget,
  sql,
  tag,
  uses,
  wednesdayMs,
} from './example.ts'
import { createPolicyLanguage } from './language.ts'
import { starterPolicies } from './starter-policies.ts'

const language = await createPolicyLanguage()
const alice = exampleUser('alice', ['analysts'])
const root = exampleUser('root', [], { role: 'administrator' })
const officer = exampleUser('olga', ['privacy-officers'])
const demo = exampleTarget('shop', { env: 'demo' })
const prod = exampleTarget('crm', { env: 'prod' })
const connect = `@id("connect") permit(principal, action == Action::"connect", resource);`

const judge = (
  text: string,
  action = sql(uses('public.orders', 'select')),
  asker = exampleAsker(alice, demo),
) => language.compile(text, 3).judge(asker, action)

function allowed(
  text: string,
  action = sql(uses('public.orders', 'select')),
  asker = exampleAsker(alice, demo),
) {
  const verdict = judge(text, action, asker)
  assert.equal(verdict.kind, 'allowed')
  assert.ok(verdict.kind === 'allowed')
  return verdict
}

function denied(
  text: string,
  action = sql(uses('public.orders', 'select')),
  asker = exampleAsker(alice, demo),
) {
  const verdict = judge(text, action, asker)
  assert.equal(verdict.kind, 'denied')
  assert.ok(verdict.kind === 'denied')
  return verdict
}

test('nothing is permitted without a policy', () => {
  const verdict = denied('', { kind: 'connect' })
  assert.equal(verdict.code, 'connect.denied')
  assert.deepEqual(verdict.decidedBy, [])
  assert.equal(
    verdict.reason,
    'alice may not connect to shop: no policy permits “connect” on it. Ask an administrator for the right to connect to shop.',
  )
})

test('the starter policies say what their comments say', () => {
  const set = language.compile(starterPolicies, 1)
  const kind = (user: typeof alice, target: typeof demo, ...statements: readonly SqlStatement[]) =>
    set.judge(exampleAsker(user, target), sql(...statements)).kind
  assert.equal(set.volatile, false)
  assert.equal(kind(alice, demo, uses('public.orders', 'select')), 'allowed')
  assert.equal(kind(alice, demo, uses('public.orders', 'select', 'update')), 'denied')
  assert.equal(kind(alice, prod, uses('public.orders', 'select')), 'denied')
  assert.equal(kind(officer, demo), 'denied')
  for (const effect of ['select', 'insert', 'update', 'delete', 'define'] as const)
    assert.equal(kind(root, prod, uses('public.orders', effect)), 'allowed')
  assert.equal(kind(root, prod, onTarget('define', 'administer')), 'allowed')
  const tags = columnTags({ 'public.customers': { email: [tag('pii.email')] } })
  assert.equal(set.see(exampleAsker(root, demo), tags).hidesAnything, true)
  assert.equal(set.see(exampleAsker(alice, demo), tags).hidesAnything, true)
  assert.equal(set.see(exampleAsker(officer, demo), tags).hidesAnything, false)
  assert.equal(language.format(starterPolicies), starterPolicies)
})

test('every statement needs the right to connect, and nothing more if it touches no table', () => {
  assert.deepEqual(allowed(connect, sql(onTarget())).decidedBy, [{ name: 'connect', version: 3 }])
  assert.equal(allowed(connect, sql()).strength, 'written')
  const select = '@id("select") permit(principal, action == Action::"select", resource);'
  assert.equal(denied(select).code, 'connect.denied')
  assert.deepEqual(
    allowed(select + connect).decidedBy.map(({ name }) => name),
    ['connect', 'select'],
  )
})

test('the first denial names the table, the effect and the person; forbid wins and is named', () => {
  const all = '@id("all") permit(principal, action, resource);'
  const text = `${all} @id("no-deletes") forbid(principal, action == Action::"delete", resource in Target::"shop");`
  assert.equal(allowed(text).kind, 'allowed')
  const verdict = denied(text, sql(uses('public.orders', 'select'), uses('sales.log', 'delete')))
  assert.equal(verdict.code, 'statement.denied')
  assert.deepEqual(verdict.decidedBy, [{ name: 'no-deletes', version: 3 }])
  assert.equal(
    verdict.reason,
    'alice may not delete rows of shop.sales.log: the policy “no-deletes” forbids “delete” on it. Ask an administrator for the right to delete rows of shop.sales.log.',
  )
  assert.equal(allowed(text, sql(uses('a.b', 'delete')), exampleAsker(alice, prod)).kind, 'allowed')
})

test('effects that are not known are refused', () => {
  assert.equal(
    denied('@id("all") permit(principal, action, resource);', sql(uses('a.b'))).code,
    'statement.unreadable',
  )
})

test('names with slashes are never taken for other tables', () => {
  const text = `${connect} @id("one") permit(principal, action, resource == Table::"shop/a/b");`
  const use = (schema: string, table: string) =>
    sql({
      verb: 'SELECT',
      tables: [{ schema, table, effects: ['select'], reads: [], writes: [] }],
      effects: [],
      functions: [],
    })
  assert.equal(allowed(text, use('a', 'b')).kind, 'allowed')
  assert.equal(denied(text, use('a/b', '')).kind, 'denied')
  assert.equal(denied(text, use('', 'a/b')).kind, 'denied')
  const schema = `${connect} @id("one") permit(principal, action, resource in Schema::"shop/a");`
  assert.equal(denied(schema, use('a/b', 'c')).kind, 'denied')
})

test('the row limit is the widest of the permits, the narrowest of the tables', () => {
  const limit = (id: string, table: string, rows: string) =>
    `@id("${id}") ${rows} permit(principal, action == Action::"select", resource == Table::"shop/public/${table}");`
  const text = [
    connect,
    limit('a', 'a', '@row_limit("10")'),
    limit('b', 'a', '@row_limit("50")'),
    limit('c', 'b', '@row_limit("20")'),
    limit('d', 'c', '@row_limit("5")'),
    limit('e', 'c', ''),
  ].join('\n')
  const rows = (...tables: readonly string[]) =>
    allowed(text, sql(...tables.map(table => uses(`public.${table}`, 'select')))).rowLimit
  assert.equal(rows('a'), 50)
  assert.equal(rows('a', 'b'), 20)
  assert.equal(rows('c'), undefined)
  assert.equal(rows('c', 'a'), 50)
  assert.equal(rows(), undefined)
})

test('one strict permit makes the record strict', () => {
  const select = (id: string, audit: string) =>
    `@id("${id}") ${audit} permit(principal, action == Action::"select", resource);`
  assert.equal(allowed(connect + select('a', '@audit("written")') + select('b', '')).strength, 'written')
  assert.equal(allowed(connect + select('a', '@audit("strict")') + select('b', '')).strength, 'strict')
  assert.equal(allowed(connect + select('a', '@audit("strict")'), sql()).strength, 'written')
})

test('a tagged column is hidden until a policy reveals it, by tag, by ancestor of the tag, by place', () => {
  const tags = columnTags({
    'public.customers': {
      email: [tag('pii.email')],
      card: [tag('pii.card', 'card')],
      note: [tag('free', 'null', false)],
    },
    'public.pay': { salary: [tag('money', 'number'), tag('pii', 'null')] },
  })
  const hidden = (text: string) => {
    const sight = language.compile(text, 1).see(exampleAsker(alice, demo), tags)
    return [
      ...(sight.table('public', 'customers')?.hidden.keys() ?? []),
      ...(sight.table('public', 'pay')?.hidden.keys() ?? []),
    ]
  }
  const reveal = (place: string, effect = 'permit') =>
    `@id("${effect}") ${effect}(principal, action == Action::"reveal", ${place});`
  assert.deepEqual(hidden(''), ['email', 'card', 'salary'])
  assert.deepEqual(hidden(reveal('resource in Tag::"pii.email"')), ['card', 'salary'])
  assert.deepEqual(hidden(reveal('resource in Tag::"pii"')), [])
  assert.deepEqual(hidden(reveal('resource in Tag::"pi"')), ['email', 'card', 'salary'])
  assert.deepEqual(hidden(reveal('resource in Table::"shop/public/pay"')), ['email', 'card'])
  assert.deepEqual(hidden(reveal('resource == Column::"shop/public/customers/card"')), ['email', 'salary'])
  assert.deepEqual(hidden(reveal('resource in Target::"crm"')), ['email', 'card', 'salary'])
  assert.deepEqual(hidden(reveal('resource') + reveal('resource in Tag::"pii.card"', 'forbid')), ['card'])
  const sight = language.compile('', 1).see(exampleAsker(alice, demo), tags)
  assert.deepEqual(sight.table('public', 'pay')?.hidden.get('salary'), { mask: 'null', tag: 'pii' })
  assert.equal(sight.table('public', 'orders'), undefined)
  assert.equal(sight.table('public', 'pay'), sight.table('public', 'pay'))
})

test('a table that is listed twice keeps the tags of both', () => {
  const twice = columnTags({ 'a.b': { x: [tag('pii')] } }).tables.concat(
    columnTags({ 'a.b': { y: [tag('pii')] } }).tables,
  )
  const sight = language.compile('', 1).see(exampleAsker(alice, demo), { version: '1', tables: twice })
  assert.deepEqual([...(sight.table('a', 'b')?.hidden.keys() ?? [])], ['x', 'y'])
})

test('row filters widen one another, fall away beside a permit without one, and bind writing too', () => {
  const permit = (id: string, actions: string, filter: string, place = 'resource') =>
    `@id("${id}") ${filter} permit(principal, action in [${actions}], ${place});`
  const select = 'Action::"select"'
  const eu = `@row_filter("region = 'EU'")`
  const filter = (text: string, target = demo) => {
    const sight = language.compile(text, 1).see(exampleAsker(alice, target), columnTags({}))
    const rows = sight.table('public', 'orders')?.rowFilter
    if (rows !== undefined) assert.equal(sight.hidesAnything, true)
    return rows
  }
  const one = permit('a', select, eu)
  const two = permit('b', select, '@row_filter("vip")')
  assert.equal(filter(one), "region = 'EU'")
  assert.equal(filter(one + two), "(region = 'EU') OR (vip)")
  assert.equal(filter(one + two + permit('c', select, '')), undefined)
  assert.equal(filter(permit('a', select, eu, 'resource in Target::"crm"')), undefined)
  assert.equal(filter(permit('a', select, eu, 'resource in Target::"crm"'), prod), "region = 'EU'")
  assert.equal(filter(one + permit('c', 'Action::"update"', '')), "region = 'EU'")
  assert.equal(filter(permit('c', select, '') + permit('d', 'Action::"update"', eu)), "region = 'EU'")
  assert.equal(
    filter(one + permit('d', 'Action::"delete"', '@row_filter("old")')),
    "(region = 'EU') AND (old)",
  )
})

test('a sight has the version of what it depends on', () => {
  const tags = columnTags({ 'a.b': { x: [tag('pii')] } })
  const version = (text: string, user = alice, target = demo, used = tags, context = {}, number = 1) =>
    language.compile(text, number).see(exampleAsker(user, target, context), used).version
  const plain = version(starterPolicies)
  assert.equal(version(starterPolicies, { ...alice }, { ...demo }, tags, { nowMs: 1, address: '::1' }), plain)
  assert.notEqual(version(starterPolicies, alice, demo, tags, {}, 2), plain)
  assert.notEqual(version(`${starterPolicies} `), plain)
  assert.notEqual(version(starterPolicies, { ...alice, groups: [] }), plain)
  assert.notEqual(version(starterPolicies, { ...alice, email: undefined }), plain)
  assert.notEqual(version(starterPolicies, alice, exampleTarget('shop', { env: 'prod' })), plain)
  assert.notEqual(version(starterPolicies, alice, demo, { ...tags, version: '2' }), plain)
})

test('what changes with the hour has another version only when the answer may differ', () => {
  const text = `@id("day") permit(principal, action == Action::"reveal", resource)
    when { resource in Tag::"pii" && context.hour >= 9 && context.hour < 18 };`
  const set = language.compile(text, 1)
  assert.equal(set.volatile, true)
  const tags = columnTags({ 'a.b': { x: [tag('pii')] } })
  const at = (hour: number, address = '10.0.0.1') =>
    set.see(exampleAsker(alice, demo, { nowMs: wednesdayMs + (hour - 10) * 3_600_000, address }), tags)
  assert.equal(at(10).hidesAnything, false)
  assert.equal(at(18).hidesAnything, true)
  assert.equal(at(10).version, at(16).version)
  assert.equal(at(10).version, at(10, '::1').version)
  assert.notEqual(at(10).version, at(18).version)
  const steady = (condition: string) =>
    language.compile(`@id("a") permit(principal, action, resource) when { ${condition} };`, 1)
  assert.equal(steady('context.console || context.program == "psql"').volatile, false)
  assert.equal(steady('context has address && context.address.isIpv4()').volatile, false)
  assert.equal(steady('context == context').volatile, true)
  const seen = steady('context.console && resource in Tag::"pii"')
  const from = (address: string) => seen.see(exampleAsker(alice, demo, { address }), tags)
  assert.notEqual(from('console').version, from('10.0.0.1').version)
  assert.equal(from('10.0.0.2').version, from('10.0.0.1').version)
})

test('a set with errors is not compiled, and says where', () => {
  const compile = () =>
    language.compile('\n@id("a") permit(principal, action, resource) when { context.nope };', 1)
  assert.throws(compile, (error: unknown) => {
    assert.ok(error instanceof GatewayError)
    assert.equal(error.code, 'request.invalid')
    assert.match(error.detail, /^line 2, column 53: attribute `nope`/)
    return true
  })
})

test('filters of permits that hold for some statements only hold for all of them', () => {
  const connects = '@id("c") permit(principal, action == Action::"connect", resource);'
  const filtered = (condition: string) =>
    `@id("f") @row_filter("region = 'eu'") permit(principal, action == Action::"select", resource) when { ${condition} };`
  const seen = (text: string) =>
    language
      .compile(connects + text, 1)
      .see(exampleAsker(alice, demo), { version: '', tables: [] })
      .table('public', 'orders')?.rowFilter
  for (const condition of ['context.reason', 'context.approved', 'context.approved && context.reason'])
    assert.equal(seen(filtered(condition)), "region = 'eu'", condition)
  const all = '@id("a") permit(principal, action == Action::"select", resource);'
  assert.equal(seen(filtered('context.reason') + all), undefined)
})

test('a policy that is switched off decides nothing, be it a permit or a forbid', () => {
  const permit = '@id("p") permit(principal, action == Action::"connect", resource);'
  const forbid = '@id("f") @disabled("true") forbid(principal, action, resource);'
  const asker = exampleAsker(exampleUser('ann'), exampleTarget('shop'))
  const connect = (text: string) => language.compile(text, 1).judge(asker, { kind: 'connect' }).kind
  assert.equal(connect(permit + forbid), 'allowed')
  assert.equal(connect(permit + forbid.replace('@disabled("true") ', '')), 'denied')
  assert.equal(connect(permit.replace('@id', '@disabled("true") @id')), 'denied')
  assert.throws(
    () => language.compile(forbid.replace('"true"', '"false"'), 1),
    /@disabled can only be "true"/,
  )
  assert.throws(() => language.compile('@disabled("true") permit(', 1))
})
