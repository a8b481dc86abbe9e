// Words in Japanese: mask.

import type { Words } from '../words.ts'

export const mask: Words['mask'] = {
  email: 'メール',
  phone: '電話番号',
  card: 'カード（下 4 桁）',
  name: '氏名',
  date: '年のみ',
  number: '数値（NULL）',
  null: 'NULL',
  constant: '固定値',
  hash: '鍵付きハッシュ',
}
