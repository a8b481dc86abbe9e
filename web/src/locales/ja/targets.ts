// Words in Japanese: targets.

import type { Words } from '../words.ts'

export const targets: Words['targets'] = {
  title: '接続先',
  lead: 'このゲートウェイを通して利用できるデータベースです。',
  add: '接続先を追加',
  search: '名前、データベース、タグで検索',
  empty: '接続先がまだありません',
  emptyAdmin:
    'データベースサーバー（PostgreSQL、MySQL、MariaDB）を登録してください。専用のポートが割り当てられ、普段のツールで接続できます。',
  emptyUser:
    'データベースへの接続を許可するポリシーがまだありません。アカウントを発行した管理者に、必要なデータベースと理由を伝えてください。',
  askText:
    'Sekisho でデータベース … を使えるようにしてください。ユーザー名: {{name}}、グループ: {{groups}}。理由: ',
  askCopy: '管理者に送る依頼文をコピー',
  disabled: '無効',
  port: 'ポート {{port}}',
  openSql: 'SQL で開く',
  test: '接続をテスト',
  testing: 'テスト中…',
  testOk: '{{duration}}で接続しました',
  testOkDetail: '{{version}}、{{tls}}',
  testNoTls: 'TLS なし',
  testFailed: '接続できません',
  untested: '未テスト',
  tabConnect: '接続方法',
  tabTables: 'テーブル',
  tabSettings: '設定',
  created: '接続先を追加しました。',
  deleteTitle: '{{name}} を削除しますか？',
  deleteText: 'Sekisho を通した接続ができなくなり、列のタグも失われます。データベース自体は変わりません。',
  health: '接続状態',
}
