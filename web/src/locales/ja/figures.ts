// Words in Japanese: figures of the audit.

import type { Words } from '../words.ts'

export const figures: Words['figures'] = {
  title: '集計',
  statements: '件の文',
  refused: '件の拒否',
  rows: '行',
  overTime: '時間ごとの文の数（赤は拒否）',
  most: '一度に最大 {{count}} 件',
  bucket: '{{from}}: 文 {{statements}} 件、拒否 {{refused}} 件、{{rows}} 行',
  span: '{{from}} から {{to}} まで',
  notAll: '一度に数えられる量を超えています。{{from}} 以降を数えました。',
  tables: 'テーブル',
  users: '利用者',
  policies: '拒否したポリシー',
  columns: '触れたマスク列',
  slowest: '最も遅い文',
  mean: '平均 {{mean}}、{{count}} 回',
  none: '該当なし',
}
