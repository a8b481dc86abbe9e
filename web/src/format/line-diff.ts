// What changed between two texts, line by line: the fewest lines removed and added.

export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  /** Unchanged lines that are far from every change. */
  | { readonly kind: 'skipped'; readonly count: number }

/** Beyond so many pairs of lines the middle is told as replaced as a whole. */
const pairsMax = 4_000_000

export function diffLines(before: string, after: string): readonly Exclude<DiffLine, { kind: 'skipped' }>[] {
  const old = before.split('\n')
  const now = after.split('\n')
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let end = 0
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end += 1
  }
  return [
    ...old.slice(0, start).map(text => ({ kind: 'same', text }) as const),
    ...diffMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(text => ({ kind: 'same', text }) as const),
  ]
}

function diffMiddle(old: readonly string[], now: readonly string[]) {
  const lines: { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }[] = []
  if (old.length * now.length > pairsMax) {
    return [
      ...old.map(text => ({ kind: 'removed', text }) as const),
      ...now.map(text => ({ kind: 'added', text }) as const),
    ]
  }
  const common = commonLengths(old, now)
  const width = now.length + 1
  let at = 0
  let to = 0
  while (at < old.length && to < now.length) {
    if (old[at] === now[to]) {
      lines.push({ kind: 'same', text: old[at] ?? '' })
      at += 1
      to += 1
    } else if ((common[(at + 1) * width + to] ?? 0) >= (common[at * width + to + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old[at] ?? '' })
      at += 1
    } else {
      lines.push({ kind: 'added', text: now[to] ?? '' })
      to += 1
    }
  }
  for (const text of old.slice(at)) lines.push({ kind: 'removed', text })
  for (const text of now.slice(to)) lines.push({ kind: 'added', text })
  return lines
}

/** For every pair of places: how many lines the rests have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = now.length - 1; to >= 0; to -= 1) {
      lengths[at * width + to] =
        old[at] === now[to]
          ? (lengths[(at + 1) * width + to + 1] ?? 0) + 1
          : Math.max(lengths[(at + 1) * width + to] ?? 0, lengths[at * width + to + 1] ?? 0)
    }
  }
  return lengths
}

/** Leaves out unchanged lines that are more than `around` lines away from a change. */
export function foldSame(lines: ReturnType<typeof diffLines>, around: number): readonly DiffLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(line => line.kind !== 'same'),
  )
  const folded: DiffLine[] = []
  for (const [index, line] of lines.entries()) {
    const last = folded.at(-1)
    if (near[index] === true) folded.push(line)
    else if (last?.kind === 'skipped') folded[folded.length - 1] = { kind: 'skipped', count: last.count + 1 }
    else folded.push({ kind: 'skipped', count: 1 })
  }
  return folded
}
