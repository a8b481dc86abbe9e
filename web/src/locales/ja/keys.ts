// Words in Japanese: keys.

import type { Words } from '../words.ts'

export const keys: Words['keys'] = {
  title: 'キーボード操作',
  search: '検索欄へ移動',
  close: '開いているものを閉じる',
  leaveEditor: 'キーボードでエディターから出る',
  leaveEditorKeys: 'Esc のあとに Tab',
  copyCells: '選択したセルをコピー',
  help: 'この一覧を表示',
  palette: 'ページ、接続先、人、操作を探す',
}
