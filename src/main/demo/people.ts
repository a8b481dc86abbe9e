// People of the demo shop, Japanese and English: names, addresses, e-mail, telephone, cards. Nobody of them exists.

import type { Dice } from './dice.ts'

export interface Person {
  readonly country: 'JP' | 'GB' | 'US'
  readonly name: string
  /** In katakana; Japanese people only. */
  readonly kana: string | undefined
  /** In Latin letters, for addresses of e-mail. */
  readonly latin: string
}

/** Family and given names as they are written, read, and spelled in Latin letters. */
const japaneseFamilies = words(`佐藤/サトウ/sato 鈴木/スズキ/suzuki 高橋/タカハシ/takahashi 田中/タナカ/tanaka
  伊藤/イトウ/ito 渡辺/ワタナベ/watanabe 山本/ヤマモト/yamamoto 中村/ナカムラ/nakamura 小林/コバヤシ/kobayashi
  加藤/カトウ/kato 吉田/ヨシダ/yoshida 山田/ヤマダ/yamada 佐々木/ササキ/sasaki 山口/ヤマグチ/yamaguchi
  松本/マツモト/matsumoto 井上/イノウエ/inoue 木村/キムラ/kimura 林/ハヤシ/hayashi 清水/シミズ/shimizu
  斎藤/サイトウ/saito 森/モリ/mori 池田/イケダ/ikeda 橋本/ハシモト/hashimoto 石川/イシカワ/ishikawa`)
const japaneseGivens = words(`陽葵/ヒマリ/himari 結衣/ユイ/yui 美咲/ミサキ/misaki 葵/アオイ/aoi 凛/リン/rin
  さくら/サクラ/sakura 花子/ハナコ/hanako 恵子/ケイコ/keiko 蓮/レン/ren 湊/ミナト/minato 大翔/ヒロト/hiroto
  悠真/ユウマ/yuma 健太/ケンタ/kenta 誠/マコト/makoto 直樹/ナオキ/naoki 翔太/ショウタ/shota 太郎/タロウ/taro
  真由美/マユミ/mayumi 智子/トモコ/tomoko 由美/ユミ/yumi 隆/タカシ/takashi 修/オサム/osamu`)
const englishFamilies =
  `Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
  Roberts Green Hall Wood Jackson Clarke Miller Davis Garcia Martinez Anderson Moore Martin Lee Perez Harris`.split(
    /\s+/,
  )
const englishGivens =
  `Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Noah George Oliver Arthur Muhammad Leo
  Harry Oscar Archie Henry James Mary John Patricia Robert Linda Michael Barbara William Susan`.split(/\s+/)

const japaneseTowns =
  `東京都千代田区 東京都世田谷区 東京都新宿区 大阪府大阪市北区 京都府京都市中京区 北海道札幌市中央区
  福岡県福岡市博多区 愛知県名古屋市中区 神奈川県横浜市西区 宮城県仙台市青葉区 広島県広島市中区 沖縄県那覇市`.split(
    /\s+/,
  )
const japaneseQuarters = '一番町 本町 中央 栄 緑が丘 桜木町 旭町 大手町 若葉 富士見'.split(' ')
const englishTowns = [
  ['GB', 'London', 'SW1A 1AA'],
  ['GB', 'Manchester', 'M1 1AE'],
  ['GB', 'Bristol', 'BS1 4ST'],
  ['GB', 'Edinburgh', 'EH1 1YZ'],
  ['US', 'Portland, OR', '97201'],
  ['US', 'Austin, TX', '78701'],
  ['US', 'Boston, MA', '02108'],
  ['US', 'Denver, CO', '80202'],
] as const
const streets =
  'High Street,Church Lane,Station Road,Maple Avenue,Oak Street,Mill Road,Park View,Elm Drive'.split(',')
/** Domains that are set aside for examples (RFC 2606). */
const mailDomains = ['example.com', 'example.org', 'example.net', 'mail.example', 'shop.example']
/** Number ranges that card brands give out for tests: no bank issues them. */
const cardTestPrefixes = ['411111', '424242', '555555', '520082', '353011']

function words(text: string): readonly { written: string; read: string; latin: string }[] {
  return text.split(/\s+/).map(word => {
    const [written = '', read = '', latin = ''] = word.split('/')
    return { written, read, latin }
  })
}

export function rollPerson(dice: Dice): Person {
  if (dice.between(1, 10) <= 6) {
    const family = dice.pick(japaneseFamilies)
    const given = dice.pick(japaneseGivens)
    return {
      country: 'JP',
      name: `${family.written} ${given.written}`,
      kana: `${family.read} ${given.read}`,
      latin: `${given.latin}.${family.latin}`,
    }
  }
  const given = dice.pick(englishGivens)
  const family = dice.pick(englishFamilies)
  const latin = `${given}.${family}`.toLowerCase()
  return { country: dice.once(2) ? 'GB' : 'US', name: `${given} ${family}`, kana: undefined, latin }
}

export const rollEmail = (dice: Dice, person: Person, number: number): string =>
  `${person.latin}${number}@${dice.pick(mailDomains)}`

/** Ranges set aside for fiction where there are any (GB: 07700 900, US: 555-01). */
export function rollPhone(dice: Dice, person: Person): string {
  if (person.country === 'GB') return `+44 7700 900${dice.digits(3)}`
  if (person.country === 'US') return `+1 ${dice.between(201, 989)} 555 01${dice.digits(2)}`
  return `+81 ${dice.pick(['70', '80', '90'])} 0000 ${dice.digits(4)}`
}

export function rollAddress(dice: Dice, person: Person): string {
  if (person.country === 'JP') {
    const [town, quarter] = [dice.pick(japaneseTowns), dice.pick(japaneseQuarters)]
    return `〒${dice.digits(3)}-${dice.digits(4)} ${town}${quarter}${dice.between(1, 9)}-${dice.between(1, 30)}-${dice.between(1, 20)}`
  }
  const [, town, code] = dice.pick(englishTowns.filter(([country]) => country === person.country))
  return `${dice.between(1, 240)} ${dice.pick(streets)}, ${town} ${code}`
}

export function rollCard(dice: Dice): string {
  const body = dice.pick(cardTestPrefixes) + dice.digits(9)
  return body + luhnDigit(body)
}

/** The digit that makes a card number pass the Luhn check (ISO/IEC 7812-1). */
function luhnDigit(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, place) => {
      const weighed = Number(digit) * (place % 2 === 0 ? 2 : 1)
      return total + (weighed > 9 ? weighed - 9 : weighed)
    }, 0)
  return String((10 - (sum % 10)) % 10)
}
