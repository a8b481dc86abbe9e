// What permits ask in return, in a few words each.

import type { Terms } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'

export function useTermWords(): (terms: Terms) => readonly string[] {
  const { t, count, bytes, duration } = useWords()
  return terms => [
    ...(terms.rowFilter === undefined ? [] : [t('terms.rowFilter', { filter: terms.rowFilter })]),
    ...(terms.rowLimit === undefined ? [] : [t('terms.rowLimit', { value: count(terms.rowLimit) })]),
    ...(terms.requireWhere === true ? [t('terms.requireWhere')] : []),
    ...(terms.requireReason === true ? [t('terms.requireReason')] : []),
    ...(terms.readOnly === true ? [t('terms.readOnly')] : []),
    ...(terms.approval === undefined ? [] : [t('terms.approval', { group: terms.approval })]),
    ...(terms.timeLimitMs === undefined
      ? []
      : [t('terms.timeLimit', { value: duration(terms.timeLimitMs) })]),
    ...(terms.byteLimit === undefined ? [] : [t('terms.byteLimit', { value: bytes(terms.byteLimit) })]),
    ...(terms.rowsPerDay === undefined ? [] : [t('terms.rowsPerDay', { value: count(terms.rowsPerDay) })]),
    ...(terms.bytesPerDay === undefined ? [] : [t('terms.bytesPerDay', { value: bytes(terms.bytesPerDay) })]),
    ...(terms.maxSessions === undefined ? [] : [t('terms.maxSessions', { value: count(terms.maxSessions) })]),
    ...(terms.idleTimeoutMs === undefined
      ? []
      : [t('terms.idleTimeout', { value: duration(terms.idleTimeoutMs) })]),
  ]
}
