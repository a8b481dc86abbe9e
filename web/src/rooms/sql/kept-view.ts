// How a result is looked at: kept as long as the result is, for when its tab comes to the front again.

import type { CellRange } from './cell-range.ts'
import type { QueryResult } from './query-run.ts'
import type { RowSort } from './row-order.ts'

export interface ResultLook {
  readonly form: 'grid' | 'chart'
  readonly filter: string
  readonly sort: RowSort | undefined
  readonly range: CellRange | undefined
  readonly cellShown: boolean
}

export interface ScrollPlace {
  readonly top: number
  readonly left: number
}

const looks = new WeakMap<QueryResult, ResultLook>()
const places = new WeakMap<QueryResult, ScrollPlace>()

export const keptLook = (result: QueryResult): ResultLook | undefined => looks.get(result)

export function keepLook(result: QueryResult, look: ResultLook): void {
  looks.set(result, look)
}

export const keptPlace = (result: QueryResult): ScrollPlace => places.get(result) ?? { top: 0, left: 0 }

export function keepPlace(result: QueryResult, place: ScrollPlace): void {
  places.set(result, place)
}
