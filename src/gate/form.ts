// Judgements that hold for every text of one form: the same text but for the values of its literals.

import type { Lifted, Splice } from '../sql/dialect.ts'
import type { Passed } from './gate.ts'

/** A change between two literals; it moves along with the one before it. */
interface Change {
  /** Literals before it. */
  readonly after: number
  /** Distance from the end of the literal before it, or from the beginning of the text. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What was judged once. No text of a user is kept. */
export interface Form {
  readonly passed: Passed
  readonly changes: readonly Change[]
}

/**
 * @param splices what was done to the text that was judged; none of it may touch a literal
 * @returns `undefined` if the judgement holds for that text only
 */
export function formOf(passed: Passed, lifted: Lifted, splices: readonly Splice[]): Form | undefined {
  const { reading } = passed
  if (reading.inert !== true || reading.changesState || reading.changesSchema) return undefined
  const changes: Change[] = []
  for (const { start, end, text } of splices) {
    let after = 0
    while ((lifted.literals[after * 2 + 1] ?? Number.POSITIVE_INFINITY) <= start) after += 1
    if (end > (lifted.literals[after * 2] ?? Number.POSITIVE_INFINITY)) return undefined
    const base = endOf(lifted, after)
    changes.push({ after, start: start - base, end: end - base, text })
  }
  // The trees of the dialect's own reading are large, and say nothing that would still be asked.
  const { kind, action, shape } = reading
  const light = { kind, text: '', action, shape, changesState: false, changesSchema: false, inert: true }
  return { passed: { ...passed, original: '', text: '', reading: light }, changes }
}

/** The judgement of another text of that form. */
export function passedAs(form: Form, text: string, lifted: Lifted): Passed {
  const { passed, changes } = form
  let sent = text
  if (changes.length > 0) {
    sent = ''
    let position = 0
    for (const change of changes) {
      const base = endOf(lifted, change.after)
      sent += text.slice(position, base + change.start) + change.text
      position = base + change.end
    }
    sent += text.slice(position)
  }
  return { ...passed, original: text, text: sent, reading: { ...passed.reading, text } }
}

/** End of the last of so many literals. */
function endOf(lifted: Lifted, literals: number): number {
  return literals === 0 ? 0 : (lifted.literals[literals * 2 - 1] ?? 0)
}
