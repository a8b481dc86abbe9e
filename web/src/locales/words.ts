// What a language must fill: every key of the English words; forms for one thing only where the language has them.

import type { en } from './en.ts'

type Required<Section> = {
  readonly [Key in keyof Section as Key extends `${string}_one` ? never : Key]: string
}

type OneForms<Section> = {
  readonly [Key in keyof Section as Key extends `${string}_one` ? Key : never]?: string
}

export type Words = {
  readonly [Section in keyof typeof en]: Required<(typeof en)[Section]> & OneForms<(typeof en)[Section]>
}
