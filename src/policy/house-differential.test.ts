// The oracle once more, on the house's own entities: type-checked policies, real users, targets, tables, columns and moments.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { createCedar } from './cedar.ts'
import { compilePolicy } from './compiled-policy.ts'
import { createIndex, decide } from './decision.ts'
import { ColumnEntity, TableEntity, tagKeys, tagLine, targetEntity } from './entity.ts'
import { exampleAsker, exampleTarget, exampleUser } from './example.ts'
import type { Asker } from './policy.ts'
import { Moment, Question } from './question.ts'
import { createRandom, pick, type Random } from './random-expression.ts'
import { type ActionName, actionNames, columnActions, policySchema } from './schema.ts'
import type { Entity } from './value.ts'

const conditions = [
  'principal.role == "administrator"',
  'principal has email && principal.email like "*@example.org"',
  'resource.hasTag("env") && resource.getTag("env") == "prod"',
  'resource.hasTag("__proto__") || resource.hasTag("toString")',
  'context.hour >= 9 && context.hour < 18',
  'context.weekday > 5',
  'context.localHour >= 9 && context.localWeekday != 7',
  'context.reason',
  'context has address && context.address.isInRange(ip("10.0.0.0/8"))',
  'context has address && context.address.isIpv6()',
  'context.console',
  'context.program like "psql*"',
  'context.now < datetime("2026-07-01T12:00:00Z")',
  'context.now.toTime() > duration("11h")',
  'context.now.offset(duration("9h")).toDate() > datetime("2026-07-01")',
  '[1, 3].contains(context.weekday)',
  'context.hour * 9007199254740991 > 0',
  'principal in [Group::"a", Group::"b"]',
  'resource in Schema::"shop/public" || resource in Tag::"pii"',
  'resource is Table && resource.name like "*s"',
  'resource is Table && resource.target.hasTag("env")',
  'resource is Table && resource.target == Target::"shop"',
  'resource is Column && resource.table.schema == "public" && resource.name != "id"',
  'resource is Column && resource.table.target.getTag("env") == "prod"',
  'action in Action::"write" || action == Action::"select"',
  'action in [Action::"call", Action::"export", Action::"import"]',
  'Tag::"pii.email" in Tag::"pii"',
  'User::"alice" == principal',
  'if context.console then principal.role == "user" else context.hour == 10',
  'context == {now: context.now, hour: 10, weekday: 3, localHour: 19, localWeekday: 3, console: true, program: "", reason: false, approved: false}',
  'context.approved || context.reason',
]
const principals = [
  'principal',
  'principal',
  'principal in Group::"a"',
  'principal == User::"alice"',
  'principal is User in Group::"b"',
]
const actions = [
  'action',
  'action',
  'action == Action::"select"',
  'action in Action::"write"',
  'action in [Action::"connect", Action::"reveal"]',
]
const resources = [
  'resource',
  'resource',
  'resource in Target::"shop"',
  'resource == Table::"shop/public/orders"',
  'resource is Column',
  'resource in Schema::"shop/a%2Fb"',
  'resource in Tag::"pii"',
  'resource in Tag::"pii.email"',
  'resource == Target::"shop"',
  'resource is Table in Target::"crm"',
  'resource == Column::"shop/public/orders/email"',
]

const users = [
  exampleUser('alice', ['a'], { role: 'administrator' }),
  exampleUser('bob', ['b', 'c']),
  exampleUser('carol', [], { email: undefined }),
]
const targets = [
  exampleTarget('shop', { env: 'prod' }),
  exampleTarget('crm', { owner: 'x', env: 'demo' }),
  exampleTarget('x'),
]
const addresses = ['console', '10.1.2.3', '::ffff:10.9.9.9', '2001:db8::1', 'fe80::1%eth0', '192.0.2.1', '']

function randomPolicy(random: Random): string {
  const clauses = Array.from({ length: Math.floor(random() * 3) }, () => {
    const [one, other] = [pick(random, conditions), pick(random, conditions)]
    return random() < 0.7 ? `when { ${one} }` : `unless { (${one}) && !(${other}) }`
  })
  const scope = [principals, actions, resources].map(each => pick(random, each)).join(', ')
  return `${pick(random, ['permit', 'permit', 'permit', 'forbid'])}(${scope}) ${clauses.join(' ')};`
}

function randomAsker(random: Random): Asker {
  const nowMs = Date.UTC(2026, 5, 29) + Math.floor(random() * 7 * 86_400_000)
  const context = {
    nowMs,
    address: pick(random, addresses),
    program: pick(random, ['psql', '', 'psql 15', 'dbeaver']),
    timeZone: 'Asia/Tokyo',
    hasReason: random() < 0.5,
  }
  return exampleAsker(pick(random, users), pick(random, targets), context)
}

const tableActions = new Set<ActionName>(['select', 'insert', 'update', 'delete', 'export', 'import'])

interface Asked {
  readonly resource: Entity
  readonly tags: readonly string[]
}

function randomResource(random: Random, action: ActionName, asker: Asker): Asked {
  const target = targetEntity(asker.target)
  const isTable = tableActions.has(action) || (action === 'define' && random() < 0.5)
  if (!isTable && action !== 'reveal') return { resource: target, tags: [] }
  const table = new TableEntity(
    target,
    pick(random, ['public', 'a/b', 'a']),
    pick(random, ['orders', 'b/orders', 'log']),
  )
  const isColumn = Object.hasOwn(columnActions, action) && random() < 0.4
  if (isTable && !isColumn) return { resource: table, tags: [] }
  const tags = pick(random, [['pii.email'], ['pii'], ['money', 'pii.card.last'], []])
  return { resource: new ColumnEntity(table, pick(random, ['email', 'id']), tagKeys(tags)), tags }
}

