// Words in Japanese: home.

import type { Words } from '../words.ts'

export const home: Words['home'] = {
  title: 'ようこそ、{{name}} さん',
  lead: 'あなたに開かれている関所の道です。',
  attention: '対応が必要なこと',
  today: '今日',
  people: '人',
  chain: '監査記録は {{sequence}} 番まで書き込み済み、検索への未反映は {{waiting}} 件です。',
  searchConnections: '接続先を探す',
  showAll_other: '全 {{count}} 件を表示',
  noConnections: '接続先がまだありません',
  noneFound: '該当する接続先がありません',
  noneFoundHint: '文字を減らすか、データベース名の一部で探してください。',
  noConnectionsHint:
    'ポリシーで接続が許可されると、ここに表示されます。必要な接続先を管理者に伝えてください。',
  noConnectionsAdministrator:
    '最初のデータベースを追加しましょう。アドレスとアカウント、接続できる人を決めます。',
  toTargets: 'データベースを追加',
  openEditor: '開く',
  openEditorAt: '{{name}} を SQL エディターで開く',
  copyFor: '{{name}} への接続をプログラム用にコピー',
  makeToken: '{{name}} のトークンを作成',
  recent: '最近のクエリ',
  recentNone: 'ここや手元のプログラムで実行した文が表示されます。',
  requests: '自分の申請',
  requestsNone: '承認が必要な文を実行すると、申請と回答がここに表示されます。',
  request: '{{target}} への申請 {{number}} 番',
}
