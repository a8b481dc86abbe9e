// What a permit asks in return, in plain words.

import type { CompiledPolicy } from './compiled-policy.ts'
import type { LimitName } from './guard-annotations.ts'
import type { Say } from './meaning-condition.ts'

export function demandWords({ obligations }: CompiledPolicy, say: Say): readonly string[] {
  const { rowFilter, rowLimit, strength } = obligations
  const guards = obligations.guards ?? {}
  const words: string[] = []
  if (rowFilter !== undefined)
    words.push(say(`Only rows for which ${rowFilter}.`, `対象は ${rowFilter} を満たす行だけです。`))
  if (rowLimit !== undefined)
    words.push(say(`At most ${rowLimit} rows at a time.`, `一度に読めるのは最大 ${rowLimit} 行です。`))
  if (guards.requireWhere === true)
    words.push(
      say('Only with a condition that can leave rows out.', '行を絞り込む条件のない変更や削除はできません。'),
    )
  if (guards.readOnly === true)
    words.push(
      say('For reading only; the target is told so, too.', '読み取り専用です（接続先でも保証されます）。'),
    )
  if (guards.requireReason === true) words.push(say('A reason must be given.', '理由の記入が必要です。'))
  if (guards.approval !== undefined) words.push(approvalWords(guards.approval, say))
  for (const [name, word] of Object.entries(limitWords)) {
    const value = guards[name as LimitName]
    if (value !== undefined) words.push(word(value, say))
  }
  if (strength === 'strict')
    words.push(say('On record on disk before it is done.', '実行の前にディスクへ記録されます。'))
  return words
}

function approvalWords(approvers: string, say: Say): string {
  return approvers === 'administrators'
    ? say('An administrator must approve each statement first.', '文ごとに、事前に管理者の承認が必要です。')
    : say(
        `A member of the group ${approvers} must approve each statement first.`,
        `文ごとに、事前にグループ ${approvers} のメンバーの承認が必要です。`,
      )
}

const limitWords: Readonly<Record<LimitName, (value: number, say: Say) => string>> = {
  timeLimitMs: (value, say) =>
    say(
      `A statement is stopped after ${timeWords(value, say)}.`,
      `文は ${timeWords(value, say)}で止められます。`,
    ),
  byteLimit: (value, say) =>
    say(`A result is stopped at ${sizeWords(value)}.`, `結果は ${sizeWords(value)} で止められます。`),
  rowsPerDay: (value, say) =>
    say(`At most ${value} rows of a target a day.`, `接続先ごとに 1 日最大 ${value} 行です。`),
  bytesPerDay: (value, say) =>
    say(
      `At most ${sizeWords(value)} from a target a day.`,
      `接続先ごとに 1 日最大 ${sizeWords(value)} です。`,
    ),
  maxSessions: (value, say) =>
    say(`At most ${value} sessions at a time.`, `同時に開けるセッションは最大 ${value} 個です。`),
  idleTimeoutMs: (value, say) =>
    say(
      `A session ends after ${timeWords(value, say)} without a statement.`,
      `文のないまま ${timeWords(value, say)}が過ぎたセッションは終わります。`,
    ),
}

function timeWords(ms: number, say: Say): string {
  const units = [
    [3_600_000, 'h', '時間'],
    [60_000, 'min', '分'],
    [1000, 's', '秒'],
  ] as const
  for (const [size, en, ja] of units)
    if (ms % size === 0) return say(`${ms / size} ${en}`, `${ms / size} ${ja}`)
  return say(`${ms} ms`, `${ms} ミリ秒`)
}

function sizeWords(bytes: number): string {
  const units = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const
  for (const [size, unit] of units) if (bytes % size === 0) return `${bytes / size} ${unit}`
  return `${bytes} B`
}
