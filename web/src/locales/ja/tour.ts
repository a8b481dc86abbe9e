// Words in Japanese: tour.

import type { Words } from '../words.ts'

export const tour: Words['tour'] = {
  title: '最初の案内',
  step: '{{of}} 歩のうち {{at}} 歩目',
  skip: '飛ばす',
  back: '戻る',
  next: '次へ',
  done: '完了',
  user_one_title: 'クリック一つでデータベースを開く',
  user_one_text:
    '下に、使えるデータベースが並んでいます。「開く」で SQL エディターが始まります。隣のボタンで psql、mysql、JDBC、DBeaver 用の接続情報をコピーできます。',
  user_two_title: 'プログラムにはトークンを使う',
  user_two_text:
    '手元のプログラムは、ユーザー名とトークンでサインインします。データベースの隣の鍵で作成できます。表示は一度だけです。',
  user_three_title: '鍵はマスクの印、拒否には理由があります',
  user_three_text:
    '鍵の付いた列はマスクされますが、クエリは動きます。承認が必要なときは申請できます。Ctrl-K で何でも探せます。',
  administrator_one_title: 'データベースを追加する',
  administrator_one_text:
    '接続先は、関所の向こうのデータベースです。追加して確かめ、平文で見せない列にタグを付けてください。',
  administrator_two_title: '誰に何を許すかを決める',
  administrator_two_text:
    'ポリシーは、グループに接続や参照、変更を許可します。許可のないものは拒否され、タグの付いた列はマスクされます。',
  administrator_three_title: '起きたことを見る',
  administrator_three_text:
    'すべては、起きる前に監査記録に残ります。user:名前、table:名前、refused で検索できます。Ctrl-K で何でも探せます。',
}
