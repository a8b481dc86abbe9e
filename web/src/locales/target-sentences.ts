// What the server says of targets that it cannot reach or log in to, in Japanese.

export const targetSentences: readonly (readonly [said: RegExp, japanese: string])[] = [
  [/^its host name is not known\. Check the host\.$/, 'ホスト名が見つかりません。ホストを確認してください。'],
  [
    /^nothing listens on this port\. Check port and whether the server runs\.$/,
    'このポートで待ち受けがありません。ポートとサーバーの動作を確認してください。',
  ],
  [/^there is no way to this host from here\.$/, 'ここからこのホストに到達できません。'],
  [/^the connection failed \((.+)\)\.$/, '接続に失敗しました（$1）。'],
  [/^TLS failed \((.+)\)\.$/, 'TLS の確立に失敗しました（$1）。'],
  [/^account or password is wrong\.$/, 'アカウントまたはパスワードが正しくありません。'],
  [
    /^the account may not log in from here \(see pg_hba\.conf of the target, or its TLS mode\)\.$/,
    'このアカウントはここからログインできません（接続先の pg_hba.conf または TLS の設定を確認してください）。',
  ],
  [/^the database does not exist\.$/, 'データベースが存在しません。'],
  [/^the account may not connect to the database\.$/, 'このアカウントはデータベースに接続できません。'],
  [/^it has no free connections at the moment\.$/, '現在空いている接続がありません。'],
  [/^it is starting up or shutting down\.$/, '起動中または停止処理中です。'],
  [/^it answered with error (\S+)\.$/, 'エラー $1 が返されました。'],
  [
    /^it asks for the password in clear over a connection without TLS\.$/,
    'TLS のない接続で平文のパスワードを求めています。',
  ],
  [/^The target could not be tried\.$/, '接続先を試せませんでした。'],
]
