// Words in Japanese: connect.

import type { Words } from '../words.ts'

export const connect: Words['connect'] = {
  title: '普段のツールで接続する',
  lead: '{{product}} に対応したツールならどれでも使えます。ユーザー名と、パスワードの代わりにトークンを入力してください。',
  psql: 'psql',
  mariadb: 'mariadb, mysql',
  dsn: 'DSN',
  jdbc: 'JDBC アドレス',
  form: 'DBeaver、DataGrip など',
  host: 'ホスト',
  port: 'ポート',
  database: 'データベース',
  user: 'ユーザー',
  password: 'パスワード',
  passwordIs: '自分のトークン',
  tls: 'TLS（SSL）',
  tlsRequire: 'require（必須）',
  makeToken: 'トークンを作成',
  tokenTitle: '{{name}} 用のトークン',
  tokenLead: 'トークンはツール用のパスワードです。本人だけが、期限まで使えます。',
  tokenLabel: '用途',
  tokenLabelHint: '例: ノートパソコンの DBeaver',
  tokenLife: '有効期間',
  tokenDays_other: '{{count}} 日間',
  tokenMade: 'トークン',
  tokenCommand: 'すぐに接続する',
  disabled: 'この接続先は無効になっています。管理者が「設定」で有効にできます。',
  fact: '項目',
  value: '値',
}
