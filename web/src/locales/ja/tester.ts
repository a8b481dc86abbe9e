// Words in Japanese: tester.

import type { Words } from '../words.ts'

export const tester: Words['tester'] = {
  title: '試してみる',
  lead: 'それぞれの文がどうなるかを表示します。接続先には何も送らず、試したことだけが記録されます。',
  user: 'ユーザー',
  target: '接続先',
  under: '判定に使うポリシー',
  draft: '下書き',
  inForce: '有効な版',
  statements: '文',
  hint: '1 つ以上の文をセミコロンで区切ります。Ctrl-Enter で試せます。',
  run: '試す',
  result: '結果',
  passed: '通過',
  stopped: '拒否',
  turnedAway: '接続不可',
  approval: '承認が必要: {{names}}',
  counted: 'ノイズとして集計',
  hidden: 'マスクされる列',
  guards: '上限・行の条件',
  by: '判定したポリシー: {{names}}',
  decidedBy: '判定したポリシー',
  rule: 'クエリルール',
  shape: '形',
  sent: '接続先に送る文',
  unchanged: 'そのまま',
}
