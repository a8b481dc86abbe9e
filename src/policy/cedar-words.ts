// What Cedar finds, in Japanese where it is common; the rest stays in Cedar's own English.

import type { Language } from './policy.ts'

/** A finding is a sentence with advice behind it, divided by `; `: each is looked up by itself. `$1` … are names. */
const sentences: readonly (readonly [said: RegExp, japanese: string])[] = [
  [
    /^unable to find an applicable action given the policy scope constraints$/,
    'この範囲に当てはまる操作がありません',
  ],
  [
    /^policy is impossible: the policy expression evaluates to false for all valid requests$/,
    'このポリシーが成り立つことはありません',
  ],
  [/^unrecognized action `Action::"(.+)"`$/, '操作 $1 はありません'],
  [/^unrecognized entity type `(.+)`$/, 'エンティティの種類 $1 はありません'],
  [/^did you mean `Action::"(.+)"`\?$/, '$1 のことでしょうか'],
  [/^did you mean `(.+)`\?$/, '$1 のことでしょうか'],
  [
    /^did you mean to enclose `(.+)` in quotes to make a string\?$/,
    '文字列なら "$1" のように引用符で囲んでください',
  ],
  [/^attribute `(.+)` in context not found$/, 'context に属性 $1 がありません'],
  [/^attribute `(.+)` on entity type `(.+)` not found$/, '$2 に属性 $1 がありません'],
  [
    /^unable to guarantee safety of access to optional attribute `(.+)` on entity type `(.+)`$/,
    '$2 の属性 $1 は、ないことがあります',
  ],
  [
    /^unable to guarantee safety of access to optional attribute `(.+)` in context$/,
    'context の属性 $1 は、ないことがあります',
  ],
  [
    /^unable to guarantee safety of access to tag `(.+)` on entity type `(.+)`$/,
    '$2 のタグ $1 は、ないことがあります',
  ],
  [
    /^try testing for the (?:attribute|tag)'s presence with `(.+)`$/,
    '先に $1 のように、あることを確かめてください',
  ],
  [/^the types (.+) and (.+) are not compatible$/, '型 $1 と $2 は組み合わせられません'],
  [
    /^both operands to a `(.+)` expression must have compatible types\. Types must be exactly equal to be compatible$/,
    '$1 の両辺は同じ型にしてください',
  ],
  [
    /^elements of a set must have compatible types\. Types must be exactly equal to be compatible$/,
    '集合の要素は同じ型にしてください',
  ],
  [/^unexpected type: expected (.+) but saw (.+)$/, '型が違います（$1 が必要ですが、$2 です）'],
  [/^try using `(.+)` to examine the contents of a string$/, '文字列の内容を調べるには $1 を使ってください'],
  [/^try using `(.+)` to test for an entity type$/, 'エンティティの種類を調べるには $1 を使ってください'],
  [
    /^error during extension function argument validation: failed to parse as IP address: `(.+)`$/,
    'IP アドレスとして読めません: $1',
  ],
  [/^valid IP strings are (.+)$/, '127.0.0.1 や 10.0.0.0/8 のように書いてください'],
  [
    /^error during extension function argument validation: failed to parse as a (?:datetime|duration) value: `(.+)`$/,
    '日時または期間として読めません: $1',
  ],
  [/^valid datetime strings (.+)$/, '2027-01-01 や 2027-01-01T09:00:00Z のように書いてください'],
  [/^valid duration strings (.+)$/, '30m や 2h30m のように書いてください'],
  [/^`(.+)` is not a valid function$/, '関数 $1 はありません'],
  [/^`(.+)` is not a valid method$/, 'メソッド $1 はありません'],
  [/^unexpected end of input$/, '途中で終わっています'],
  [/^unexpected token `(.+)`$/, 'ここに $1 は書けません'],
  [/^expected (.+)$/, '次のいずれかが必要です: $1'],
  [/^this policy is missing the `(.+)` variable in the scope$/, 'このポリシーの括弧の中に $1 がありません'],
  [
    /^policy scopes must contain a `principal`, `action`, and `resource` element in that order$/,
    'principal、action、resource をこの順に書いてください',
  ],
  [/^found an invalid variable in the policy scope: (.+)$/, '括弧の中に $1 は書けません'],
  [/^`(when|unless)` condition clause cannot be empty$/, '$1 の条件が空です'],
  [/^invalid variable: (.+)$/, '$1 という変数はありません'],
  [
    /^the valid Cedar variables are `principal`, `action`, `resource`, and `context`$/,
    '使える変数は principal、action、resource、context です',
  ],
  [/^invalid token$/, '読み取れない文字があります'],
  [/^try checking that all strings are closed properly$/, '文字列の引用符が閉じているか確かめてください'],
  [/^try replacing `(.+)` with `(.+)` in the (.+) clause$/, '$3 の $1 を $2 に変えてみてください'],
  [/^invalid policy effect: (.+)$/, '$1 で始めることはできません'],
  [/^effect must be either `permit` or `forbid`$/, 'permit か forbid で始めてください'],
  [/^invalid policy condition: (.+)$/, '$1 という条件はありません'],
  [/^condition must be either `when` or `unless`$/, 'when か unless を使ってください'],
  [/^expected a static policy, got a template containing the slot (.+)$/, 'ひな形の穴 $1 は使えません'],
  [/^try removing the template slot\(s\) from this policy$/, '穴を取り除いてください'],
  [/^duplicate annotation: (.+)$/, '$1 が重複しています'],
  [/^'(.+)' is not a valid operator in Cedar$/, '$1 という演算子はありません'],
  [/^try using '(.+)' instead$/, '代わりに $1 を使ってください'],
  [/^integer parse error: .+$/, '整数が大きすぎます'],
  [/^empty set literals are forbidden in policies$/, '空の集合 [] は書けません'],
]

/** In English Cedar's words as they are, without the name that the policy has only here. */
export function cedarWords(language: Language, message: string): string {
  const plain = message.replaceAll(/for policy `p\d+`, /g, '')
  if (language === 'en') return plain
  const parts = plain.split('; ')
  return parts.map(inJapanese).join('。')
}

function inJapanese(sentence: string): string {
  for (const [said, japanese] of sentences) {
    const match = said.exec(sentence)
    if (match !== null) return japanese.replaceAll(/\$(\d)/g, (_, part: string) => match[Number(part)] ?? '')
  }
  return sentence
}
