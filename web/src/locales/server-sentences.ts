// The sentences that the server says in English, with their Japanese.

import { jumpSentences } from './jump-sentences.ts'
import { snapshotSentences } from './snapshot-sentences.ts'
import { targetSentences } from './target-sentences.ts'

/** `$1`, `$2` … are names: of tables, columns, tags, people. */
export const sentences: readonly (readonly [said: RegExp, japanese: string])[] = [
  // Refusals: what is hidden.
  [
    /^"(.+)" is hidden from you(?: \((.+)\))?, so it cannot decide what is changed\.$/,
    '「$1」は隠されているため、変更する行を選ぶ条件には使えません。',
  ],
  [
    /^"(.+)" is hidden from you, so it cannot be written elsewhere or decide what is written\.$/,
    '「$1」は隠されているため、別の場所に書き込むことも、書き込む内容を決めることもできません。',
  ],
  [
    /^"(.+)" is hidden from you(?: \((.+)\))? and part of a key: writing it would show which values exist\.$/,
    '「$1」は隠されたキーの一部です。書き込むと、どの値が存在するかが分かってしまいます。',
  ],
  [
    /^"(.+)" refers to "(.+)", which is hidden from you: writing it would show which values exist\.$/,
    '「$1」は隠された「$2」を参照しています。書き込むと、どの値が存在するかが分かってしまいます。',
  ],
  [
    /^The function "(.+)" could show values that are hidden from you, so it is not let through\.$/,
    '関数「$1」は隠された値を見せるおそれがあるため、通せません。',
  ],
  [
    /^The (operator|cast) (.+) calls a routine that could show hidden values, so it is not let through\.$/,
    '$2 は隠された値を見せるおそれのある処理を呼ぶため、通せません。',
  ],
  [
    /^The materialized view "(.+)" was computed from values that are hidden from you\.$/,
    'マテリアライズドビュー「$1」は、隠された値から計算されています。',
  ],
  [
    /^The view "(.+)" reads what is hidden from you, so rows cannot be changed through it\.$/,
    'ビュー「$1」は隠された値を読むため、ビューを通した行の変更はできません。',
  ],
  [
    /^"(.+)" is a view that reads what is hidden from you\.$/,
    '「$1」は隠された値を読むビューです。COPY では読み出せません。',
  ],
  [/^The view "(.+)" is not let through\.$/, 'ビュー「$1」は通せません。'],
  [
    /^Something of "(.+)" is hidden from you, so (.+) on it is not let through\.(?: Ask an administrator\.)?$/,
    '「$1」には隠された部分があるため、$2 は通せません。',
  ],
  [
    /^Triggers or rules of "(.+)" could (?:copy|read) what is hidden from you.*$/,
    '「$1」のトリガーまたはルールが隠された値に触れるおそれがあるため、行を変更できません。',
  ],
  [
    /^(.+) is not let through for you, because some columns of this database are hidden from you\.$/,
    'このデータベースには隠された列があるため、$1 は通せません。',
  ],
  [
    /^What would be stored contains columns or rows that are hidden from you\.$/,
    '保存しようとした内容に、隠された列または行が含まれています。',
  ],
  [
    /^The plan of a statement that reads hidden columns tells about their values\.$/,
    '隠された列を読む文の実行計画からは、値について分かることがあります。',
  ],
  [
    /^(.+) may not (connect to|administer|change the structure of|read|add rows to|change rows of|delete rows of|export|see hidden columns of|call routines of|import into) (\S+): no policy permits “(.+)” on it\.$/,
    '$3 に対する「$4」を $1 に許可するポリシーがありません。',
  ],
  [
    /^(.+) may not .+ (\S+): the polic(?:y|ies) (.+) forbids? “(.+)” on it\.$/,
    '$2 に対する「$4」は、ポリシー $3 で禁止されています。',
  ],
  // Refusals: what somebody must approve or give a reason for.
  [
    /^The policy “(.+)” wants this statement approved by an administrator\.$/,
    'ポリシー「$1」により、この文には管理者の承認が必要です。',
  ],
  [
    /^The policy “(.+)” wants this statement approved by somebody of the group “(.+)”\.$/,
    'ポリシー「$1」により、この文にはグループ「$2」の承認が必要です。',
  ],
  [
    /^It is request #(\d+); see it in the console under Requests\. Run exactly this statement again once it is approved\.$/,
    '申請番号は $1 です。「申請」の画面で確認できます。承認されたら、まったく同じ文をもう一度実行してください。',
  ],
  [/^(.+) refused request #(\d+) for this statement\.$/, '$1 さんがこの文の申請 $2 を却下しました。'],
  [/^There is a plan of a single statement only\.$/, '実行計画を問い合わせられるのは、1 つの文だけです。'],
  [/^Ask them why\.$/, '理由は本人に確認してください。'],
  [/^The policy “(.+)” wants to know why\.$/, 'ポリシー「$1」により、実行する理由が必要です。'],
  [
    /^Begin the statement with a comment that says why you run it, for instance: (.+)$/,
    '理由を書いたコメントを文の先頭に付けてください。例: $1',
  ],
  [/^The statement was stopped: it was stopped in the console$/, '文は画面から停止されました。'],
  [/^Your session was ended: it was ended in the console$/, 'セッションは画面から終了されました。'],
  [
    /^This would change every row of a table, and the policy “(.+)” wants a condition\.$/,
    'テーブルのすべての行が変わります。ポリシー「$1」は絞り込み条件を求めています。',
  ],
  [
    /^Add a WHERE that leaves rows out, or ask an administrator\.$/,
    '行を絞り込む WHERE を付けるか、管理者に依頼してください。',
  ],
  [
    /^The policy “(.+)” permits reading only here, and this statement does more\.$/,
    'ポリシー「$1」で許可されているのは読み取りだけです。この文はそれ以外のことをします。',
  ],
  [/^Ask an administrator for the right to\.$/, '権限が必要な場合は、管理者に依頼してください。'],
  [
    /^The query rule “(.+)” does not let this statement through\.$/,
    'クエリルール「$1」により、この文は通せません。',
  ],
  [
    /^A limit was reached: what the policy “(.+)” permits to take from this target in a day is used up\.$/,
    'ポリシー「$1」で 1 日に取り出せる量を使い切りました。',
  ],
  [/^Try again tomorrow, or ask an administrator\.?$/, '明日もう一度試すか、管理者に依頼してください。'],
  [
    /^The statement was stopped: it ran for (.+), the longest that the policy “(.+)” permits$/,
    'ポリシー「$2」の上限 $1 を超えたため、文を止めました。',
  ],
  [
    /^The statement was stopped: its result is larger than (.+), the most that the policy “(.+)” permits$/,
    '結果がポリシー「$2」の上限 $1 を超えたため、文を止めました。',
  ],
  [
    /^The statement was stopped: what the policy “(.+)” permits to take from this target in a day is used up\.$/,
    'ポリシー「$1」で 1 日に取り出せる量を使い切ったため、文を止めました。',
  ],
  [
    /^Your session was ended: there was no statement for (.+), and the policy “(.+)” ends it then$/,
    '$1 のあいだ文がなかったため、ポリシー「$2」によりセッションを終了しました。',
  ],
  // Refusals: what cannot be read.
  [
    /^The statement could not be read: (.+)$/s,
    '文を読み取れませんでした（PostgreSQL の文法によるメッセージ: $1）',
  ],
  [/^The statement could not be rewritten with certainty\.$/, '文を確実に書き換えることができませんでした。'],
  [/^This kind of statement is not let through(?: \((.+)\))?\.$/, 'この種類の文は通せません。'],
  [
    /^There is no (?:column|table|relation) "(.+?)".* that Sekisho knows of\.$/,
    '「$1」は Sekisho の知る限り存在しません。',
  ],
  [/^The table "(.+)" was made a moment ago\.$/, 'テーブル「$1」は作られたばかりです。'],
  [
    /^DO blocks cannot be looked into, so they are not let through\.$/,
    'DO ブロックの中身は確認できないため、通せません。',
  ],
  [
    /^COPY with files or programs of the server is not let through\.$/,
    'サーバー上のファイルやプログラムを使う COPY は通せません。',
  ],
  // What to do instead.
  [
    /^Choose the rows by other columns, or ask an administrator for reveal on it\.$/,
    'ほかの列で行を選ぶか、この列を見る許可を管理者に依頼してください。',
  ],
  [
    /^Leave (?:it|them|the hidden columns) out(?:, or ask an administrator for reveal on .+| of it)?\.$/,
    '該当する部分を外すか、見る許可を管理者に依頼してください。',
  ],
  [/^Ask an administrator for reveal on it\.$/, 'この列を見る許可を管理者に依頼してください。'],
  [/^Ask an administrator(?: to do it, or for reveal)?\.$/, '管理者に依頼してください。'],
  [/^Ask an administrator for the right to .+\.$/, '権限が必要な場合は、管理者に依頼してください。'],
  [/^Query its tables instead\.$/, '代わりに元のテーブルを問い合わせてください。'],
  [/^Use COPY \(SELECT …\)\.$/, 'COPY (SELECT …) を使ってください。'],
  [/^Write it in a simpler form\.$/, 'より簡単な形で書いてください。'],
  [/^Send the statements themselves\.$/, '文をそのまま送ってください。'],
  [/^Try again in a minute\.$/, '1 分後に再試行してください。'],
  // Errors of the database, told without values.
  [
    /^The details are not shown because the statement touches hidden columns\.$/,
    '隠された列に触れる文のため、詳細は表示しません。',
  ],
  [
    /^The statement is not valid: syntax, a name, a type, or a missing right of the account at the target\.$/,
    '文が正しくありません。構文、名前、型、または接続先でのアカウントの権限を確認してください。',
  ],
  [/^A value cannot be used in this way \(.+\)\.$/, '値をこのようには使えません（変換、範囲、除算、書式）。'],
  [/^A constraint of a table is violated\.$/, 'テーブルの制約に反しています。'],
  [
    /^A sub-query gave more than one row, or a column count does not fit\.$/,
    '副問い合わせが複数行を返したか、列の数が合いません。',
  ],
  [
    /^The transaction was rolled back; run it again\.$/,
    'トランザクションは取り消されました。もう一度実行してください。',
  ],
  [/^The transaction is not in the state that this needs\.$/, 'トランザクションの状態が合っていません。'],
  [
    /^The target was asked to stop the statement or the connection\.$/,
    '文または接続を止めるよう接続先に要求されました。',
  ],
  [/^A limit of the target was exceeded\.$/, '接続先の上限を超えました。'],
  [/^The target is short of resources\.$/, '接続先の資源が不足しています。'],
  [/^A routine at the target raised an error\.$/, '接続先の処理がエラーを起こしました。'],
  [/^The target reported an error\.$/, '接続先がエラーを報告しました。'],
  // Of the SQL page itself.
  [/^The connection to the target was lost\.$/, '接続先との接続が失われました。'],
  [
    /^The statement took longer than the (\d+) s that this page waits\.$/,
    '文の実行が、この画面が待つ $1 秒を超えました。',
  ],
  [/^Ask for less, or use a native client\.$/, '範囲を絞るか、普段のツールを使ってください。'],
  [
    /^The result is longer than this page reads: .+$/,
    '結果がこの画面で読める長さを超えたため、途中で打ち切りました。続く文は実行していません。',
  ],
  [/^(\d+) of your queries are still running$/, '実行中の問い合わせがすでに $1 件あります'],
  // Trying and reaching a target.
  [/^The target cannot be reached: (.+)$/s, '接続先に到達できません: $1'],
  [
    /^The target did not accept the account that Sekisho uses for it: (.+)$/s,
    '接続先が Sekisho のアカウントを受け付けませんでした: $1',
  ],
  [
    /^no answer in time\. Check host, port and firewall\.$/,
    '時間内に応答がありません。ホスト、ポート、ファイアウォールを確認してください。',
  ],
  [/^it did not (?:finish the login|answer) in time\.$/, '時間内に応答がありません。'],
  [
    /^it accepted the connection but did not answer in time\.$/,
    '接続は受け付けましたが、時間内に応答がありません。',
  ],
  [
    /^it closed the connection at once\. Is this a PostgreSQL server\?$/,
    'すぐに接続を閉じました。PostgreSQL サーバーか確認してください。',
  ],
  [/^it closed the connection (?:during the login|while TLS began)\.$/, '途中で接続を閉じました。'],
  [/^it does not speak the PostgreSQL protocol\.$/, 'PostgreSQL のプロトコルではありません。'],
  [
    /^it does not offer TLS, and the TLS mode is "(.+)"\.$/,
    'TLS に対応していませんが、TLS の設定は「$1」です。',
  ],
  [/^its certificate is for another host name\.$/, '証明書のホスト名が異なります。'],
  [/^its certificate has expired\.$/, '証明書の期限が切れています。'],
  [
    /^its certificate is not signed by an authority that is trusted here\. Give its CA certificate\.$/,
    '証明書が信頼された認証局のものではありません。認証局の証明書を登録してください。',
  ],
  ...jumpSentences,
  ...snapshotSentences,
  ...targetSentences,
  [/^it is switched off$/, '無効になっています'],
  [/^the target took too long to answer$/, '時間内に応答がありません'],
  [/^reading them failed$/, '読み取りに失敗しました'],
  // What is wrong with an entry.
  [/^the password is missing$/, 'パスワードを入力してください'],
  [
    /^host, port, account or TLS differ from what is stored: give the password as well$/,
    'ホスト、ポート、アカウント、TLS のいずれかが保存済みのものと異なります。パスワードも入力してください',
  ],
  [/^name: (1 to \d+) of (.+)$/, '名前には $2 だけを使ってください'],
  [/^displayName: .+$/, '氏名は 1 行で入力してください'],
  [/^email: .+$/, 'メールアドレスが正しくありません'],
  [/^host: .+$/, 'ホスト名またはアドレスが正しくありません'],
  [/^tlsCa: .+$/, '証明書は PEM 形式で入力してください'],
  [/^description: .+$/, '説明が長すぎます'],
  [/^a token lives (\d+) days at most$/, 'トークンの有効期間は最大 $1 日です'],
  [
    /^(\d+) tokens for one user\. Revoke one first\.$/,
    'トークンは 1 人 $1 個までです。先に一つ取り消してください。',
  ],
  [/^the last administrator has to stay$/, '最後の管理者は外せません'],
  [/^it needs at least (\d+) characters$/, '$1 文字以上必要です'],
  [/^it may have at most (\d+) characters$/, '$1 文字までです'],
  [/^it needs at least (\d+) different characters$/, '$1 種類以上の文字が必要です'],
  [/^it must not hold your user name$/, 'ユーザー名を含めることはできません'],
  [/^it is one of the commonest passwords$/, 'よく使われるパスワードです'],
  [/^(target|user|group|token|event|policies)$/, '$1'],
  // Why a session ended.
  [/^your access was withdrawn\.$/, 'アクセス権が取り消されました。'],
  [/^the target was moved$/, '接続先が変更されました'],
  [/^nothing was said for too long\.$/, '操作のない時間が続きました。'],
  [/^the target closed the connection\.$/, '接続先が接続を閉じました。'],
  // Built-in tags.
  [/^E-mail address of a person$/, '個人のメールアドレス'],
  [/^Telephone number of a person$/, '個人の電話番号'],
  [/^Payment card number: the last four digits stay$/, '支払いカードの番号（下 4 桁は残ります）'],
  [/^Name of a person$/, '個人の氏名'],
  [/^Date of birth: the year stays$/, '生年月日（年は残ります）'],
  [/^Postal address of a person$/, '個人の住所'],
  [
    /^Number that names a person, such as a tax or passport number; equal ones stay equal$/,
    '個人を示す番号（税や旅券の番号など）。同じ値は同じままです',
  ],
  [/^Pay of an employee$/, '従業員の給与'],
  [/^Password, key or other secret$/, 'パスワード、鍵などの秘密'],
  [/^The policies Sekisho starts with$/, 'Sekisho の初期ポリシー'],
]
