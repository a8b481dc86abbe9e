// Words in Japanese: sqlPlan.

import type { Words } from '../words.ts'

export const sqlPlan: Words['sqlPlan'] = {
  view: '実行計画の表示形式',
  tree: 'ツリーで表示',
  raw: 'テキストで表示',
  details: '処理の詳細',
  hottest: '最も負荷の高い処理',
  share_time: '棒: 各処理自体の時間',
  share_cost: '棒: 各処理自体の推定コスト',
  share_rows: '棒: 各処理の推定行数',
  rows: '{{rows}} 行',
  cost: 'コスト {{cost}}',
  noNumbers: 'グラフにできる数値がありません',
  noNumbersHint: 'グラフには数値の列が一つ以上必要です。',
  chartKind: 'グラフの種類',
  chart_bar: '棒',
  chart_line: '折れ線',
  chart_scatter: '散布図',
  across: '横軸の列',
  up: '縦軸の列',
  barsCut_other: '最初の {{count}} 本だけを表示しています',
}
