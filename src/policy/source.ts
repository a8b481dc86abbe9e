// The text of a set cut into its policies, with what is needed to point at places in it. Comments and strings are skipped over.

export interface Piece {
  readonly text: string
  /** Where it begins in the whole text. */
  readonly start: number
  /** Where its first word is. */
  readonly head: number
  /** Where its annotations are, by name. */
  readonly annotations: ReadonlyMap<string, number>
  /** Nesting of brackets at the deepest. */
  readonly depth: number
  /** Operators, conditionals and accesses: what a reader recurses on beside brackets. */
  readonly operators: number
}

interface Draft {
  readonly start: number
  head: number | undefined
  readonly annotations: Map<string, number>
  nesting: number
  depth: number
  operators: number
}

const draft = (start: number): Draft => ({
  start,
  head: undefined,
  annotations: new Map(),
  nesting: 0,
  depth: 0,
  operators: 0,
})

/** A string, a comment, an annotation's name, a conditional, blank space, or any one character. */
const token = /"(?:\\[^]|[^"\\])*"?|\/\/[^\n\r]*|@\s*([A-Za-z_]\w*)|\bif\b|&&|\|\||\s+|\w+|[^]/gy

/** One piece for each policy; what follows the last `;` is one too, unless it is blank. */
export function splitPolicies(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let current = draft(0)
  const close = (end: number) => {
    const { head, ...rest } = current
    if (head !== undefined) pieces.push({ ...rest, head, text: text.slice(current.start, end) })
    current = draft(end)
  }
  for (const match of text.matchAll(token)) {
    const [word] = match
    if (word.startsWith('//') || word.trim() === '') continue
    current.head ??= match.index
    note(current, word, match[1], match.index)
    if (word === ';') close(match.index + 1)
  }
  close(text.length)
  return pieces
}

function note(current: Draft, word: string, annotation: string | undefined, at: number): void {
  if (annotation !== undefined && !current.annotations.has(annotation))
    current.annotations.set(annotation, at)
  if ('([{'.includes(word)) current.depth = Math.max(current.depth, ++current.nesting)
  if (')]}'.includes(word)) current.nesting -= 1
  if (['.', '+', '-', '*', '!', 'if', '&&', '||'].includes(word)) current.operators += 1
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export function positionAt(text: string, index: number): Position {
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

/** Cedar counts bytes of UTF-8. */
export function indexOfByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length
}
