// Two texts compared line by line: `+` and `-` with a little of what stands around them. Pure.

const around = 2

/** Longest common subsequence; long texts that differ much are told whole. */
const cellsMax = 4_000_000

export function diffLines(before: string, after: string): readonly string[] {
  const a = before.trimEnd() === '' ? [] : before.trimEnd().split('\n')
  const b = after.trimEnd() === '' ? [] : after.trimEnd().split('\n')
  if (a.length * b.length > cellsMax) return [...a.map(line => `- ${line}`), ...b.map(line => `+ ${line}`)]
  const told = walk(a, b)
  if (told.every(line => line.startsWith(' '))) return []
  const isNear = told.map((_, at) =>
    told.slice(Math.max(0, at - around), at + around + 1).some(line => !line.startsWith(' ')),
  )
  return told.flatMap((line, at) => {
    if (isNear[at] === true) return [line]
    return isNear[at - 1] === true || at === 0 ? ['  …'] : []
  })
}

function walk(a: readonly string[], b: readonly string[]): readonly string[] {
  // common[i][j]: length of what a from i and b from j have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const told: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      told.push(`  ${a[i] ?? ''}`)
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) told.push(`- ${a[i++] ?? ''}`)
    else told.push(`+ ${b[j++] ?? ''}`)
  }
  return told
}
