// What is said about a policy that is not in order. For Cedar's own findings see cedar-words.ts.

import type { AnnotationProblem } from './obligation.ts'
import type { Language } from './policy.ts'

export type ProblemCode =
  | AnnotationProblem['code']
  | 'id-taken'
  | 'set-too-long'
  | 'set-too-many'
  | 'policy-too-long'
  | 'not-compilable'

const words: Readonly<Record<ProblemCode, Readonly<Record<Language, string>>>> = {
  'id-missing': {
    en: 'every policy needs a name: write @id("…") before it',
    ja: 'ポリシーには名前が必要です。前に @id("…") を書いてください',
  },
  'id-unfit': {
    en: 'the @id is too long or holds invisible characters',
    ja: '@id が長すぎるか、見えない文字を含んでいます',
  },
  'id-taken': {
    en: 'another policy has the name “{}” already: every @id must be unique',
    ja: '「{}」という名前のポリシーがすでにあります。@id は重複できません',
  },
  'unknown-annotation': {
    en: 'the annotation @{} is not known; there are @id, @description, @label, @disabled, @row_filter, @row_limit, @audit, @require_where, @require_reason, @read_only, @approval, @time_limit, @byte_limit, @rows_per_day, @bytes_per_day, @max_sessions and @idle_timeout',
    ja: 'アノテーション @{} はありません。使えるのは @id、@description、@label、@disabled、@row_filter、@row_limit、@audit、@require_where、@require_reason、@read_only、@approval、@time_limit、@byte_limit、@rows_per_day、@bytes_per_day、@max_sessions、@idle_timeout です',
  },
  'filter-unfit': {
    en: '@row_filter must be one SQL condition with balanced parentheses, without ; $ \\ and comments (found: {})',
    ja: '@row_filter には、括弧の対応が取れた SQL の条件を 1 つ書いてください。; $ \\ とコメントは使えません（該当: {}）',
  },
  'limit-unfit': {
    en: '@row_limit must be a whole number from 1 to 999999999, written "1000"',
    ja: '@row_limit は 1 から 999999999 までの整数を "1000" のように書いてください',
  },
  'audit-unfit': {
    en: '@audit must be "strict" or "written"',
    ja: '@audit は "strict" か "written" にしてください',
  },
  'forbid-demands': {
    en: '@{} stands on a forbid, where it has no effect: put it on the permits',
    ja: 'forbid に @{} を付けても効果がありません。permit に付けてください',
  },
  'filter-idle': {
    en: '@row_filter has an effect only on policies for select, update or delete',
    ja: '@row_filter が効くのは select、update、delete のポリシーだけです',
  },
  'limit-idle': {
    en: '@row_limit has an effect only on policies for select',
    ja: '@row_limit が効くのは select のポリシーだけです',
  },
  'true-unfit': {
    en: '@{} can only be "true": leave it out otherwise',
    ja: '@{} の値は "true" だけです。不要なら書かないでください',
  },
  'time-unfit': {
    en: '@{} must be a time up to a week, written "500ms", "30s", "15m" or "2h"',
    ja: '@{} は 1 週間以内の時間を "500ms"、"30s"、"15m"、"2h" のように書いてください',
  },
  'bytes-unfit': {
    en: '@{} must be a size, written "500kB", "100MB" or "2GB"',
    ja: '@{} は大きさを "500kB"、"100MB"、"2GB" のように書いてください',
  },
  'count-unfit': {
    en: '@{} must be a whole number from 1 to 999999999, written "1000"',
    ja: '@{} は 1 から 999999999 までの整数を "1000" のように書いてください',
  },
  'approvers-unfit': {
    en: '@{} must name the group whose members approve, or "administrators"',
    ja: '@{} には承認するグループの名前か "administrators" を書いてください',
  },
  'guard-idle': {
    en: 'this has no effect on what the policy permits; it belongs on policies for these actions: {}',
    ja: 'このポリシーが許可する操作には効果がありません。次の操作のポリシーに付けてください: {}',
  },
  'column-permit': {
    en: 'a permit for columns alone lets nobody read or write: permit the table, and forbid the columns that are to be left out',
    ja: '列だけを許可しても、読み書きはできません。テーブルを許可し、除きたい列を forbid してください',
  },
  'set-too-long': {
    en: 'the text is longer than {} characters',
    ja: 'テキストが {} 文字を超えています',
  },
  'set-too-many': {
    en: 'there are more than {} policies',
    ja: 'ポリシーが {} 個を超えています',
  },
  'policy-too-long': {
    en: 'this policy is too long or too deeply nested: split it into several',
    ja: 'このポリシーは長すぎるか、入れ子が深すぎます。いくつかに分けてください',
  },
  'not-compilable': {
    en: 'this policy cannot be decided exactly: {}',
    ja: 'このポリシーは正確に判定できません: {}',
  },
}

export function problemWords(language: Language, code: ProblemCode, detail: string): string {
  return words[code][language].replace('{}', () => detail)
}
