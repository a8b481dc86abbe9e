// What policies mean, in plain English and Japanese.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPolicyLanguage } from './language.ts'
import { starterPolicies } from './starter-policies.ts'

const language = await createPolicyLanguage()

/** Every row: what follows the @id, the English, the Japanese. */
const golden: readonly (readonly [string, string, string])[] = [
  [
    'permit(principal, action, resource);',
    'Everybody may do everything on every target, hidden columns included.',
    'すべての利用者は、すべての接続先に対するすべての操作（隠された列の閲覧を含む）ができます。',
  ],
  [
    'permit(principal in Group::"analysts", action in [Action::"select"], resource in Target::"shop") when { context.hour < 18 };',
    'Members of the group analysts may read every table of shop, if the hour (UTC) is below 18.',
    'グループ analysts のメンバーは、時（UTC）が 18 未満である場合に限り、shop のすべてのテーブルの読み取りができます。',
  ],
  [
    'permit(principal in Group::"analysts", action == Action::"connect", resource == Target::"shop");',
    'Members of the group analysts may connect to shop.',
    'グループ analysts のメンバーは、shop への接続ができます。',
  ],
  [
    'permit(principal, action in [Action::"connect", Action::"select"], resource) when { principal.role == "administrator" };',
    'Administrators may connect to every target, and read every table.',
    '管理者は、すべての接続先への接続、すべてのテーブルの読み取りができます。',
  ],
  [
    'forbid(principal, action in Action::"write", resource in Schema::"shop/public") unless { principal in [Group::"dba", Group::"ops"] };',
    'Nobody may add rows to, change rows of or delete rows of any table of the schema public of shop, unless they are in the group dba or the group ops.',
    'すべての利用者には、グループ dba または グループ ops に属する場合を除き、shop のスキーマ public のすべてのテーブルに対する行の追加・行の変更・行の削除が禁止されます。',
  ],
  [
    'forbid(principal == User::"bob", action, resource in Target::"crm");',
    'bob may not do anything on crm, hidden columns included.',
    'bob には、crm に対するすべての操作（隠された列の閲覧を含む）が禁止されます。',
  ],
  [
    'forbid(principal in Group::"interns", action == Action::"delete", resource) when { !context.console && (context.weekday > 5 || context.hour >= 18) };',
    'Members of the group interns may not delete rows of any table, if they do not work in the console and (the weekday (UTC, Monday is 1) is above 5 or the hour (UTC) is at least 18).',
    'グループ interns のメンバーには、コンソールからではない、かつ（曜日（UTC、月曜が 1）が 5 より大きい、または時（UTC）が 18 以上である）場合、すべてのテーブルの行の削除が禁止されます。',
  ],
  [
    'permit(principal is User in Group::"hr", action == Action::"reveal", resource in Tag::"pii.email");',
    'Members of the group hr may see the columns tagged pii.email.',
    'グループ hr のメンバーは、タグ pii.email の付いた列の閲覧ができます。',
  ],
  [
    'permit(principal, action == Action::"reveal", resource == Column::"shop/public/customers/email") when { context has address && context.address.isInRange(ip("10.0.0.0/8")) };',
    'Everybody may see the column email of the table public.customers of shop, if the client address is in 10.0.0.0/8.',
    'すべての利用者は、クライアントのアドレスが 10.0.0.0/8 の範囲内である場合に限り、shop のテーブル public.customers の列 email の閲覧ができます。',
  ],
  [
    'permit(principal, action in [Action::"select", Action::"reveal"], resource is Table in Target::"shop");',
    'Everybody may read every table of shop.',
    'すべての利用者は、shop のすべてのテーブルの読み取りができます。',
  ],
  [
    'permit(principal, action in [Action::"define", Action::"select"], resource == Table::"shop/public/a%2Fb");',
    'Everybody may change the structure of and read the table public.a/b of shop.',
    'すべての利用者は、shop のテーブル public.a/b に対する構造の変更・読み取りができます。',
  ],
  [
    'permit(principal, action == Action::"select", resource) when { resource.hasTag("env") && ["dev", "demo"].contains(resource.getTag("env")) };',
    "Everybody may read every table, if the target's tag env is one of dev, demo.",
    'すべての利用者は、接続先のタグ env が dev、demo のどれかである場合に限り、すべてのテーブルの読み取りができます。',
  ],
  [
    'permit(principal, action == Action::"select", resource) when { resource.hasTag("env") && !(resource.getTag("env") == "prod") } unless { principal has email && principal.email like "*@example.com" };',
    "Everybody may read every table, if the target's tag env is not prod, unless their e-mail address matches “*@example.com”.",
    'すべての利用者は、接続先のタグ env が prod ではない場合に限り、メールアドレスが「*@example.com」に一致する場合を除き、すべてのテーブルの読み取りができます。',
  ],
  [
    'permit(principal, action == Action::"select", resource) when { context.now < datetime("2027-01-01") && resource.name != "salaries" };',
    'Everybody may read every table, if the time is before 2027-01-01 and its name is not salaries.',
    'すべての利用者は、現在時刻が 2027-01-01 より前である、かつ対象の名前が salaries ではない場合に限り、すべてのテーブルの読み取りができます。',
  ],
  [
    'permit(principal, action == Action::"select", resource) when { context.localHour >= 9 && context.localWeekday <= 5 && !context.reason };',
    'Everybody may read every table, if the hour (local) is at least 9 and the weekday (local, Monday is 1) is at most 5 and they give no reason.',
    'すべての利用者は、時（現地）が 9 以上である、かつ曜日（現地、月曜が 1）が 5 以下である、かつ理由が記入されていない場合に限り、すべてのテーブルの読み取りができます。',
  ],
  [
    '@disabled("true") permit(principal, action == Action::"connect", resource == Target::"shop");',
    'Switched off, so it decides nothing. Everybody may connect to shop.',
    '無効にされているため、何も決めません。すべての利用者は、shop への接続ができます。',
  ],
  [
    'permit(principal, action == Action::"select", resource) when { context.hour + 9 < 24 };',
    'Everybody may read every table, if “(context.hour + 9) < 24” holds.',
    'すべての利用者は、「(context.hour + 9) < 24」が成り立つ場合に限り、すべてのテーブルの読み取りができます。',
  ],
  [
    '@row_filter("region = \'EU\'") @row_limit("1000") @audit("strict") permit(principal, action == Action::"select", resource);',
    "Everybody may read every table. Only rows for which region = 'EU'. At most 1000 rows at a time. On record on disk before it is done.",
    "すべての利用者は、すべてのテーブルの読み取りができます。対象は region = 'EU' を満たす行だけです。一度に読めるのは最大 1000 行です。実行の前にディスクへ記録されます。",
  ],
  [
    'permit(principal, action == Action::"connect", resource in Table::"shop/public/orders");',
    'Everybody may do nothing that exists: none of the actions fits the resource.',
    'すべての利用者について、対象に当てはまる操作がないため、何も起こりません。',
  ],
]

