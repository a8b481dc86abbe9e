// Why somebody runs a statement: given as the comment that it begins with. It is part of the text, and sealed with it.

/** Longer reasons are cut off where they are shown; what was written stays in the text. */
export const reasonCharsMax = 1_000

const inBlock = /^\s*\/\*\s*reason:([^]*?)\*\//i
const inLine = /^\s*--[ \t]+reason:([^\r\n]*)/i

/** What is told to somebody who gave none. */
export const howToGiveReason =
  'Begin the statement with a comment that says why you run it, for instance: /* reason: ticket 4711 */'

/** @returns the reason, without white space around it; `undefined` if none is given, or an empty one */
export function reasonOf(text: string): string | undefined {
  // Hardly any statement begins with a comment: look at the first sign before anything else.
  const first = text.trimStart()
  if (!first.startsWith('/*') && !first.startsWith('--')) return undefined
  const [, found = ''] = inBlock.exec(text) ?? inLine.exec(text) ?? []
  const reason = found.replaceAll(/\s+/g, ' ').trim()
  return reason === '' ? undefined : reason.slice(0, reasonCharsMax)
}
