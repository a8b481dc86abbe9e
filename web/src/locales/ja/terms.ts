// Words in Japanese: terms.

import type { Words } from '../words.ts'

export const terms: Words['terms'] = {
  rowFilter: '{{filter}} を満たす行のみ。',
  rowLimit: '最大 {{value}} 行。',
  requireWhere: '絞り込み条件が必要。',
  requireReason: '理由の記入が必要。',
  readOnly: '読み取り専用。',
  approval: '{{group}} の承認が必要。',
  timeLimit: '最長 {{value}}。',
  byteLimit: '結果は最大 {{value}}。',
  rowsPerDay: '1 日最大 {{value}} 行。',
  bytesPerDay: '1 日最大 {{value}}。',
  maxSessions: '最大 {{value}} セッション。',
  idleTimeout: '{{value}} 無操作で終了。',
}
