// What the server says of SSH jump hosts, in Japanese.

export const jumpSentences: readonly (readonly [said: RegExp, japanese: string])[] = [
  [
    /^the SSH jump host shows another host key than the one that was confirmed\. .+$/s,
    'SSH 踏み台のホスト鍵が確認済みのものと異なります。第三者が割り込んでいるおそれがあるため、何も送信していません。サーバーを作り直した場合は、新しい鍵を確認してください。',
  ],
  [
    /^the SSH jump host does not accept the user with this key or password\.$/,
    'SSH 踏み台がこのユーザーの鍵またはパスワードを受け付けません。',
  ],
  [/^the SSH jump host does not answer in time\.$/, 'SSH 踏み台から時間内に応答がありません。'],
  [
    /^the private key for the SSH jump host cannot be read\. .+$/,
    'SSH 踏み台用の秘密鍵を読み取れません。パスフレーズのない PEM または OpenSSH 形式で入力してください。',
  ],
  [
    /^the SSH jump host does not show the confirmed kind of host key, or knows only outdated methods\.$/,
    'SSH 踏み台が確認済みの種類のホスト鍵を示さないか、古い方式にしか対応していません。',
  ],
  [
    /^the SSH jump host does not permit forwarding to it \(.+\)\.$/,
    'SSH 踏み台が転送を許可していません（AllowTcpForwarding、PermitOpen）。',
  ],
  [
    /^the SSH jump host cannot reach it: .+$/,
    'SSH 踏み台から到達できません。踏み台から見たホストとポートを確認してください。',
  ],
  [/^the SSH jump host could not open the way to it\.$/, 'SSH 踏み台が経路を開けませんでした。'],
  [/^nothing listens at the address of the SSH jump host\.$/, 'SSH 踏み台のアドレスで待ち受けがありません。'],
  [/^the SSH jump host closed the connection\.$/, 'SSH 踏み台が接続を閉じました。'],
  [/^the SSH jump host cannot be reached from here\.$/, 'ここから SSH 踏み台に到達できません。'],
  [
    /^the name of the SSH jump host (?:is not known|cannot be looked up at the moment)\.$/,
    'SSH 踏み台の名前を解決できません。',
  ],
  [/^the connection to the SSH jump host failed\.$/, 'SSH 踏み台への接続に失敗しました。'],
  [/^no answer in time by way of the SSH jump host\.$/, 'SSH 踏み台の先から時間内に応答がありません。'],
  [
    /^jump: give the private key or the password for the jump host$/,
    'SSH 踏み台の秘密鍵またはパスワードを入力してください',
  ],
  [/^jump: .+$/, 'SSH 踏み台のホスト、ユーザー、確認済みのホスト鍵を入力してください'],
  [/^jumpSecret: .+$/, 'SSH 踏み台の秘密鍵は、パスフレーズのない PEM または OpenSSH 形式で入力してください'],
]
