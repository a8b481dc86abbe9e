// Words in Japanese: tags.

import type { Words } from '../words.ts'

export const tags: Words['tags'] = {
  title: '列のタグ',
  lead: '何が列を機密にするか、見る許可のない人に値の何が残るかを定めます。',
  add: 'タグを定義',
  edit: '{{name}} を編集',
  name: 'タグ',
  nameHint: 'a-z、0-9、_、- の語をドットで区切ります。例: pii.passport',
  taken: 'この名前のタグはすでにあります。',
  effect: '隠し方',
  mask: 'マスク',
  sensitive: 'このタグの付いた列を隠す',
  sensitiveHint: 'ポリシーで見ることを許可された人を除きます。',
  revealWarning:
    '次の文から、テーブルを読める人すべてに、このタグの付いた列がそのまま見えます（ほかのタグで隠される列を除く）。',
  saved: 'タグ {{name}} を保存しました。次の文から有効です。',
}
