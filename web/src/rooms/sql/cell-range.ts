// Which cells of a grid are selected: from where a selection began to where it is now.

export interface Cell {
  readonly row: number
  readonly column: number
}

export interface CellRange {
  readonly anchor: Cell
  readonly focus: Cell
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
}

/** The cells of the range, row by row. */
export function cutRange<Value>(rows: readonly (readonly Value[])[], range: CellRange): Value[][] {
  const { anchor, focus } = range
  return rows
    .slice(Math.min(anchor.row, focus.row), Math.max(anchor.row, focus.row) + 1)
    .map(row => row.slice(Math.min(anchor.column, focus.column), Math.max(anchor.column, focus.column) + 1))
}

const steps: Readonly<Record<string, (cell: Cell, size: GridSize, page: number) => Cell>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  PageUp: ({ row, column }, _, page) => ({ row: row - page, column }),
  PageDown: ({ row, column }, _, page) => ({ row: row + page, column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, size) => ({ row, column: size.columns - 1 }),
}

/** Where a key leads from a cell, kept within the grid; `undefined` if it leads nowhere. With `far` (Ctrl): to the edge. */
export function stepCell(
  cell: Cell,
  key: string,
  far: boolean,
  size: GridSize,
  page: number,
): Cell | undefined {
  const step = steps[key]
  if (step === undefined) return undefined
  let next = step(cell, size, page)
  if (far) {
    if (key === 'Home' || key === 'ArrowUp') next = { ...next, row: 0 }
    if (key === 'End' || key === 'ArrowDown') next = { ...next, row: size.rows - 1 }
    if (key === 'ArrowLeft') next = { ...next, column: 0 }
    if (key === 'ArrowRight') next = { ...next, column: size.columns - 1 }
  }
  return {
    row: Math.max(0, Math.min(size.rows - 1, next.row)),
    column: Math.max(0, Math.min(size.columns - 1, next.column)),
  }
}
