// Words in Japanese: nav.

import type { Words } from '../words.ts'

export const nav: Words['nav'] = {
  label: 'メイン',
  work: '作業',
  administration: '管理',
  own: '自分の設定',
  home: 'ホーム',
  palette: '検索',
  targets: '接続先',
  sql: 'SQL',
  requests: '申請',
  requestsWaiting_other: '{{count}} 件の申請が承認待ちです',
  sessions: 'セッション',
  audit: '監査記録',
  users: 'ユーザー',
  groups: 'グループ',
  health: '稼働状況',
  reach: '到達範囲',
  policies: 'ポリシー',
  tags: '列のタグ',
  tokens: 'トークン',
  devices: '端末',
  profile: 'プロフィール',
  signOut: 'サインアウト',
  narrow: 'メニューを狭くする',
  widen: 'メニューを広げる',
  keys: 'キーボード操作',
  version: 'バージョン {{version}}',
}
