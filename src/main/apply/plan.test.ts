// What a plan does and tells, without a server.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../../core/secret.ts'
import { diffLines } from './diff-lines.ts'
import type { WantedDocument } from './documents.ts'
import type { Kind } from './kinds.ts'
import { planSteps, stepsToDo } from './plan.ts'
import type { Facts, Standing } from './state.ts'
import { wordPlan } from './word-plan.ts'

const none: ReadonlyMap<string, Facts> = new Map()

const standing = (facts: Partial<Record<Kind, Readonly<Record<string, Facts>>>>): Standing => {
  const of = (kind: Kind) => new Map(Object.entries(facts[kind] ?? {}))
  return {
    me: 'admin',
    ids: { Group: new Map(), User: new Map(), Target: new Map() },
    policies: { version: 1, text: '' },
    rulesVersion: 0,
    facts: {
      Tag: of('Tag'),
      Group: of('Group'),
      User: of('User'),
      Target: of('Target'),
      Rule: of('Rule'),
      Policy: facts.Policy === undefined ? none : of('Policy'),
    },
  }
}

const wanted = (kind: Kind, name: string, facts: Facts): WantedDocument => ({
  kind,
  name,
  facts,
  place: 'a:1',
})
const rule = (value: string): Facts => ({ verdict: 'deny', match: 'pattern', value, note: '' })
const calm = { prune: false, passwords: false }
const told = (steps: ReturnType<typeof planSteps>) =>
  stepsToDo(steps).map(({ action, kind, name }) => `${action} ${kind} ${name}`)

test('only kinds that files name are pruned, users and groups after what uses them, never oneself', () => {
  const there = standing({
    User: { admin: {}, ken: {} },
    Group: { a: { description: '' }, b: { description: '' } },
    Rule: { r: rule('x') },
  })
  const documents = [wanted('Group', 'a', {}), wanted('User', 'hana', {})]
  assert.deepEqual(told(planSteps(documents, there, calm)), ['create User hana'])
  assert.deepEqual(told(planSteps(documents, there, { ...calm, prune: true })), [
    'create User hana',
    'remove User ken',
    'remove Group b',
  ])
})

test('the order of rules is a fact, and so is what a rule leaves out', () => {
  const there = standing({ Rule: { a: { ...rule('x'), target: 'shop' }, b: rule('y') } })
  const documents = [wanted('Rule', 'b', rule('y')), wanted('Rule', 'a', rule('x'))]
  const steps = planSteps(documents, there, calm)
  assert.deepEqual(told(steps), ['change Rule a', 'change Rule order'])
  assert.deepEqual(steps.find(step => step.name === 'a')?.fields, { target: ['shop', null] })
})

test('policies of all documents are one set, compared without the white space around it', () => {
  const there = standing({ Policy: { policies: { text: 'one\n\ntwo' } } })
  const documents = [wanted('Policy', 'x', { text: 'one\n' }), wanted('Policy', 'y', { file: '\ntwo\n\n' })]
  assert.deepEqual(told(planSteps(documents, there, calm)), [])
})

test('a password is sent for what is new, or when asked, and never shown', () => {
  const facts = {
    protocol: 'postgres',
    host: 'db',
    database: 'd',
    account: 'a',
    password: new Secret('tiger'),
  }
  const fresh = planSteps([wanted('Target', 't', facts)], standing({}), calm)
  assert.match(wordPlan(fresh), /^\+ Target t\n[^]*password: \*\*\*/)
  assert.equal(JSON.stringify(fresh).includes('tiger'), false)
  const known = {
    ...facts,
    password: undefined,
    port: 5432,
    tls: 'require',
    tlsCa: '',
    tags: {},
    disabled: false,
    jump: null,
    sendProxy: false,
    snapshotRowsMax: 0,
  }
  const there = standing({ Target: { t: known } })
  assert.deepEqual(told(planSteps([wanted('Target', 't', facts)], there, calm)), [])
  const again = planSteps([wanted('Target', 't', facts)], there, { ...calm, passwords: true })
  assert.deepEqual(again[0]?.fields, { password: ['***', '***'] })
})

test('texts are compared line by line, with a little around', () => {
  const before = Array.from({ length: 12 }, (_, line) => `line ${line}`).join('\n')
  const after = before.replace('line 6', 'line six').replace('\nline 11', '')
  assert.deepEqual(diffLines(before, after), [
    '  …',
    '  line 4',
    '  line 5',
    '- line 6',
    '+ line six',
    '  line 7',
    '  line 8',
    '  line 9',
    '  line 10',
    '- line 11',
  ])
  assert.deepEqual(diffLines('', 'a\n'), ['+ a'])
  assert.deepEqual(diffLines('a\nb', 'a\nb'), [])
})
