// Words in Japanese: rows before and after a change.

import type { Words } from '../words.ts'

export const snapshot: Words['snapshot'] = {
  title: '変更前後の行',
  kept_other: '変更前の {{count}} 行を保管しています',
  keptBoth_other: '変更前後の {{count}} 行を保管しています',
  open: '行を表示',
  openHint: '表示したことが記録されます。ポリシーで隠された列は隠れたままです。',
  column: '列',
  before: '変更前',
  after: '変更後',
  row: '{{number}} 行目',
  hidden: '非表示',
  gone: 'もうありません',
  notKept: '保管なし',
  more_other: 'ほかに {{count}} 行',
  restore: '元に戻す文をコピー',
  restoreHint: '実行する前に確認してください。その後の変更は反映されていません。',
  rowsMax: '変更前後の行を保管する',
  rowsMaxHint:
    'この行数までの UPDATE と DELETE について、暗号化して保管します。0 なら保管しません。該当する変更ではデータベースへの問い合わせが 2 回増えます。',
}
