// Words in Japanese: rules.

import type { Words } from '../words.ts'

export const rules: Words['rules'] = {
  title: 'クエリルール',
  switch: 'ポリシーとクエリルールの切り替え',
  lead: 'ツールが自動で送る文のためのルールです。最初に当てはまったルールが適用されます。ポリシーにない許可を与えたり、隠された値を見せたりすることはありません。',
  none: 'ルールはありません。判定はポリシーだけで行い、すべての文を完全に記録します。',
  one: 'クエリルール',
  add: 'ルールを追加',
  saved: 'ルールの版 {{version}} が、開いているすべてのセッションで有効になりました。',
  name: '名前',
  taken: 'この名前のルールはすでにあります。',
  verdict: '動作',
  deny: '拒否',
  denyHint: '当てはまる文を拒否します。',
  allow: '追加の条件を免除',
  allowHint: 'ポリシーが求める絞り込み条件・理由・承認を、当てはまる文では求めません。',
  noise: 'ノイズとして集計',
  noiseHint:
    '形ごとにセッション内の最初の文だけを完全に記録し、残りは数だけを記録します。書き込む文や、隠された列に触れる文には適用されません。',
  match: '比較方法',
  pattern: 'パターン',
  patternHint: '文の形と比べます。* は任意の文字列です。大文字と小文字は区別しません。',
  shape: '文の形',
  shapeHint: '値を $1、$2 … に置き換えた文と、完全に一致するものです。',
  text: '本文の完全一致',
  textHint: '文のすべての文字が一致するものです。',
  statements: '対象の文',
  where: '適用先',
  everywhere: 'すべて',
  postgres: 'PostgreSQL',
  mysql: 'MySQL と MariaDB',
  note: 'このルールの理由',
  remove: '削除',
  take: '反映',
  raise: '上へ',
}
