// Words in Japanese: tables.

import type { Words } from '../words.ts'

export const tables: Words['tables'] = {
  search: 'テーブルと列を検索',
  empty: 'テーブルがありません',
  emptyHint:
    '接続先のアカウントから見えるテーブルがありません。権限を確認するか、テーブルを作成してください。',
  pick: 'テーブルを選んでください',
  pickHint: '列と型、タグがここに表示されます。',
  column: '列',
  type: '型',
  tags: 'タグ',
  seen: '見え方',
  clear: 'そのまま',
  notNull: '空にならない',
  inherited: '親テーブルから継承',
  editTags: '{{column}} のタグを編集',
  pickTags: '{{column}} のタグ',
  tagged: '{{column}} のタグを保存しました。次の文から有効です。',
  noTags: 'タグなし',
  hiddenTitle: 'この列は隠されています',
  hiddenWhy:
    'この列には {{tags}} が付いており、そのまま見ることを許可するポリシーがありません。問い合わせは実行でき、マスクされた値に対して働きます。',
  hiddenAsk: '依頼のしかた',
  hiddenAskText: '{{target}} の {{column}} を見る許可をお願いします（タグ: {{tags}}）。理由: ',
  hiddenCopy: '管理者に送る依頼文をコピー',
  mask: 'マスク',
  example: '例',
  sensitive: 'ポリシーで許可されない限り隠されます',
  notSensitive: '目印のみで、何も隠しません',
  openInSql: 'このテーブルを問い合わせる',
  kind_table: 'テーブル',
  kind_partitioned: 'パーティションテーブル',
  kind_foreign: '外部テーブル',
  kind_view: 'ビュー',
  kind_materialized: 'マテリアライズドビュー',
  columns_other: '{{count}} 列',
  hiddenCount: '{{count}} 列が非表示',
  list: 'テーブル',
}