for (const [text, en, ja] of golden) {
  test(`in plain words: ${text}`, () => {
    const meaning = (words: 'en' | 'ja') => language.check(`@id("x") ${text}`, words).meanings[0]?.meaning
    assert.equal(meaning('en'), en)
    assert.equal(meaning('ja'), ja)
  })
}

test('a meaning carries what the policy demands', () => {
  const text =
    '@id("x") @row_filter("a") @row_limit("7") @audit("strict") permit(principal, action, resource);'
  const [meaning] = language.check(text, 'en').meanings
  assert.deepEqual(
    { ...meaning, meaning: '' },
    { name: 'x', effect: 'permit', meaning: '', rowFilter: 'a', rowLimit: 7, strength: 'strict' },
  )
})

test('policies that can be read have a meaning beside those that cannot', () => {
  const { meanings } = language.check('@id("a") permit(principal, action, resource); @id("b") permit(', 'ja')
  assert.deepEqual(
    meanings.map(({ name }) => name),
    ['a'],
  )
})

test('no Japanese in English, no English sentence in Japanese', () => {
  for (const { meaning } of language.check(starterPolicies, 'en').meanings)
    assert.match(meaning, /^[\x20-\x7e]+$/)
  for (const { meaning } of language.check(starterPolicies, 'ja').meanings) assert.match(meaning, /。$/)
})
