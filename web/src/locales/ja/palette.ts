// Words in Japanese: palette.

import type { Words } from '../words.ts'

export const palette: Words['palette'] = {
  title: '移動と操作',
  placeholder: 'ページ、接続先、人、保存したクエリ、操作…',
  none: '該当するものがありません。文字を減らしてみてください。',
  page: 'ページ',
  action: '操作',
  target: '接続先',
  openSql: 'SQL エディターで開く',
  person: '人',
  saved: '保存したクエリ',
  newTarget: '接続先を追加',
  newPolicy: 'ポリシーを書く',
  newToken: 'トークンを作成',
  refused: '拒否されたものを表示',
  themeLight: '明るい表示にする',
  themeDark: '暗い表示にする',
  themeAuto: 'システムに合わせた表示にする',
  language: '言語: {{language}}',
  tour: '最初の案内をもう一度見る',
}
