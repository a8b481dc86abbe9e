// Run by hand: `node src/policy/policy.bench.ts`. What a decision and a sight cost, beside Cedar's own authorizer.

import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { columnTags, exampleAsker, exampleTarget, exampleUser, sql, tag, uses } from './example.ts'
import { createPolicyLanguage } from './language.ts'

/** @returns microseconds for one call, the best of five rounds */
function measure(calls: number, call: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now()
    for (let count = 0; count < calls; count += 1) call()
    best = Math.min(best, ((performance.now() - start) * 1000) / calls)
  }
  return best
}

function print(what: string, microseconds: number): void {
  process.stdout.write(`${what.padEnd(64)} ${microseconds.toFixed(2).padStart(12)} µs\n`)
}

function policies(count: number): string {
  const each = Array.from({ length: count }, (_, at) => {
    const scope = at % 4 === 0 ? `principal in Group::"team-${at}"` : 'principal'
    const action =
      at % 2 === 0 ? 'action in [Action::"connect", Action::"select"]' : 'action == Action::"reveal"'
    const resource = at % 2 === 0 ? `resource in Target::"other-${at}"` : `resource in Tag::"secret.t${at}"`
    return `@id("p${at}") permit(${scope}, ${action}, ${resource}) when { context.program != "x${at}" };`
  })
  return [
    ...each,
    `@id("own") permit(principal in Group::"analysts", action in [Action::"connect", Action::"select"], resource)
       when { resource.hasTag("env") && resource.getTag("env") == "demo" };`,
    '@id("no") forbid(principal, action == Action::"select", resource) when { context.program == "malware" };',
  ].join('\n')
}

const language = await createPolicyLanguage()
const asker = exampleAsker(
  exampleUser('alice', ['analysts', 'team-0']),
  exampleTarget('shop', { env: 'demo' }),
)
const select = sql(uses('public.orders', 'select'))

function cedarDecision(text: string): number {
  cedar.preparsePolicySet('bench', { staticPolicies: text })
  const target = { type: 'Target', id: 'shop' }
  const call: cedar.StatefulAuthorizationCall = {
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'select' },
    resource: { type: 'Table', id: 'shop/public/orders' },
    context: { hour: 10, weekday: 3, console: false, program: 'psql' },
    preparsedPolicySetId: 'bench',
    entities: [
      { uid: { type: 'User', id: 'alice' }, attrs: {}, parents: [{ type: 'Group', id: 'analysts' }] },
      { uid: target, attrs: {}, parents: [], tags: { env: 'demo' } },
      {
        uid: { type: 'Table', id: 'shop/public/orders' },
        attrs: {},
        parents: [target],
        tags: { env: 'demo' },
      },
    ],
  }
  return measure(100, () => cedar.statefulIsAuthorized(call))
}

for (const count of [10, 100, 1000]) {
  const text = policies(count)
  const set = language.compile(text, 1)
  process.stdout.write(`\n${count} policies\n`)
  print(
    'check and compile',
    measure(1, () => language.compile(text, 1)),
  )
  print(
    'judge one SELECT (connect and select)',
    measure(20_000, () => set.judge(asker, select)),
  )
  print('one decision of the WASM, policies parsed before', cedarDecision(text))
  for (const columns of [100, 10_000]) {
    const tables = Object.fromEntries(
      Array.from({ length: columns / 10 }, (_, at) => [
        `public.t${at}`,
        Object.fromEntries(Array.from({ length: 10 }, (__, column) => [`c${column}`, [tag('pii.email')]])),
      ]),
    )
    const tags = columnTags(tables)
    print(
      `a sight of ${columns} tagged columns, one table looked at`,
      measure(20, () => set.see(asker, tags).table('public', 't0')),
    )
    const all = () => {
      const sight = set.see(asker, tags)
      for (const { schema, table } of tags.tables) sight.table(schema, table)
    }
    print(`a sight of ${columns} tagged columns, every table looked at`, measure(3, all))
  }
}
