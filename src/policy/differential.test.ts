// The oracle: random policies, entities and requests get the same answer with the same determining policies from Cedar itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts'
import { createIndex, decide, isPermitted } from './decision.ts'
import type { Request } from './evaluate.ts'
import { constructors } from './expression.ts'
import { createRandom, literals, pick, type Random, randomExpression } from './random-expression.ts'
import { type ActionName, actionGroups, actionNames } from './schema.ts'
import { type Entity, entityKey, entityName, type RecordValue, type Value } from './value.ts'

type Json = cedar.CedarValueJson
type Fields = Readonly<Record<string, Json>>

const extn = (fn: string, arg: string): Json => ({ __extn: { fn, arg } })
const ref = (type: string, id: string): Json => ({ __entity: { type, id } })

function node(type: string, id: string, parents: readonly string[], attrs: Fields = {}, tags: Fields = {}) {
  const uids = parents.map(parent => ({ type: parent.split(' ')[0] ?? '', id: parent.split(' ')[1] ?? '' }))
  return { uid: { type, id }, attrs, tags, parents: uids }
}

const aliceFields = {
  active: true,
  level: 7,
  name: 'alice',
  email: 'x@example.org',
  marks: [1, 2],
  friends: ['env', 'alice'],
  home: {
    a: 1,
    b: { c: 'x' },
  },
  'a b': { a: 1 },
  boss: ref('User', 'bob'),
  address: extn('ip', '10.1.2.3'),
  score: extn('decimal', '1.5'),
  born: extn('datetime', '2024-02-29'),
  stay: extn('duration', '1h30m'),
}
const bobFields = { active: false, level: -1024, name: '', marks: [], boss: ref('User', 'nobody') }
const entities = [
  node('User', 'alice', ['Group analysts'], aliceFields, { env: 'prod', alice: 'x' }),
  node('User', 'bob', ['Group staff'], bobFields),
  node('Group', 'analysts', ['Group staff']),
  node('Group', 'staff', []),
  node('Target', 'shop', [], { name: 'shop' }, { env: 'prod' }),
  node('Table', 'orders', ['Target shop'], { name: 'a*b', boss: ref('User', 'alice') }, { env: '' }),
  ...Object.entries(actionGroups).map(([id, groups]) =>
    node(
      'Action',
      id,
      groups.map(group => `Action ${group}`),
    ),
  ),
  node('Action', 'write', []),
]
const contexts: readonly Fields[] = [
  {},
  {
    ...bobFields,
    name: 'a*b',
    home: {},
    address: extn('ip', '::1'),
    born: extn('datetime', '1969-12-31T01:00:00Z'),
  },
  { ...aliceFields, level: 1024 },
]

/** What the oracle is given as JSON, as our own values. */
function toValue(json: Json): Value {
  if (typeof json === 'number') return BigInt(json)
  if (typeof json === 'string' || typeof json === 'boolean') return json
  if (Array.isArray(json)) return { kind: 'set', items: json.map(toValue) }
  assert.ok(json !== null)
  if ('__entity' in json) {
    const { type, id } = json.__entity as { type: string; id: string }
    return entityName(type, id)
  }
  if ('__extn' in json) {
    const { fn, arg } = json.__extn as { fn: string; arg: string }
    const value = constructors.get(fn)?.(arg)
    assert.ok(value !== undefined)
    return value
  }
  return toRecord(json as Fields)
}

function toRecord(fields: Fields): RecordValue {
  return {
    kind: 'record',
    entries: new Map(Object.entries(fields).map(([name, json]) => [name, toValue(json)])),
  }
}

function toEntity(json: (typeof entities)[number]): Entity {
  const { uid, attrs, tags } = json
  const name = entityName(uid.type, uid.id)
  const keys = new Set([name.key])
  const climb = (parents: typeof json.parents) => {
    for (const { type, id } of parents) {
      keys.add(entityKey(type, id))
      climb(entities.find(other => other.uid.type === type && other.uid.id === id)?.parents ?? [])
    }
  }
  climb(json.parents)
  const known = toRecord(attrs).entries
  const tagged = toRecord(tags).entries
  return {
    ...name,
    isIn: key => keys.has(key),
    attribute: key => known.get(key),
    tag: key => tagged.get(key),
  }
}

const store = new Map(entities.map(toEntity).map(entity => [entity.key, entity]))

function stored(type: string, id: string): Entity {
  const name = entityName(type, id)
  const unknown = {
    isIn: (key: string) => key === name.key,
    attribute: () => undefined,
    tag: () => undefined,
  }
  return store.get(name.key) ?? { ...name, ...unknown }
}

function randomPolicy(random: Random): string {
  const principal = pick(random, [
    'principal',
    'principal',
    'principal == User::"alice"',
    'principal in Group::"staff"',
    'principal is User',
    'principal is User in Group::"analysts"',
    'principal in User::"bob"',
    'principal is Table',
  ])
  const action = pick(random, [
    'action',
    'action == Action::"select"',
    'action in Action::"write"',
    'action == Action::"write"',
    'action in [Action::"select", Action::"write"]',
    'action in Action::"insert"',
    'action in []',
  ])
  const resource = pick(random, [
    'resource',
    'resource',
    'resource in Target::"shop"',
    'resource == Table::"orders"',
    'resource is Table',
    'resource is Table in Target::"shop"',
  ])
  const count = Math.floor(random() * 3)
  const conditions = Array.from(
    { length: count },
    () => `${pick(random, ['when', 'when', 'unless'])} { ${randomExpression(random, 'bool', 3)} }`,
  )
  return `${pick(random, ['permit', 'permit', 'forbid'])}(${principal}, ${action}, ${resource}) ${conditions.join(' ')};`
}

