// Words in Japanese: what needs an administrator's attention. `next_…` says what to do about it.

import type { Words } from '../words.ts'

export const attention: Words['attention'] = {
  title: '対応が必要な項目',
  none: '対応が必要な項目はありません。',
  level_urgent: '緊急',
  level_soon: 'まもなく',
  level_notice: '確認推奨',
  'audit.unwritable_other': '監査を書き込めません',
  'next_audit.unwritable':
    '書き込めるまで何も通しません。データフォルダーのディスクとサーバーのログを確認してください。',
  'storage.unwritable_other': 'サーバーデータベースに書き込めません',
  'next_storage.unwritable': '動作しているか、ディスクに空きがあるか確認してください。',
  'port.closed_other': '{{count}} 個のポートを開けませんでした',
  'next_port.closed': '別のプログラムが使用している可能性があります。理由は各行を参照してください。',
  'target.unreachable_other': '{{count}} 件の接続先に接続できません',
  'next_target.unreachable': '動作しているか、ホスト、ポート、アカウント、証明書を確認してください。',
  'request.waiting_other': '{{count}} 件の申請があなたの判断を待っています',
  'next_request.waiting': '判断されるまで申請者は先に進めません。',
  'certificate.ending_other': '{{count}} 件の証明書がまもなく期限切れです',
  'next_certificate.ending': '期限を過ぎると接続が拒否されます。その前に更新してください。',
  'token.ending_other': '使用中のトークン {{count}} 件がまもなく期限切れです',
  'next_token.ending': '所有者が「自分のトークン」で新しく作成します。',
  'limit.near_other': '{{count}} 個の上限に近づいています',
  'next_limit.near': '上限は設定で変更できます: docs/configuration.md',
  'audit.waiting_other': '監査記録 {{count}} 件が転送待ちです',
  'next_audit.waiting':
    '記録はジャーナルに揃っていますが、画面への反映が遅れます。サーバーデータベースの負荷を確認してください。',
  'server.silent_other': '{{count}} 台のサーバーから応答がありません',
  'next_server.silent': '動作しているか確認してください。',
  'user.locked_other': '{{count}} 人がロックされています',
  'next_user.locked': 'パスワードを何度も間違えたためです。本人であれば解除してください。',
  'tag.no-policy_other': '{{count}} 個のタグの列が全員に対して隠されています',
  'next_tag.no-policy':
    '開示するポリシーがありません。これは安全な状態です。必要な人がいれば「reveal」を含むポリシーを書いてください。',
  'user.no-group_other': '{{count}} 人がどのグループにも属していません',
  'next_user.no-group': 'グループに対するポリシーは適用されません。',
}
