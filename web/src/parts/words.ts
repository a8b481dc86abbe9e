// The words and formats of the language in use, for components.

import { useTranslation } from 'react-i18next'
import { sayAgain } from '../locales/i18n.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRelative,
  formatShortTime,
  formatTime,
} from '../format/figures.ts'

export function useWords() {
  const { t, i18n } = useTranslation('console')
  const language = i18n.language
  return {
    t,
    language: language === 'ja' ? ('ja' as const) : ('en' as const),
    /** A sentence of the server, in the reader's language where it is known. */
    said: sayAgain,
    count: (value: number) => formatCount(value, language),
    duration: (ms: number) => formatDuration(ms, language),
    bytes: (bytes: number) => formatBytes(bytes, language),
    time: (ms: number) => formatTime(ms, language),
    shortTime: (ms: number) => formatShortTime(ms, Date.now(), language),
    relative: (ms: number) => formatRelative(ms, Date.now(), language),
  }
}
