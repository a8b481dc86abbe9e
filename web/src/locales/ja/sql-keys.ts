// Words in Japanese: sqlKeys.

import type { Words } from '../words.ts'

export const sqlKeys: Words['sqlKeys'] = {
  title: 'SQL エディターのキー',
  run: '選択範囲、またはカーソル位置の文を実行',
  runAll: 'すべて実行',
  stop: '実行を停止',
  explain: '実行計画を表示',
  format: '選択範囲または全体を整形',
  complete: '名前を補完',
  save: 'クエリーとして保存',
  newTab: '新しいタブ',
  closeTab: 'タブを閉じる',
  switchTab: 'タブを切り替える',
  commit: 'コミット',
  rollback: 'ロールバック',
  panels: '履歴、保存したクエリー、ジョブ',
  places: 'オブジェクト、エディター、結果を順に移動',
  cell: '結果で: セルの値をすべて表示',
  openRows: 'オブジェクトで: テーブルの行を開く',
}
