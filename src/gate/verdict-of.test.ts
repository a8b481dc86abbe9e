// Policies that look at `context.approved`: what somebody must approve, whom they ask, and what a query rule does not spare.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleAsker, exampleTarget, exampleUser, sql, uses } from '../policy/example.ts'
import { createPolicyLanguage } from '../policy/language.ts'
import { verdictOf } from './verdict-of.ts'
import type { View } from './view.ts'

const language = await createPolicyLanguage()
const asker = exampleAsker(exampleUser('alice', ['analysts']), exampleTarget('shop', { env: 'demo' }))
const base = `
@id("connect") permit(principal, action == Action::"connect", resource);
@id("read") permit(principal, action == Action::"select", resource);`

function judged(policies: string, text = 'delete from orders', isLifted = false): string {
  const set = language.compile(base + policies, 1)
  const view = { policies: set, asker, tags: { version: '', tables: [] } } as unknown as View
  const effect = text.startsWith('select') ? 'select' : 'delete'
  const action = sql(uses('public.orders', effect))
  assert.ok(action.kind === 'sql')
  const verdict = verdictOf(view, text, action, isLifted)
  if (verdict.kind === 'denied') return 'denied'
  const { approval } = verdict.guards
  return approval === undefined ? 'allowed' : `${approval.approvers.join()} for ${approval.policy.name}`
}

test('what is permitted once it is approved is asked for', () => {
  const when =
    '@id("deletes") permit(principal, action == Action::"delete", resource) when { context.approved };'
  assert.equal(judged(when), 'administrators for deletes')
  assert.equal(judged(when, 'select 1'), 'allowed')
  assert.equal(judged(`@approval("dba") ${when}`), 'dba for deletes')
  assert.equal(judged(when.replace('context.approved', '!context.approved')), 'allowed')
  assert.equal(judged(when.replace('context.approved', 'context.approved && context.console')), 'denied')
})

test('what is forbidden unless it is approved is asked for', () => {
  const unless =
    '@id("all") permit(principal, action, resource);' +
    '@id("careful") forbid(principal, action == Action::"delete", resource) unless { context.approved };'
  assert.equal(judged(unless), 'administrators for careful')
  assert.equal(judged(unless, 'select 1'), 'allowed')
})

test('what an approval does not permit is denied, and nobody is asked', () => {
  const asks = '@id("asks") @approval("dba") permit(principal, action == Action::"delete", resource);'
  assert.equal(judged(asks), 'dba for asks')
  const never =
    '@id("never") forbid(principal, action == Action::"delete", resource) when { context.approved };'
  assert.equal(judged(asks + never), 'denied')
})

test('a query rule that spares the guards permits nothing', () => {
  const when =
    '@id("deletes") permit(principal, action == Action::"delete", resource) when { context.approved };'
  assert.equal(judged(when, undefined, true), 'denied')
})

test('a reason and an approval can be asked for together', () => {
  const both =
    '@id("both") permit(principal, action == Action::"delete", resource) when { context.approved && context.reason };'
  assert.equal(judged(both), 'denied')
  assert.equal(judged(both, '/* reason: refund */ delete from orders'), 'administrators for both')
})