const uid = ({ type, id }: { type: string; id: string }) => ({ type, id })

/** Everything about one question as Cedar's JSON. */
function oracleEntities(asker: Asker, { resource, tags }: Asked): cedar.EntityJson[] {
  const { user, target } = asker
  const table =
    resource instanceof ColumnEntity ? resource.table : resource instanceof TableEntity ? resource : undefined
  const targetUid = { type: 'Target', id: target.name }
  const attrs = {
    name: user.name,
    role: user.role,
    ...(user.email === undefined ? {} : { email: user.email }),
  }
  const entities: cedar.EntityJson[] = [
    { uid: { type: 'User', id: user.name }, attrs, parents: user.groups.map(id => ({ type: 'Group', id })) },
    {
      uid: targetUid,
      attrs: { name: target.name, protocol: target.protocol, database: target.database },
      parents: [],
      tags: target.tags,
    },
  ]
  for (const name of new Set([...tags, 'pii.email'].flatMap(tagLine))) {
    const [, parent] = tagLine(name)
    entities.push({
      uid: { type: 'Tag', id: name },
      attrs: {},
      parents: parent === undefined ? [] : [{ type: 'Tag', id: parent }],
    })
  }
  if (table === undefined) return entities
  const schema = table.schemaEntity()
  entities.push({ uid: uid(schema), attrs: {}, parents: [targetUid] })
  const fields = { schema: table.schema, name: table.name, target: { __entity: targetUid } }
  entities.push({ uid: uid(table), attrs: fields, parents: [uid(schema)], tags: target.tags })
  if (!(resource instanceof ColumnEntity)) return entities
  const parents = [uid(table), ...tags.map(id => ({ type: 'Tag', id }))]
  entities.push({
    uid: uid(resource),
    attrs: { ...fields, name: resource.name, table: { __entity: uid(table) } },
    parents,
    tags: target.tags,
  })
  return entities
}

function oracleContext({ context }: Asker): cedar.Context {
  const now = new Date(context.nowMs)
  // Tokyo is nine hours ahead all year round.
  const tokyo = new Date(context.nowMs + 9 * 3_600_000)
  const address = context.address.replace('::ffff:', '')
  const isAddress = /^[\d.]{7,}$|^[\da-f:]{3,}$/.test(address)
  return {
    now: { __extn: { fn: 'datetime', arg: now.toISOString() } },
    hour: now.getUTCHours(),
    weekday: ((now.getUTCDay() + 6) % 7) + 1,
    localHour: tokyo.getUTCHours(),
    localWeekday: ((tokyo.getUTCDay() + 6) % 7) + 1,
    reason: context.hasReason === true,
    approved: context.isApproved === true,
    ...(isAddress ? { address: { __extn: { fn: 'ip', arg: address } } } : {}),
    console: context.address === 'console',
    program: context.program,
  }
}

test('the house decides as Cedar does with the schema, for policies that pass the check', () => {
  const random = createRandom(42)
  const checker = createCedar()
  const seen = { cases: 0, allowed: 0, forbidden: 0 }
  cedar.preparseSchema('house', policySchema)
  for (let round = 0; round < 200; round += 1) {
    const drafts = Array.from({ length: 8 }, () => randomPolicy(random))
    const wrong = new Set(
      checker.validate(drafts).flatMap(({ severity, index }) => (severity === 'error' ? index : [])),
    )
    const texts = drafts.filter((_, at) => !wrong.has(at))
    const staticPolicies = Object.fromEntries(texts.map((text, at) => [`p${at}`, text]))
    const find = createIndex(
      texts.map((text, at) => {
        const answer = cedar.policyToJson(text)
        assert.ok(answer.type === 'success')
        return compilePolicy({ ...answer.json, annotations: { id: `p${at}` } })
      }),
    )
    cedar.preparsePolicySet('house', { staticPolicies })
    for (let count = 0; count < 12; count += 1) {
      const asker = randomAsker(random)
      const action = pick(random, actionNames)
      const asked = randomResource(random, action, asker)
      const answer = cedar.statefulIsAuthorized({
        principal: {
          type: 'User',
          id: asker.user.name,
        },
        action: {
          type: 'Action',
          id: action,
        },
        resource: uid(asked.resource),
        context: oracleContext(asker),
        entities: oracleEntities(asker, asked),
        preparsedPolicySetId: 'house',
        preparsedSchemaName: 'house',
        validateRequest: true,
      })
      assert.ok(answer.type === 'success', JSON.stringify(answer))
      const question = new Question(asker, new Moment(asker.context), action, asked.resource)
      const decision = decide(find(action, question.principal), question)
      const told = JSON.stringify(
        { texts, asker, action, asked, errors: answer.response.diagnostics.errors },
        undefined,
        1,
      )
      assert.equal(decision.isPermitted, answer.response.decision === 'allow', told)
      assert.deepEqual(
        decision.determining.map(({ name }) => name).toSorted(),
        answer.response.diagnostics.reason.toSorted(),
        told,
      )
      seen.cases += 1
      if (decision.isPermitted) seen.allowed += 1
      else if (decision.determining.length > 0) seen.forbidden += 1
    }
  }
  assert.ok(seen.cases === 2400 && seen.allowed > 400 && seen.forbidden > 200, JSON.stringify(seen))
})
