// What is typed into the search line of the audit: `user:hana table:customers refused` as fields, the rest as words.

import {
  cleaned,
  type TrailBound,
  type TrailChange,
  type TrailGroup,
  trailGroups,
  type TrailSearch,
  type TrailText,
  trailTexts,
} from './trail-filter.ts'

/** Words that stand for a field and its value. */
const flags: Readonly<Record<string, TrailChange>> = {
  refused: { verdict: 'denied' },
  denied: { verdict: 'denied' },
  allowed: { verdict: 'allowed' },
  masked: { masked: true },
  拒否: { verdict: 'denied' },
  許可: { verdict: 'allowed' },
  マスク: { masked: true },
}

export type LineField = TrailText | 'kind' | 'rows' | 'took'
export const lineFields: readonly LineField[] = [...trailTexts, 'kind', 'rows', 'took']

const isText = (name: string): name is TrailText => trailTexts.includes(name as TrailText)
const isGroup = (name: string): name is TrailGroup => trailGroups.includes(name as TrailGroup)

const unitsMs: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
}

/** `100`, `1.5s`. */
function amount(text: string): number | undefined {
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text) ?? []
  const factor = unitsMs[unit]
  return figure === '' || factor === undefined ? undefined : Number(figure) * factor
}

/** `>100`, `<2s`, `10-20`, `5`: at least, at most, between, exactly. */
function bounds(text: string, least: TrailBound, most: TrailBound): TrailChange | undefined {
  const [, sign = '', first = '', second] =
    /^(>=?|<=?)?([\d.]+[a-z]*)(?:-([\d.]+[a-z]*))?$/.exec(text.toLowerCase()) ?? []
  const from = amount(first)
  const to = second === undefined ? from : amount(second)
  if (from === undefined || to === undefined) return undefined
  if (sign.startsWith('>')) return { [least]: from }
  if (sign.startsWith('<')) return { [most]: from }
  return { [least]: from, [most]: to }
}

function readField(name: string, value: string, present: TrailSearch): TrailChange | undefined {
  if (isText(name)) return { [name]: value }
  if (name === 'rows') return bounds(value, 'rowsMin', 'rowsMax')
  if (name === 'took') return bounds(value, 'msMin', 'msMax')
  if (name === 'kind' && isGroup(value)) return { kinds: [...new Set([...(present.kinds ?? []), value])] }
  return undefined
}

export interface ReadLine {
  /** The search with the fields that were read. */
  readonly search: TrailSearch
  /** What is left as words. */
  readonly rest: string
}

/**
 * Takes fields out of the text.
 * @param whole  whether the last word is finished; otherwise it may go on and stays
 */
export function readLine(text: string, present: TrailSearch, whole: boolean): ReadLine {
  let search: TrailSearch = present
  const rest: string[] = []
  const pieces = [...text.matchAll(/([\p{L}]+):(?:"([^"]*)"|(\S+))|"[^"]*"?|\S+/gu)]
  for (const [index, piece] of pieces.entries()) {
    const isOpen = !whole && index === pieces.length - 1 && !/\s$/.test(text)
    const [all, name = '', quoted, plain] = piece
    const change = isOpen
      ? undefined
      : name === ''
        ? flags[all.toLowerCase()]
        : readField(name.toLowerCase(), quoted ?? plain ?? '', search)
    if (change === undefined) rest.push(all)
    else search = cleaned({ ...search, ...change })
  }
  return { search, rest: rest.join(' ') + (whole || !/\s$/.test(text) || rest.length === 0 ? '' : ' ') }
}

export interface FieldChip {
  readonly field: LineField | 'verdict' | 'masked'
  readonly value: string
  /** The search without it. */
  readonly without: TrailSearch
}

/** What is asked for as fields, in a fixed order. */
export function chipsOf(search: TrailSearch): readonly FieldChip[] {
  const without = (...names: readonly (keyof TrailSearch)[]): TrailSearch =>
    cleaned(
      Object.fromEntries(
        Object.entries(search).filter(([name]) => !names.includes(name as keyof TrailSearch)),
      ),
    )
  const chips: FieldChip[] = []
  for (const field of trailTexts) {
    const value = search[field]
    if (value !== undefined) chips.push({ field, value, without: without(field) })
  }
  if (search.verdict !== undefined)
    chips.push({ field: 'verdict', value: search.verdict, without: without('verdict') })
  if (search.masked !== undefined) chips.push({ field: 'masked', value: '', without: without('masked') })
  const rows = wordBounds(search.rowsMin, search.rowsMax)
  if (rows !== undefined) chips.push({ field: 'rows', value: rows, without: without('rowsMin', 'rowsMax') })
  const took = wordBounds(search.msMin, search.msMax)
  if (took !== undefined)
    chips.push({ field: 'took', value: `${took} ms`, without: without('msMin', 'msMax') })
  return chips
}

function wordBounds(least: number | undefined, most: number | undefined): string | undefined {
  if (least === undefined) return most === undefined ? undefined : `≤ ${most}`
  if (most === undefined) return `≥ ${least}`
  return least === most ? `${least}` : `${least}–${most}`
}