function compileText(name: string, text: string): CompiledPolicy {
  const answer = cedar.policyToJson(text)
  assert.equal(answer.type, 'success', `${text} ${JSON.stringify(answer)}`)
  assert.ok(answer.type === 'success')
  return compilePolicy({ ...answer.json, annotations: { id: name } })
}

test('random policies are decided as Cedar decides them', () => {
  const random = createRandom(20_261_122)
  const seen = { cases: 0, allowed: 0, forbidden: 0, errors: 0 }
  for (let round = 0; round < 700; round += 1) {
    const texts = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`p${at}`, randomPolicy(random)]))
    const find = createIndex(Object.entries(texts).map(([name, text]) => compileText(name, text)))
    cedar.preparsePolicySet('random', { staticPolicies: texts })
    for (let asked = 0; asked < 9; asked += 1) {
      const principal = stored('User', pick(random, ['alice', 'alice', 'bob', 'nobody']))
      const action = pick(random, actionNames)
      const resource = pick(random, [
        stored('Table', 'orders'),
        stored('Target', 'shop'),
        stored('Table', 'ghost'),
      ])
      const context = pick(random, contexts)
      const answer = cedar.statefulIsAuthorized({
        principal: uid(principal),
        action: {
          type: 'Action',
          id: action,
        },
        resource: uid(resource),
        context,
        preparsedPolicySetId: 'random',
        entities,
      })
      assert.ok(answer.type === 'success', JSON.stringify(answer))
      const request = createRequest(principal, action, resource, context)
      const decision = decide(find(action, principal), request)
      const { reason, errors } = answer.response.diagnostics
      const told = () =>
        `round ${round}: ${JSON.stringify({ texts, principal: principal.id, action, resource: resource.id, context, errors }, undefined, 1)}`
      assert.equal(decision.isPermitted, answer.response.decision === 'allow', told())
      assert.deepEqual(decision.determining.map(({ name }) => name).toSorted(), reason.toSorted(), told())
      assert.equal(isPermitted(find(action, principal), request), decision.isPermitted, told())
      seen.cases += 1
      if (decision.isPermitted) seen.allowed += 1
      else if (reason.length > 0) seen.forbidden += 1
      if (errors.length > 0) seen.errors += 1
    }
  }
  // The test is worth something only while all of these happen often.
  assert.ok(
    seen.cases >= 6000 && seen.allowed > 800 && seen.forbidden > 700 && seen.errors > 2000,
    JSON.stringify(seen),
  )
})

test('random expressions have the values that Cedar gives them', () => {
  const random = createRandom(7)
  const principal = stored('User', 'alice')
  const resource = stored('Table', 'orders')
  const [, , context = {}] = contexts
  let differed = 0
  for (let round = 0; round < 60; round += 1) {
    const texts = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [
        `p${at}`,
        `permit(principal, action, resource) when { ${randomExpression(random, 'bool', 4)} };`,
      ]),
    )
    const answer = cedar.isAuthorized({
      principal: uid(principal),
      action: {
        type: 'Action',
        id: 'select',
      },
      resource: uid(resource),
      context,
      policies: { staticPolicies: texts },
      entities,
    })
    assert.ok(answer.type === 'success', JSON.stringify(answer))
    const request = createRequest(principal, 'select', resource, context)
    const held = new Set(answer.response.diagnostics.reason)
    for (const [name, text] of Object.entries(texts)) {
      assert.equal(compileText(name, text).applies(request), held.has(name), text)
      if (held.has(name)) differed += 1
    }
  }
  assert.ok(differed > 800 && differed < 5000, `${differed} of 6000 hold`)
})

test('every pair of literals of the extension types compares as in Cedar', () => {
  const principal = stored('User', 'alice')
  const expressions = [
    ...pairs('ip', (a, b) => [
      `${a} == ${b}`,
      `${a}.isInRange(${b})`,
      `${a}.isLoopback() || ${b}.isMulticast()`,
    ]),
    ...pairs('decimal', (a, b) => [`${a} == ${b}`, `${a}.lessThan(${b})`]),
    ...pairs('datetime', (a, b) => [`${a} <= ${b}`, `${a}.durationSince(${b}).toDays() < 100`]),
    ...pairs('duration', (a, b) => [
      `${a} <= ${b}`,
      `datetime("1970-01-01").offset(${a}).toDate().offset(${b}).toTime() < ${b}`,
    ]),
  ]
  const texts = Object.fromEntries(
    expressions.map((expression, at) => [
      `p${at}`,
      `permit(principal, action, resource) when { ${expression} };`,
    ]),
  )
  const answer = cedar.isAuthorized({
    principal: uid(principal),
    action: {
      type: 'Action',
      id: 'select',
    },
    resource: uid(principal),
    context: {},
    policies: { staticPolicies: texts },
    entities,
  })
  assert.ok(answer.type === 'success', JSON.stringify(answer))
  const request = createRequest(principal, 'select', principal, {})
  const held = new Set(answer.response.diagnostics.reason)
  for (const [name, text] of Object.entries(texts)) {
    assert.equal(compileText(name, text).applies(request), held.has(name), text)
  }
  assert.ok(held.size > 500, `${held.size} of ${expressions.length} hold`)
})

function pairs(
  kind: 'ip' | 'decimal' | 'datetime' | 'duration',
  make: (a: string, b: string) => readonly string[],
): readonly string[] {
  return literals[kind].flatMap(a => literals[kind].flatMap(b => make(a, b)))
}

const uid = ({ type, id }: Entity) => ({ type, id })

function createRequest(principal: Entity, action: ActionName, resource: Entity, context: Fields): Request {
  return {
    principal,
    action: stored('Action', action),
    resource,
    context: toRecord(context),
    find: key => store.get(key),
  }
}
