// Words in Japanese: apiTokens.

import type { Words } from '../words.ts'

export const apiTokens: Words['apiTokens'] = {
  title: 'API トークン',
  lead: 'このゲートウェイを管理するコマンドラインやパイプライン用です。API だけに使え、データベースには接続できません。',
  add: 'API トークンを作成',
  empty: 'API トークンはありません',
  use: 'コマンドラインには SEKISHO_API_TOKEN として渡してください。',
  revokeSure: '「{{label}}」を使うプログラムは管理操作ができなくなります。',
}
