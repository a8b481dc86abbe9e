// The tabs of the editor, kept in this browser for one user: text and target, nothing of any result. Each tab has a place of its
// own, so that two windows do not undo each other.

import type { RunInput } from '../../../../src/console/contract.ts'

export interface SqlTab {
  readonly id: string
  readonly targetId: string
  /** Given by its user; empty: called by its number. */
  readonly name: string
  readonly number: number
  readonly text: string
  readonly commit: RunInput['commit']
  /** The connection that the server may still have. */
  readonly sessionId?: string
  /** The saved query that it was opened from, and how that read. */
  readonly saved?: { readonly id: string; readonly text: string }
  /** Values of parameters, by their keys. */
  readonly values?: Readonly<Record<string, string | null>>
}

export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const listKey = (userId: string) => `sekisho.sql-tabs.${userId}`
const tabKey = (userId: string, id: string) => `sekisho.sql-tab.${userId}.${id}`

const isText = (value: unknown): value is string => typeof value === 'string'

function parseSaved(value: unknown): SqlTab['saved'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, text } = value as Record<string, unknown>
  return isText(id) && isText(text) ? { id, text } : undefined
}

function parseValues(value: unknown): SqlTab['values'] {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one === null || isText(one)))
}

/** What was kept may be old, or changed by hand. */
export function parseTab(text: string | null): SqlTab | undefined {
  try {
    const { id, targetId, name, number, ...more } = JSON.parse(text ?? '') as Record<string, unknown>
    if (!isText(id) || !isText(targetId)) return undefined
    const saved = parseSaved(more['saved'])
    const values = parseValues(more['values'])
    return {
      id,
      targetId,
      name: isText(name) ? name : '',
      number: typeof number === 'number' ? number : 1,
      text: isText(more['text']) ? more['text'] : '',
      commit: more['commit'] === 'manual' ? 'manual' : 'auto',
      ...(isText(more['sessionId']) ? { sessionId: more['sessionId'] } : {}),
      ...(saved === undefined ? {} : { saved }),
      ...(values === undefined ? {} : { values }),
    }
  } catch {
    return undefined
  }
}

export class KeptTabs {
  readonly #shelf: Shelf
  readonly #userId: string

  constructor(shelf: Shelf, userId: string) {
    this.#shelf = shelf
    this.#userId = userId
  }

  ids(): readonly string[] {
    try {
      const ids: unknown = JSON.parse(this.#shelf.getItem(listKey(this.#userId)) ?? '[]')
      return Array.isArray(ids) ? ids.filter(isText) : []
    } catch {
      return []
    }
  }

  all(): readonly SqlTab[] {
    return this.ids().flatMap(id => parseTab(this.#shelf.getItem(tabKey(this.#userId, id))) ?? [])
  }

  keep(tab: SqlTab): void {
    this.#write(tabKey(this.#userId, tab.id), JSON.stringify(tab))
    const ids = this.ids()
    if (!ids.includes(tab.id)) this.#write(listKey(this.#userId), JSON.stringify([...ids, tab.id]))
  }

  drop(id: string): void {
    this.#shelf.removeItem(tabKey(this.#userId, id))
    this.#write(listKey(this.#userId), JSON.stringify(this.ids().filter(one => one !== id)))
  }

  /** Tabs of other windows stay behind those that are named. */
  order(ids: readonly string[]): void {
    const others = this.ids().filter(id => !ids.includes(id))
    this.#write(listKey(this.#userId), JSON.stringify([...ids, ...others]))
  }

  #write(key: string, value: string): void {
    try {
      this.#shelf.setItem(key, value)
    } catch {
      // The browser's storage is full or switched off: the tabs live as long as the page.
    }
  }
}
