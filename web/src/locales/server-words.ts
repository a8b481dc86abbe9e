// Sentences that the server says in English, in Japanese. What is not listed stays as the server said it.

import type { ErrorCode } from '../../../src/console/contract.ts'
import { sentences } from './server-sentences.ts'

const nouns: Readonly<Record<string, string>> = {
  target: '接続先',
  user: 'ユーザー',
  group: 'グループ',
  token: 'トークン',
  event: '記録',
  policies: 'ポリシー',
}

const refusals: { readonly [Code in ErrorCode]?: string } = {
  'statement.denied': 'ポリシーで許可されていません。',
  'statement.unreadable': 'この文を確実に読み取れなかったため、通せません。',
  'statement.needs-reason': '実行する理由が必要です。',
  'statement.needs-approval': 'この文の実行には承認が必要です。',
  'statement.stopped': '文を停止しました。',
  'statement.unsafe': '隠されたデータが見えるおそれがあるため、通せません。',
  'protocol.unsupported': 'この使い方には対応していません。',
  'connect.denied': 'この接続先への接続を許可するポリシーがありません。',
  'audit.unavailable': '現在記録できないため、実行しませんでした。',
  'limit.exceeded': '上限に達しました。',
  'session.ended': 'セッションが終了しました。',
  'server.draining': 'サーバーが停止処理中です。',
}

/** One sentence, or several things that are wrong, divided by `; `. `undefined`: not known. */
export function inJapanese(text: string): string | undefined {
  const whole = sentence(text)
  if (whole !== undefined) return whole
  // A refusal as the audit keeps it: what, then what to do.
  for (const divider of ['; ', '. ']) {
    const parts = text.split(divider)
    if (parts.length === 1) continue
    const last = parts.length - 1
    const said = parts.map((part, index) =>
      sentence(index < last ? part + divider.trimEnd().replace(';', '') : part),
    )
    if (said.every(part => part !== undefined)) return said.join(divider === '; ' ? '、' : '')
  }
  return undefined
}

function sentence(text: string): string | undefined {
  for (const [said, japanese] of sentences) {
    const match = said.exec(text)
    if (match === null) continue
    return japanese.replace(/\$(\d)/g, (_, number: string) => {
      const part = match[Number(number)] ?? ''
      return nouns[part] ?? sentence(part) ?? part
    })
  }
  return undefined
}

/** What a refusal of this kind says, where its own sentence is not known. */
export const refusalInJapanese = (code: ErrorCode | undefined): string | undefined =>
  code === undefined ? undefined : refusals[code]
