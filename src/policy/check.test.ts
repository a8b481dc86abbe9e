// Problems are found, with the place in the text where they are.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createPolicyLanguage } from './language.ts'
import { filterProblem } from './obligation.ts'

const language = await createPolicyLanguage()
const problems = (text: string) =>
  language
    .check(text, 'en')
    .problems.map(
      ({ severity, line, column, message }) => `${severity} ${line}:${column} ${message.split(/[;:(]/)[0]}`,
    )

const permit = (annotations: string, more = '') =>
  `${annotations} permit(principal, action, resource)${more};`

test('a set that is in order has no problems', () => {
  assert.deepEqual(problems(''), [])
  assert.deepEqual(problems('// nothing yet'), [])
  assert.deepEqual(problems(permit('@id("a") @description("x;y") @label("z") @audit("strict")')), [])
})

test('problems are where they are, beyond comments, strings with semicolons and wide characters', () => {
  const text = [
    '// 日本; 😀 @id("x")',
    '@id("日本") permit(principal, action == Action::"connect", resource) when { "😀;//" == context.program };',
    '  /* no */',
  ].join('\n')
  assert.deepEqual(problems(text), ['error 3:3 unexpected token `/`'])
  assert.deepEqual(problems(permit('@id("日本")', ' when { "😀;//" == principal.nmae }')), [
    'error 1:65 attribute `nmae` on entity type `User` not found',
  ])
  assert.deepEqual(
    problems(`${permit('@id("a")')}\n${permit('@id("b")', '\nwhen { 1 == }')}\n${permit('')}`),
    ['error 3:13 unexpected token `}`', 'error 4:2 every policy needs a name'],
  )
})

test('every broken policy is reported at once, each once', () => {
  const text = `permit(;\n${permit('@id("a")', ' when { context.x == context.y }')}\nforbid(principal, action`
  assert.deepEqual(problems(text), [
    'error 1:8 unexpected token `',
    'error 2:53 attribute `x` in context not found',
    'error 2:66 attribute `y` in context not found',
    'error 3:25 unexpected end of input',
  ])
})

test('names are needed, unique and visible', () => {
  assert.deepEqual(problems(permit('\n')), ['error 2:2 every policy needs a name'])
  assert.deepEqual(problems(permit('@id')), ['error 1:1 every policy needs a name'])
  assert.deepEqual(problems(permit('@id("")')), ['error 1:1 every policy needs a name'])
  assert.deepEqual(problems(permit('@id("a\\u{200b}")')), [
    'error 1:1 the @id is too long or holds invisible characters',
  ])
  assert.deepEqual(problems(permit('@id("a")') + permit('@id("a")')), [
    'error 1:46 another policy has the name “a” already',
  ])
  assert.deepEqual(problems(permit('@id("a") @id("b")')), ['error 1:10 duplicate annotation'])
})

test('annotations are known, well formed and have an effect', () => {
  const found = (annotations: string, scope = 'principal, action, resource', effect = 'permit') =>
    problems(`@id("a") ${annotations} ${effect}(${scope});`)
  assert.deepEqual(found('@rowfilter("x")'), ['error 1:10 the annotation @rowfilter is not known'])
  assert.deepEqual(found('@row_filter("a = 1")'), [])
  assert.deepEqual(found('@row_filter("a = 1; x")'), [
    'error 1:10 @row_filter must be one SQL condition with balanced parentheses, without ',
  ])
  assert.deepEqual(found('@row_filter'), [
    'error 1:10 @row_filter must be one SQL condition with balanced parentheses, without ',
  ])
  for (const wrong of ['0', '-1', '1.5', '1e3', '', '9999999999'])
    assert.deepEqual(found(`@row_limit("${wrong}")`), [
      'error 1:10 @row_limit must be a whole number from 1 to 999999999, written "1000"',
    ])
  assert.deepEqual(found('@audit("loud")'), ['error 1:10 @audit must be "strict" or "written"'])
  const connect = 'principal, action == Action::"connect", resource'
  assert.deepEqual(found('@row_filter("a")', connect), [
    'error 1:10 @row_filter has an effect only on policies for select, update or delete',
  ])
  assert.deepEqual(found('@row_limit("1")', connect), [
    'error 1:10 @row_limit has an effect only on policies for select',
  ])
  assert.deepEqual(found('@audit("strict")', connect, 'forbid'), [
    'error 1:10 @audit stands on a forbid, where it has no effect',
  ])
})

