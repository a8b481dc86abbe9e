// What a tab is called.

import { useCallback } from 'react'
import { useWords } from '../../parts/words.ts'
import type { SqlTab } from './kept-tabs.ts'

export function useTabName(): (tab: SqlTab) => string {
  const { t } = useWords()
  return useCallback(
    (tab: SqlTab) => (tab.name === '' ? t('sqlRun.tabName', { number: tab.number }) : tab.name),
    [t],
  )
}

/** Reads differently from the saved query that it was opened from. */
export function isUnsaved(tab: SqlTab): boolean {
  return tab.saved !== undefined && tab.saved.text !== tab.text
}
