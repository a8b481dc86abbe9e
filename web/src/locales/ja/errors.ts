// Words in Japanese: errors.

import type { Words } from '../words.ts'

export const errors: Words['errors'] = {
  sign_in_failed: 'ユーザー名またはパスワードが正しくありません。',
  sign_in_locked:
    '失敗が続いたためロックされました。{{detail}} 分後に再度お試しいただくか、管理者に解除を依頼してください。',
  sign_in_rate_limited: 'このアドレスからの試行が多すぎます。1 分待ってからお試しください。',
  sign_in_disabled: 'このアカウントは無効になっています。管理者にお問い合わせください。',
  sign_in_required: 'サインインしてください。',
  password_weak: 'パスワードの強度が足りません: {{detail}}',
  password_must_change: '先にご自身のパスワードを設定してください。',
  request_invalid: '入力内容を確認してください: {{detail}}',
  request_forbidden: 'この操作は許可されていません。管理者に権限を依頼してください。',
  request_forged: 'この画面からの要求と確認できませんでした。再読み込みしてからお試しください。',
  not_found: '見つかりません: {{detail}}。削除された可能性があります。',
  conflict: 'すでに存在するか、ほかの人が変更しました: {{detail}}。再読み込みしてからお試しください。',
  token_invalid: 'トークンが正しくないか、期限切れか、この接続先用ではありません。新しく作成してください。',
  connect_denied: 'この接続先への接続を許可するポリシーがありません。管理者にアクセスを依頼してください。',
  statement_denied: 'ポリシーで許可されていません: {{detail}}',
  statement_unreadable: 'この文を確実に読み取れませんでした: {{detail}}',
  statement_needs_reason: '実行する理由が必要です: {{detail}}',
  statement_needs_approval: 'この文の実行には承認が必要です: {{detail}}',
  statement_stopped: '文を停止しました: {{detail}}',
  statement_unsafe: '隠されたデータが見えるおそれがあるため、実行しませんでした: {{detail}}',
  audit_unavailable:
    '現在記録できないため、実行しませんでした。1 分後に再試行するか、管理者に知らせてください。',
  target_unreachable: '接続先に到達できません: {{detail}}',
  target_login_failed: '接続先が Sekisho のアカウントを受け付けませんでした: {{detail}}',
  target_schema_unavailable: '接続先のテーブルを読み取れないため、何も通せません: {{detail}}',
  protocol_violation: '許可されていない通信がありました: {{detail}}',
  protocol_unsupported: '対応していません: {{detail}}',
  limit_exceeded: '上限に達しました: {{detail}}',
  session_ended: 'セッションが終了しました: {{detail}}',
  server_draining: 'サーバーが停止処理中です。しばらくしてからお試しください。',
  internal: 'サーバー側で問題が起きました。管理者はログの {{detail}} で詳細を確認できます。',
  unreachable: 'サーバーが応答しません。ネットワークを確認してから再試行してください。{{detail}}',
}
