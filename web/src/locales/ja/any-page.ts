// Words that any page may need, in Japanese.

import type { Words } from '../words.ts'

export const common: Words['common'] = {
  save: '保存',
  cancel: 'キャンセル',
  close: '閉じる',
  delete: '削除',
  edit: '編集',
  copy: 'コピー',
  copied: 'コピーしました',
  retry: '再試行',
  search: '検索',
  clear: 'クリア',
  name: '名前',
  description: '説明',
  none: 'なし',
  never: 'なし',
  all: 'すべて',
  yes: 'はい',
  no: 'いいえ',
  saved: '保存しました',
  optional: '任意',
  noMatch: '該当するものがありません',
  noMatchHint: '文字を減らすか、別の言葉でお試しください。',
  shownOnce: '今すぐコピーしてください。表示されるのは一度だけで、あとから確認することはできません。',
  done: '完了',
  actions: '操作',
  sure: 'よろしいですか？',
  address: 'アドレス',
  administratorsOnly: 'このページは管理者用です',
  administratorsOnlyHint: 'ここでの操作が必要な場合は、管理者に依頼してください。',
}
