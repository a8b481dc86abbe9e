// Which column of a file goes into which column of a table, as far as their names tell. Empty: none.

const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

export function matchColumns(
  from: readonly string[],
  to: readonly string[],
): Readonly<Record<string, string>> {
  const left = new Set(to)
  const take = (fits: (one: string) => boolean): string => {
    const found = [...left].find(fits) ?? ''
    left.delete(found)
    return found
  }
  const exact = from.map(name => [name, take(one => one === name)] as const)
  return Object.fromEntries(
    exact.map(([name, found]) => [name, found === '' ? take(one => bare(one) === bare(name)) : found]),
  )
}
