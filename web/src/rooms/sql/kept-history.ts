// What can be undone in the editor of a tab, while another tab is in front.

import type { LiveTab } from './live-tab.ts'

const histories = new WeakMap<LiveTab, unknown>()

export const keptHistory = (tab: LiveTab): unknown => histories.get(tab)

export function keepHistory(tab: LiveTab, history: unknown): void {
  histories.set(tab, history)
}
