// How well what was typed fits a name: every letter in order, better at the beginnings of words and without gaps.

/** @returns  the higher the better; `undefined`: it does not fit */
export function matchScore(typed: string, name: string): number | undefined {
  const wanted = typed.toLowerCase().replace(/\s+/g, '')
  const text = name.toLowerCase()
  if (wanted === '') return 0
  const whole = text.indexOf(wanted)
  if (whole >= 0) return 1_000 - whole - text.length / 100 + (isStart(text, whole) ? 500 : 0)
  let score = 0
  let from = 0
  let last = -2
  for (const letter of wanted) {
    const at = text.indexOf(letter, from)
    if (at < 0) return undefined
    score += (at === last + 1 ? 8 : 0) + (isStart(text, at) ? 10 : 0) - Math.min(5, at - from)
    last = at
    from = at + letter.length
  }
  return score - text.length / 100
}

const isStart = (text: string, at: number): boolean => at === 0 || /[\s\-_./:]/.test(text[at - 1] ?? '')

interface Findable {
  readonly id: string
  readonly name: string
  readonly also?: string
}

/** A name that fits comes before what only stands for it. */
const lessByOther = 5

function scoreOf(typed: string, { name, also }: Findable): number | undefined {
  const other = also === undefined ? undefined : matchScore(typed, also)
  return matchScore(typed, name) ?? (other === undefined ? undefined : other - lessByOther)
}

/** Those that fit, best first; of equal ones those used last come first. */
export function bestMatches<Item extends Findable>(
  items: readonly Item[],
  typed: string,
  recent: readonly string[],
  most: number,
): readonly Item[] {
  return items
    .flatMap((item, index) => {
      const score = scoreOf(typed, item)
      if (score === undefined) return []
      const used = recent.indexOf(item.id)
      return [{ item, index, score: score + (used < 0 ? 0 : 60 - used) }]
    })
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most)
    .map(({ item }) => item)
}
