// Words in Japanese: signIn.

import type { Words } from '../words.ts'

export const signIn: Words['signIn'] = {
  title: 'サインイン',
  welcome: '手形をお見せください',
  name: 'ユーザー名',
  password: 'パスワード',
  submit: 'サインイン',
  firstTime:
    '初めての方は、サーバーの起動時に表示された名前とパスワード、または管理者から受け取ったものを使ってください。',
  promiseMask: '機密の列は、データが元を離れる前に、問い合わせの段階で隠されます。',
  promiseAudit: '記録されずに通るものはありません。記録はここで確認できます。',
  showPassword: 'パスワードを表示',
}
