// What of the page about who reaches what stands in the address bar.

export interface ReachSearch {
  /** Who reaches a place, or what somebody reaches; missing: who. */
  readonly ask?: 'what'
  readonly target?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly user?: string
  /** Milliseconds since 1970; missing: now. */
  readonly at?: number
  readonly q?: string
  /** Only rows in which this can be done. */
  readonly can?: string
}

export function parseReachSearch(search: Readonly<Record<string, unknown>>): ReachSearch {
  const text = (name: string) => {
    const value = search[name]
    // The router reads what looks like a number as one.
    const written = typeof value === 'number' ? String(value) : value
    return typeof written === 'string' && written !== '' ? { [name]: written } : {}
  }
  const at = Number(search['at'])
  return {
    ...(search['ask'] === 'what' ? { ask: 'what' } : {}),
    ...text('target'),
    ...text('schema'),
    ...text('table'),
    ...text('column'),
    ...text('user'),
    ...text('q'),
    ...text('can'),
    ...(Number.isSafeInteger(at) && at > 0 ? { at } : {}),
  }
}
