// Rows of an uploaded file, whatever its format.

export interface FileRow {
  /** Where it begins in the file, or its number in the sheet; from 1. */
  readonly line: number
  /** `null`: nothing stands there, not even quotes. */
  readonly values: readonly (string | null)[]
}

export interface FileStatement {
  readonly line: number
  readonly text: string
}

/** Names of columns as the first row gives them; those without one are called by their place. */
export function columnNames(first: readonly (string | null)[]): readonly string[] {
  const taken = new Set<string>()
  return first.map((value, at) => {
    const name = value?.trim() || `column_${at + 1}`
    let free = name
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`
    taken.add(free)
    return free
  })
}
