// What the address bar says of the lists of users and groups.

import type { UserRow } from '../../../../src/console/contract.ts'

export type UserStatus = 'active' | 'locked' | 'disabled' | 'never'

export interface PeopleSearch {
  readonly q?: string
  readonly role?: 'administrator' | 'user'
  /** `-`: in none. */
  readonly group?: string
  readonly status?: UserStatus
  readonly sort?: string
}

const sorts = /^-?(name|role|seen)$/
const text = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function parsePeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const { role, status } = search
  const [q, group, sort] = [search['q'], search['group'], search['sort']].map(text)
  return {
    ...(q !== undefined && { q }),
    ...(role === 'administrator' || role === 'user' ? { role } : {}),
    ...(group !== undefined && { group }),
    ...(status === 'active' || status === 'locked' || status === 'disabled' || status === 'never'
      ? { status }
      : {}),
    ...(sort !== undefined && sorts.test(sort) && { sort }),
  }
}

export function parseGroupSearch(search: Record<string, unknown>): { readonly q?: string } {
  const q = text(search['q'])
  return q === undefined ? {} : { q }
}

/** Those that fit, sorted. */
export function findUsers(users: readonly UserRow[], search: PeopleSearch): readonly UserRow[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found = users.filter(user => fits(user, search) && hasWords(user, words))
  const { sort = 'name' } = search
  const sign = sort.startsWith('-') ? -1 : 1
  const key = keyOf[sort.replace('-', '') as keyof typeof keyOf]
  return found.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    return left < right ? -sign : left > right ? sign : a.name < b.name ? -1 : 1
  })
}

const keyOf = {
  name: (user: UserRow) => user.name,
  role: (user: UserRow) => user.role,
  seen: (user: UserRow) => user.lastSignInAtMs ?? 0,
} as const

function fits(user: UserRow, { role, group, status }: PeopleSearch): boolean {
  if (role !== undefined && user.role !== role) return false
  if (group === '-' ? user.groups.length > 0 : group !== undefined && !user.groups.includes(group))
    return false
  if (status === 'never') return user.lastSignInAtMs === undefined
  if (status === 'disabled') return user.disabled
  if (status === 'locked') return user.locked && !user.disabled
  return status !== 'active' || (!user.disabled && !user.locked)
}

function hasWords(user: UserRow, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = [user.name, user.displayName, user.email ?? '', ...user.groups].join(' ').toLowerCase()
  return words.every(word => text.includes(word))
}
