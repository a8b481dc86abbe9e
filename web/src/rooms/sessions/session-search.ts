// What the address bar says of the list of sessions.

import type { SessionRow } from '../../../../src/console/contract.ts'

export interface SessionSearch {
  readonly q?: string
  /** Those in which something runs. */
  readonly running?: boolean
  readonly protocol?: 'postgres' | 'mysql'
}

export function parseSessionSearch(search: Record<string, unknown>): SessionSearch {
  const { q, protocol } = search
  return {
    ...(typeof q === 'number' ? { q: String(q) } : typeof q === 'string' && q !== '' ? { q } : {}),
    ...(search['running'] === true ? { running: true } : {}),
    ...(protocol === 'postgres' || protocol === 'mysql' ? { protocol } : {}),
  }
}

export function findSessions(sessions: readonly SessionRow[], search: SessionSearch): readonly SessionRow[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return sessions.filter(session => {
    if (search.running === true && session.running === undefined) return false
    if (search.protocol !== undefined && session.protocol !== search.protocol) return false
    const { userName, targetName, program, address, running } = session
    const text = [userName, targetName, program, address, running?.shape ?? ''].join(' ').toLowerCase()
    return words.every(word => text.includes(word))
  })
}
