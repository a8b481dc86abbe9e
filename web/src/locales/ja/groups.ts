// Words in Japanese: groups.

import type { Words } from '../words.ts'

export const groups: Words['groups'] = {
  title: 'グループ',
  lead: '権限はグループに与えます。人は入れ替わるものです。',
  add: 'グループを追加',
  search: 'グループを検索',
  members: 'メンバー',
  membersCount_other: '{{count}} 人',
  empty: 'グループがまだありません',
  emptyHint: '同じ仕事をする人のグループ（例: analysts）を作り、ポリシーで名前を指定してください。',
  edit: '{{name}} を編集',
  deleteTitle: '{{name}} を削除しますか？',
  deleteText: 'このグループに与えられた権限が、メンバーから失われます。',
  name: 'グループ名',
  pickMembers: '人を選ぶ',
}
