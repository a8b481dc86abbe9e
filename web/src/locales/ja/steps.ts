// Words in Japanese: steps.

import type { Words } from '../words.ts'

export const steps: Words['steps'] = {
  title: '最初の手順',
  lead: '空のゲートウェイから、マスクされたデータへの問い合わせまでの 4 つの手順です。',
  hide: '今後表示しない',
  done: '完了',
  target: '接続先を追加する',
  targetText: 'データベースの場所と、Sekisho がそこで使うアカウントを登録します。',
  tags: '機密の列にタグを付ける',
  tagsText: 'タグの付いた列は、ポリシーで許可されない限り隠されます。',
  tagsFirst: '先に接続先が必要です。',
  policy: 'ポリシーを書く',
  policyText: '誰が接続し、読めるかを決めます。グループを作って人を入れ、許可してください。',
  token: 'トークンを作る',
  tokenText: 'psql や DBeaver、プログラムから接続するためのパスワードです。',
}
