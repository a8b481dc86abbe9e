// Words in Japanese: app.

import type { Words } from '../words.ts'

export const app: Words['app'] = {
  name: 'Sekisho',
  tagline: '人とデータのあいだの関所。',
  skip: '本文へ移動',
  loading: '読み込み中…',
  notFound: 'ページが見つかりません',
  notFoundHint: 'アドレスが古いか、誤っている可能性があります。',
  goHome: '接続先の一覧へ',
  crashed: 'このページで問題が起きました',
  crashedHint: 'ページを再読み込みしてください。繰り返す場合は、直前の操作を管理者に伝えてください。',
  reload: '再読み込み',
}
