// The keys of the tabs: Alt with N, W, 1 to 9, Page Up and Page Down. By their place on the keyboard, as Alt writes other signs.

import { useEffect } from 'react'
import type { SqlTab } from './kept-tabs.ts'

export function useTabKeys(props: {
  readonly tabs: readonly SqlTab[]
  readonly active: SqlTab | undefined
  readonly onPick: (tab: SqlTab | undefined) => void
  readonly onClose: (tab: SqlTab) => void
  readonly onNew: () => void
}): void {
  const { tabs, active, onPick, onClose, onNew } = props
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      const at = active === undefined ? -1 : tabs.indexOf(active)
      const step = event.code === 'PageDown' ? 1 : event.code === 'PageUp' ? -1 : 0
      const [, digit] = /^Digit([1-9])$/.exec(event.code) ?? []
      if (event.code === 'KeyN') onNew()
      else if (event.code === 'KeyW' && active !== undefined) onClose(active)
      else if (step !== 0 && tabs.length > 0) onPick(tabs[(at + step + tabs.length) % tabs.length])
      else if (digit !== undefined && tabs[Number(digit) - 1] !== undefined) onPick(tabs[Number(digit) - 1])
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [tabs, active, onPick, onClose, onNew])
}
