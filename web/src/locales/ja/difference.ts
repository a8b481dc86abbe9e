// Words in Japanese: difference.

import type { Words } from '../words.ts'

export const difference: Words['difference'] = {
  title: '変わること',
  none: '現在分かっている範囲では、だれにも変化はありません。',
  group: 'グループ {{name}}',
  user: '{{name}} さん',
  everybody: 'すべての利用者',
  administrators: '管理者',
  gains: '{{who}} は、{{where}} の {{actions}} ができるようになります。',
  gains_partly: '{{who}} は、場合により {{where}} の {{actions}} ができるようになります。',
  loses: '{{who}} は、{{where}} の {{actions}} ができなくなります。',
  loses_partly: '{{who}} は、場合により {{where}} の {{actions}} ができなくなります。',
  terms: '{{who}} が {{where}} で {{actions}} を行うときの要件が変わります:',
  sign_gains: '追加',
  sign_gains_partly: '一部追加',
  sign_loses: '削除',
  sign_loses_partly: '一部削除',
  sign_terms: '要件',
  tables_other: '{{count}} 個のテーブル',
  columns_other: '{{count}} 個の列',
  of: '{{target}} の {{what}}',
  columnsOf: '{{target}} の {{tables}}にある {{columns}}',
  comma: '、',
  more_other: 'ほか {{count}} か所',
  noTerms: '要件なし',
  added: '追加されたポリシー: {{names}}',
  removed: 'なくなるポリシー: {{names}}',
  changed: '変更されたポリシー: {{names}}',
  unknown: '次の接続先のテーブルは現在不明です: {{names}}',
  incomplete: '対象が多いため、一部だけを調べました。',
}