test('a filter cannot reach out of its parentheses', () => {
  for (const fit of ["a = 'x;--)'", 'a IN (1, (2))', `"co)l" = 'it''s'`, 'a\n= 1'])
    assert.equal(filterProblem(fit), undefined, fit)
  for (const unfit of [
    '',
    ' ',
    'a)',
    'a) OR (1=1',
    '((a)',
    'a -- b',
    'a /* b',
    'a */',
    'a;b',
    "a = 'x",
    '"a',
    "E'\\''",
    '$$a$$',
    'a\0',
    'x'.repeat(3000),
  ])
    assert.notEqual(filterProblem(unfit), undefined, unfit)
})

test('policies that can never hold are warned about', () => {
  const text = '@id("a") permit(principal, action == Action::"select", resource == Target::"shop");'
  const { problems: found } = language.check(text, 'en')
  assert.ok(found.length > 0 && found.every(({ severity }) => severity === 'warning'))
  assert.equal(language.compile(text, 1).version, 1)
})

test('templates and numbers that would be rounded are refused', () => {
  assert.match(problems('@id("a") permit(principal == ?principal, action, resource);').join(), /template/)
  assert.deepEqual(
    problems(permit('@id("a")', ' when { context.hour < 9007199254740993 }')),
    ['error 1:2 this policy cannot be decided exactly'].map(line => line.replace('1:2', '1:1')),
  )
})

test('what is too much to read is refused, and the next text is read as ever', () => {
  const when = (condition: string) => permit('@id("a")', ` when { ${condition} }`)
  const monsters = [
    '['.repeat(5000),
    `${'('.repeat(300)}true${')'.repeat(300)}`,
    `context${'.a'.repeat(4000)}`,
    `${'if true then true else '.repeat(2000)}true`,
    `${'1 + '.repeat(2400)}1 == 1`,
    `${'!'.repeat(3000)}true`,
    `"${'x'.repeat(2_000_000)}"`,
  ]
  for (const monster of monsters) {
    assert.ok(language.check(when(monster), 'en').problems.length > 0, monster.slice(0, 20))
    assert.throws(() => language.format(when(monster)))
    assert.deepEqual(problems(when('true')), [])
  }
})

test('of too many problems the errors are told, and a set of too many policies is refused', () => {
  const idle = Array.from({ length: 300 }, (_, at) => permit(`@id("${at}")`, ' when { false }')).join('\n')
  const found = problems(`${idle}\n${permit('')}`)
  assert.equal(found.length, 200)
  assert.equal(found.at(-1), 'error 301:2 every policy needs a name')
  assert.deepEqual(problems(';'.repeat(3000)), ['error 1:1 there are more than 2000 policies'])
})

test('random damage to a good text never throws', () => {
  const good = `@id("a") @row_filter("x = 'y'") permit(principal in Group::"g", action, resource) when { context.hour < 3 };`
  for (let at = 0; at < good.length; at += 1) {
    for (const sign of ['', '"', ')', '@', '\u0000', '\ud800', '//', ';']) {
      const { problems: found } = language.check(good.slice(0, at) + sign + good.slice(at + 1), 'ja')
      for (const { line, column } of found) assert.ok(line >= 1 && column >= 1)
    }
  }
})

test('the examples of the documentation are in order', () => {
  const page = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8')
  const examples = Array.from(page.matchAll(/```cedar\n([^]*?)```/g), ([, example = '']) => example).join(
    '\n',
  )
  assert.deepEqual(problems(examples), [])
  assert.equal(language.check(examples, 'en').meanings.length, 6)
})

test('our own findings come in both languages', () => {
  const [found] = language.check(permit(''), 'ja').problems
  assert.equal(found?.message, 'ポリシーには名前が必要です。前に @id("…") を書いてください')
})

test('common findings of Cedar are said in Japanese, the name that a policy has only here is said to nobody', () => {
  const say = (body: string, words: 'en' | 'ja') =>
    language.check(`@id("x") permit(principal, ${body};`, words).problems.map(({ message }) => message)
  assert.deepEqual(say('action == Action::"select", resource) when { context.nothing }', 'ja'), [
    'context に属性 nothing がありません。now のことでしょうか',
  ])
  assert.deepEqual(
    say('action == Action::"selekt", resource)', 'ja').filter(message => message.startsWith('操作')),
    ['操作 selekt はありません。select のことでしょうか'],
  )
  assert.match(
    say('action == Action::"connect", resource) when { context.hour == "a" }', 'en')[0] ?? '',
    /^the types Long and String are not compatible; both operands/,
  )
  for (const body of [
    'action, resource',
    'action)',
    'action, resource) when { }',
    'action, resource) when { 1 }',
  ])
    for (const message of say(body, 'ja')) assert.match(message, /[\u3040-\u30ff]/)
})
