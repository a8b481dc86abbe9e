// Words in Japanese: devices.

import type { Words } from '../words.ts'

export const devices: Words['devices'] = {
  title: '自分の端末',
  titleAll: '端末',
  lead: 'ユーザーエージェントでサインインしたコンピューターです。端末ごとに固有の鍵があり、1 台だけを失効できます。',
  empty: '端末がまだありません',
  emptyHint:
    '手元のコンピューターでこのコマンドを実行してサインインすると、トークンなしでツールから接続できます。',
  name: '端末',
  user: 'ユーザー',
  system: 'システム',
  signedIn: 'サインイン',
  until: '有効期限',
  lastSeen: '最終利用',
  revoke: '失効',
  revokeSure: '{{user}} の「{{name}}」の接続はすべて直ちに切断され、再度サインインが必要になります。',
  revoked: '端末を失効しました。',
  fingerprint: 'このサーバーのフィンガープリント',
  fingerprintHint: '最初のサインインでユーザーエージェントに表示されます。同じであることを確認してください。',
  allowTitle: 'この端末を許可しますか？',
  allowLead: 'プログラムが、あなたの名前で、あなたが利用できるすべての接続先に接続しようとしています。',
  allowWarning: 'たった今、自分で始めたサインインの場合にのみ許可してください。',
  address: 'アドレス',
  yours: 'サインイン中のユーザー',
  allow: 'この端末を許可',
  refuse: '許可しない',
  allowed: '端末がサインインしました',
  allowedHint: 'このページを閉じて、ターミナルに戻ってください。',
  refused: '端末は許可されませんでした',
  refusedHint:
    '自分で始めたサインインでなければ、誰かがあなたになりすまそうとしています。管理者に連絡してください。',
  codeTitle: '端末のサインイン',
  codeLead: '端末に表示されているコードを入力してください。',
  code: 'コード',
  next: '次へ',
  broken: 'アドレスが不完全です。端末でやり直してください: sekisho login',
}
