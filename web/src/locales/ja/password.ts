// Words in Japanese: password.

import type { Words } from '../words.ts'

export const password: Words['password'] = {
  changeTitle: 'パスワードの設定',
  changeLead: 'サインインに使ったパスワードは初回専用です。',
  current: '現在のパスワード',
  next: '新しいパスワード',
  again: '新しいパスワード（確認）',
  submit: 'パスワードを設定',
  ruleLength: '12 文字以上',
  ruleName: 'ユーザー名を含まない',
  ruleDifferent: '現在のものと異なる',
  ruleSame: '二つの入力が一致している',
  rulesHint: '複数の単語を並べると、覚えやすく推測されにくくなります。',
  changed: 'パスワードを変更しました。ほかのサインインは終了しました。',
  met: '満たしています',
  notMet: 'まだです',
}
