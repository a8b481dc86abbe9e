// All tabs of one user on the SQL page, and which of them is in front. Lives as long as the page is open and they are signed in.

import type { KeptTabs, SqlTab } from './kept-tabs.ts'
import { LiveTab, type SessionsAtServer } from './live-tab.ts'

interface WorkspaceParts {
  readonly kept: KeptTabs
  readonly server: SessionsAtServer
  readonly newId: () => string
  readonly onFrame: (callback: () => void) => void
}

export class Workspace {
  readonly #parts: WorkspaceParts
  readonly #live = new Map<string, LiveTab>()
  readonly #listeners = new Set<() => void>()
  readonly #unwatch = new Map<string, () => void>()
  #tabs: readonly SqlTab[]

  constructor(parts: WorkspaceParts) {
    this.#parts = parts
    this.#tabs = parts.kept.all()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly look = (): readonly SqlTab[] => this.#tabs

  /** @param more  what the new tab begins with */
  open(targetId: string, more: Partial<Pick<SqlTab, 'text' | 'name' | 'saved'>> = {}): SqlTab {
    const numbers = new Set(this.#tabs.map(({ number }) => number))
    let number = 1
    while (numbers.has(number)) number += 1
    const tab: SqlTab = {
      id: this.#parts.newId(),
      targetId,
      name: '',
      number,
      text: '',
      commit: 'auto',
      ...more,
    }
    this.#parts.kept.keep(tab)
    this.#set([...this.#tabs, tab])
    return tab
  }

  change(id: string, change: Partial<Omit<SqlTab, 'id'>>): void {
    const next = this.#tabs.map(tab => (tab.id === id ? { ...tab, ...change } : tab))
    const changed = next.find(tab => tab.id === id)
    if (changed === undefined) return
    this.#parts.kept.keep(changed)
    this.#set(next)
  }

  /** Another target means another connection. */
  moveTo(id: string, targetId: string): void {
    this.#forget(id)
    this.change(id, { targetId })
  }

  /** The tab that takes its place, if there is one. */
  close(id: string): SqlTab | undefined {
    const at = this.#tabs.findIndex(tab => tab.id === id)
    if (at < 0) return undefined
    this.#forget(id)
    this.#parts.kept.drop(id)
    this.#set(this.#tabs.filter(tab => tab.id !== id))
    return this.#tabs[Math.min(at, this.#tabs.length - 1)]
  }

  /** Puts a tab before the one at a place. */
  move(id: string, to: number): void {
    const tab = this.#tabs.find(one => one.id === id)
    if (tab === undefined) return
    const others = this.#tabs.filter(one => one.id !== id)
    const next = others.toSpliced(Math.max(0, Math.min(others.length, to)), 0, tab)
    this.#parts.kept.order(next.map(one => one.id))
    this.#set(next)
  }

  liveOf(tab: SqlTab): LiveTab {
    const known = this.#live.get(tab.id)
    if (known !== undefined) return known
    const { id } = tab
    const live = new LiveTab({
      targetId: tab.targetId,
      sessionId: tab.sessionId,
      server: this.#parts.server,
      onFrame: this.#parts.onFrame,
      onSession: sessionId => this.#keepSession(id, sessionId),
    })
    this.#live.set(id, live)
    // The strip of tabs shows what runs and where a transaction is open.
    this.#unwatch.set(
      id,
      live.subscribe(() => this.#tell()),
    )
    return live
  }

  /** Tabs with an open transaction. */
  get unfinished(): readonly SqlTab[] {
    return this.#tabs.filter(({ id }) => (this.#live.get(id)?.look().transaction ?? 'none') !== 'none')
  }

  /** Nobody is signed in any more: results leave the memory. */
  dispose(): void {
    for (const live of this.#live.values()) live.look().run?.abort()
    this.#live.clear()
    this.#listeners.clear()
  }

  #keepSession(id: string, sessionId: string | undefined): void {
    const tab = this.#tabs.find(one => one.id === id)
    if (tab === undefined) return
    const { sessionId: _, ...rest } = tab
    const next = sessionId === undefined ? rest : { ...rest, sessionId }
    this.#parts.kept.keep(next)
    this.#set(this.#tabs.map(one => (one.id === id ? next : one)))
  }

  #forget(id: string): void {
    const live = this.#live.get(id)
    this.#live.delete(id)
    this.#unwatch.get(id)?.()
    this.#unwatch.delete(id)
    const sessionId = this.#tabs.find(tab => tab.id === id)?.sessionId
    if (live !== undefined) void live.close()
    else if (sessionId !== undefined) void this.#parts.server.close(sessionId).catch(() => undefined)
  }

  #set(tabs: readonly SqlTab[]): void {
    this.#tabs = tabs
    this.#tell()
  }

  #tell(): void {
    // A new list each time: what is compared has changed.
    this.#tabs = [...this.#tabs]
    for (const listener of this.#listeners) listener()
  }
}
