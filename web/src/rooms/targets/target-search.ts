// What the address bar says of the list of targets, and where in the list each group and row stands.

import type { TargetFilter, TargetPage } from '../../../../src/console/contract.ts'

/** As it stands in the address bar; what is missing is as usual. */
export interface TargetSearch {
  readonly q?: string
  readonly tag?: string
  readonly state?: 'reachable' | 'unreachable' | 'unknown'
  readonly protocol?: 'postgres' | 'mysql'
  readonly off?: boolean
  readonly group?: string
  readonly sort?: string
}

const sorts = /^-?(name|database|protocol|port|host|state)$/

const text = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function parseTargetSearch(search: Record<string, unknown>): TargetSearch {
  const { state, protocol } = search
  const [q, tag, group, sort] = [search['q'], search['tag'], search['group'], search['sort']].map(text)
  return {
    ...(q !== undefined && { q }),
    ...(tag !== undefined && { tag }),
    ...(state === 'reachable' || state === 'unreachable' || state === 'unknown' ? { state } : {}),
    ...(protocol === 'postgres' || protocol === 'mysql' ? { protocol } : {}),
    ...(search['off'] === true ? { off: true } : {}),
    ...(group !== undefined && { group }),
    ...(sort !== undefined && sorts.test(sort) && { sort }),
  }
}

export function targetFilter({ q, tag, state, protocol, off, group, sort }: TargetSearch): TargetFilter {
  return {
    ...(q !== undefined && { search: q }),
    ...(tag !== undefined && { tag }),
    ...(state !== undefined && { state }),
    ...(protocol !== undefined && { protocol }),
    ...(off === true && { disabled: true }),
    ...(group !== undefined && { group }),
    ...(sort !== undefined && { sort: sort as NonNullable<TargetFilter['sort']> }),
  }
}

export type Place =
  | { readonly kind: 'group'; readonly value: string; readonly count: number; readonly open: boolean }
  | { readonly kind: 'target'; readonly index: number }

export interface Layout {
  readonly count: number
  at(index: number): Place
}

/** Groups stand above their rows; those of a folded group take no place. */
export function layOut(total: number, groups: TargetPage['groups'], folded: ReadonlySet<string>): Layout {
  if (groups === undefined) return { count: total, at: index => ({ kind: 'target', index }) }
  const heads: {
    readonly from: number
    readonly first: number
    readonly group: Place & { kind: 'group' }
  }[] = []
  let from = 0
  let first = 0
  for (const { value, count } of groups) {
    const open = !folded.has(value)
    heads.push({ from, first, group: { kind: 'group', value, count, open } })
    from += 1 + (open ? count : 0)
    first += count
  }
  return {
    count: from,
    at(index) {
      let low = 0
      let high = heads.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((heads[middle]?.from ?? 0) <= index) low = middle
        else high = middle - 1
      }
      const head = heads[low]
      if (head === undefined || head.from === index) {
        return head?.group ?? { kind: 'target', index }
      }
      return { kind: 'target', index: head.first + index - head.from - 1 }
    },
  }
}
