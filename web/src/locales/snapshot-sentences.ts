// What the server says of rows that are kept before and after a change, in Japanese.

export const snapshotSentences: readonly (readonly [said: RegExp, japanese: string])[] = [
  [
    /^Of what an UPDATE or DELETE changes here, the rows are kept as they were before\.$/,
    'ここでは UPDATE や DELETE で変わる行を変更前の状態で保管します。',
  ],
  [/^Send the statement by itself\.$/, '文を一つずつ送ってください。'],
  [
    /^The rows as they were before could not be kept, therefore they were not changed\.$/,
    '変更前の行を保管できなかったため、変更しませんでした。',
  ],
  [
    /^The rows to be changed could not be locked or read, therefore they were not changed\.$/,
    '変更する行をロックまたは読み取りできなかったため、変更しませんでした。',
  ],
  [/^More than (\d+) rows change\.$/, '変わる行が $1 行を超えています。'],
  [
    /^The rows are larger than what is kept of one statement\.$/,
    '行の大きさが、一つの文について保管できる上限を超えています。',
  ],
  [
    /^The rows could not be read (?:before|after) the change \((\w+)\)\.$/,
    '行を読み取れませんでした（$1）。',
  ],
  [
    /^(\d+) rows changed, of which (\d+) were kept: others came meanwhile\.$/,
    '$1 行が変わり、そのうち $2 行を保管しました。その間に条件に合う行が増えました。',
  ],
  [
    /^Not kept as they are after the change: The table has no unique key that is always filled\.$/,
    '変更後の行は保管していません: 必ず値が入る一意キーがテーブルにありません。',
  ],
  [
    /^Not kept as they are after the change: The key itself is changed\.$/,
    '変更後の行は保管していません: キー自体が変わりました。',
  ],
  [
    /^Not kept as they are after the change: asking would clear the warnings that it gave\.$/,
    '変更後の行は保管していません: 読み取ると文の警告が消えてしまいます。',
  ],
  [
    /^The rows after the change could not be told apart, or are too large\.$/,
    '変更後の行を区別できないか、大きすぎます。',
  ],
  [/^LIMIT leaves open which of the rows change\.$/, 'LIMIT のため、どの行が変わるか決まりません。'],
  [/^LIMIT is not a plain number\.$/, 'LIMIT が数値で書かれていません。'],
  [/^The function (\S+) may answer differently each time\.$/, '関数 $1 は毎回違う値を返すことがあります。'],
  [/^(?:The change|It) (?:joins|changes several) tables\.$/, '複数のテーブルにまたがる変更です。'],
  [/^The change is a part of a larger statement\.$/, '変更がより大きな文の一部です。'],
  [/^It was prepared in SQL\.$/, 'SQL で準備された文です。'],
  [/^Tables are locked by LOCK TABLES\.$/, 'LOCK TABLES でテーブルがロックされています。'],
  [/^TRUNCATE removes all rows at once\.$/, 'TRUNCATE は全行を一度に消します。'],
  [/^(MERGE|REPLACE|INSERT … .+) decides row by row what it does\.$/, '$1 は行ごとに動作が変わります。'],
  [/^Rows are (?:copied in|loaded)\.$/, '行を取り込む文です。'],
]
