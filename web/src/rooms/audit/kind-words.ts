// How kinds of entries and their outcomes are worded and coloured.

import type { AuditEntry } from '../../../../src/console/contract.ts'
import i18next, { type TFunction } from 'i18next'
import type { Words } from '../../locales/words.ts'
import type { ChipTone } from '../../parts/chips.tsx'

type Replaced<Text extends string, Mark extends string> = Text extends `${infer Head}${Mark}${infer Tail}`
  ? `${Head}_${Replaced<Tail, Mark>}`
  : Text

export type KindKey = `audit.kind_${Replaced<Replaced<AuditEntry['kind'], '.'>, '-'>}`

export function kindKey(kind: AuditEntry['kind']): KindKey {
  return `audit.kind_${kind.replace(/[.-]/g, '_')}` as KindKey
}

/** Command words of a statement; a text that could not be read has none. */
export function verbOf(entry: AuditEntry): string | undefined {
  return entry.kind === 'statement' && entry.verb !== '' ? entry.verb : undefined
}

/** What a row says in one line: the statement, the object that was changed, or the program that came. */
export function subjectOf(entry: AuditEntry, t: TFunction): string {
  if (entry.shape !== undefined) return entry.shape.replace(/\s+/g, ' ')
  if (entry.what !== undefined) return [changeWords(entry.what, t), entry.object].filter(Boolean).join(' · ')
  const address = entry.address === 'console' ? undefined : entry.address
  return [entry.program, address].filter(part => part !== undefined && part !== '').join(' · ')
}

/** A kind of change that this page does not know keeps the name it has on record. */
function changeWords(what: string, t: TFunction): string {
  const key = what.replace(/[.-]/g, '_')
  return isKnown(key) ? t(`changes.${key}`) : what
}

const isKnown = (key: string): key is keyof Words['changes'] => i18next.exists(`changes.${key}`)

export function kindTone(entry: AuditEntry): ChipTone {
  if (entry.verdict === 'denied' || entry.kind === 'session.refused' || entry.kind === 'sign-in.failed') {
    return 'bad'
  }
  return entry.kind === 'changed' ? 'warn' : 'plain'
}
