// Words a problem in the reader's language, by its code and detail.

import type { TFunction } from 'i18next'
import { sayAgain } from '../locales/i18n.ts'
import { ConsoleError, type ProblemCode } from './http.ts'

type Replaced<Text extends string, Mark extends string> = Text extends `${infer Head}${Mark}${infer Tail}`
  ? `${Head}_${Replaced<Tail, Mark>}`
  : Text

type Underscored<Text extends string> = Replaced<Replaced<Text, '.'>, '-'>

export function errorKey<Code extends ProblemCode>(code: Code): Underscored<Code> {
  return code.replace(/[.-]/g, '_') as Underscored<Code>
}

export function wordError(error: unknown, t: TFunction): string {
  if (error instanceof ConsoleError) {
    const key = `errors.${errorKey(error.code)}` as const
    const detail = sayAgain(error.detail)
    const words: string = t(key, { detail })
    // A code that this page does not know comes from a newer server: its own sentence is better than none.
    return words === key ? t('problem.server', { message: error.message }) : words.trim()
  }
  return error instanceof Error ? error.message : String(error)
}
