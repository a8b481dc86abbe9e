// Forms and texts of policies: what has a form comes back unchanged, what has none is never lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCedar } from './cedar.ts'
import { compilePolicy } from './compiled-policy.ts'
import { readForm, writeForm } from './form-text.ts'
import type { PolicyForm } from './form.ts'
import { createPolicyLanguage } from './language.ts'
import { policyTemplates } from './policy-templates.ts'
import { splitPolicies } from './source.ts'
import { starterPolicies } from './starter-policies.ts'

const cedar = createCedar()
const language = await createPolicyLanguage()

const pieces = [starterPolicies, ...policyTemplates.map(({ text }) => text)].flatMap(text =>
  splitPolicies(text).map(({ text: piece, head, start }) => piece.slice(head - start)),
)

/** A policy without the places that its text was read from. */
function meant(text: string): string {
  const parsed = cedar.parse(text)
  assert.equal(parsed.kind, 'policy')
  return parsed.kind === 'policy' ? JSON.stringify(parsed.json) : ''
}

function formOf(text: string): PolicyForm {
  const reading = readForm(cedar, text)
  assert.equal(reading.kind, 'form', `${JSON.stringify(reading)} ${text}`)
  if (reading.kind !== 'form') throw new Error('no form')
  return reading.form
}

for (const text of pieces) {
  test(`survives the form: ${/@id\("(.*?)"\)/.exec(text)?.[1]}`, () => {
    const form = formOf(text)
    const written = writeForm(cedar, form)
    assert.equal(meant(written), meant(text))
    assert.deepEqual(formOf(written), form)
  })
}

test('texts that Cedar laid out come back letter by letter', () => {
  const before = starterPolicies.slice(starterPolicies.lastIndexOf('@id(')).trimEnd()
  assert.equal(writeForm(cedar, formOf(before)), before)
})

const hard: readonly string[] = [
  'permit(principal == User::"bob", action, resource == Column::"shop/public/a%2Fb/c");',
  'permit(principal in Group::"a", action in Action::"write", resource in Tag::"pii.email");',
  'permit(principal, action in [Action::"write", Action::"select"], resource) when { principal in [Group::"a", User::"b\\"c"] && resource in [Target::"x", Schema::"y/z"] && context.hour >= 9 };',
  'forbid(principal, action, resource) when { context has address && !(context.address.isInRange(ip("10.0.0.0/8")) || context.address.isInRange(ip("fd00::/8"))) };',
  'forbid(principal, action, resource) when { context has address } when { !context.address.isInRange(ip("10.0.0.0/8")) };',
  'permit(principal, action, resource) when { resource.hasTag("env") && ["a", "b"].contains(resource.getTag("env")) } unless { context.weekday > 5 } unless { !context.console && context.now < datetime("2027-01-01") };',
  'permit(principal, action, resource) when { (context.hour + 9) < 24 && context.program like "psql*" && !(context.program like "x\\"*") };',
  'permit(principal, action, resource) when { if context.console then true else context.reason };',
  'permit(principal, action, resource) when { principal in Group::"a" || principal in Group::"b" };',
  'permit(principal in Group::"a", action, resource) when { principal in [Group::"b", Group::"c"] };',
  'permit(principal, action, resource) when { !(principal in Group::"a") && principal.role != "administrator" };',
  '@approval @label("two\\nlines") @disabled("true") permit(principal, action == Action::"select", resource);',
  'permit(principal, action, resource) unless { resource.hasTag("env") && resource.getTag("env") == "prod" };',
  'permit(principal, action, resource) when { !(resource.hasTag("env") && resource.getTag("env") == "prod") };',
  'permit(principal, action, resource) when { "日本語 ✓" == principal.name };',
]

for (const [index, text] of hard.entries()) {
  test(`survives the form, hard ${index}: ${text}`, () => {
    const whole = `@id("x") ${text}`
    const form = formOf(whole)
    const written = writeForm(cedar, form)
    assert.deepEqual(formOf(written), form)
    const compiled = (source: string) => {
      const parsed = cedar.parse(source)
      assert.equal(parsed.kind, 'policy')
      return parsed.kind === 'policy' ? compilePolicy(parsed.json) : undefined
    }
    const [a, b] = [compiled(whole), compiled(written)]
    assert.deepEqual([b?.principal, b?.resource, b?.actions], [a?.principal, a?.resource, a?.actions])
  })
}

const onlyText: readonly (readonly [string, string])[] = [
  ['@id("x") permit(principal is User in Group::"a", action, resource);', 'scope'],
  ['@id("x") permit(principal, action, resource is Table);', 'scope'],
  ['@id("x") permit(principal, /* no */ action, resource);', 'unreadable'],
  ['@id("x") permit(principal, // why\n action, resource);', 'comment'],
  ['@id("x") permit(principal, action == Action::"write", resource);', 'scope'],
  ['@id("x") permit(principal in User::"bob", action, resource);', 'scope'],
  [
    '@id("x") permit(principal, action, resource) when { principal.name == "two  spaces" && 1 < };',
    'unreadable',
  ],
  ['permit(', 'unreadable'],
  ['', 'unreadable'],
]

for (const [text, why] of onlyText) {
  test(`only as text (${why}): ${text}`, () => {
    assert.deepEqual(readForm(cedar, text), { kind: 'only-as-text', why })
  })
}

test('a condition that Cedar cannot print exactly keeps the policy as text', () => {
  const text = '@id("x") permit(principal, action, resource) when { ["a  b"].contains(principal.name) };'
  assert.deepEqual(readForm(cedar, text), { kind: 'only-as-text', why: 'form' })
})

test('a comment before a policy is no part of it, a // in a string no comment', () => {
  const form = formOf('// why\n@id("x//y") permit(principal, action, resource);')
  assert.equal(form.name, 'x//y')
})

test('what is typed into a field stays in its field', () => {
  const form: PolicyForm = {
    ...formOf('@id("x") permit(principal, action, resource);'),
    name: 'a") permit(principal, action, resource); @id("b',
    conditions: [{ kind: 'tag', is: true, tag: '")', values: ['" || true || "'] }],
  }
  assert.deepEqual(formOf(writeForm(cedar, form)), form)
})

test('a condition in Cedar that reaches out of its place is a problem, not another policy', () => {
  const form: PolicyForm = {
    ...formOf('@id("x") permit(principal, action, resource);'),
    conditions: [
      { kind: 'cedar', text: 'true) }; @id("y") permit(principal, action, resource) when { (true' },
    ],
  }
  assert.ok(splitPolicies(writeForm(cedar, form)).length > 1)
  assert.throws(() => language.writeForm(form), { code: 'request.invalid' })
})
