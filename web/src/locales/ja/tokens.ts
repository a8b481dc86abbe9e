// Words in Japanese: tokens.

import type { Words } from '../words.ts'

export const tokens: Words['tokens'] = {
  title: 'トークン',
  lead: 'ツール用のパスワードです。いつでも取り消せます。',
  add: 'トークンを作成',
  empty: 'トークンがまだありません',
  emptyHint:
    'トークンがあれば、psql や DBeaver、自作のプログラムから自分の名前で接続できます。ここか、接続先のページで作成できます。',
  label: '用途',
  targets: '使える接続先',
  allTargets: '利用できるすべての接続先',
  targetsHint: '選ばない場合は、利用できるすべての接続先',
  created: '作成',
  expires: '期限',
  expired: '期限切れ',
  lastUsed: '最終利用',
  revoke: '取り消す',
  revokeSure: '「{{label}}」を使うプログラムは接続できなくなります。',
  revoked: 'トークンを取り消しました。',
}
