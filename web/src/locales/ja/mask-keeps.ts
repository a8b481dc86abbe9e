// Words in Japanese: maskKeeps.

import type { Words } from '../words.ts'

export const maskKeeps: Words['maskKeeps'] = {
  email: '文字列の最初の 1 文字とトップレベルドメインが残ります。',
  phone: '7 桁以上の番号の下 2 桁が残ります。',
  card: '12 桁以上の番号の下 4 桁が残ります。',
  name: '文字列の最初の 1 文字が残ります。',
  date: '日付または日時の年が残ります。',
  number: '何も残りません。すべて NULL になります。',
  null: '何も残りません。すべて NULL になります。',
  constant: '何も残りません。文字列は ***、ほかの型は NULL になります。',
  hash: '値が等しいかどうかだけが残り、結合や集計ができます（文字列、整数、UUID、バイト列のみ）。',
}
