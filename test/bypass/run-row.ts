// Runs one row of the corpus in one world, and compares what was heard in both.

import { marker, maskKey, secrets, type World } from './world.ts'

/** What all families of databases have in common: a row, and who carries it. */
export interface Row<Sent> {
  readonly statements: readonly Sent[]
}

export interface Carrier<Sent, Heard> {
  open(world: World): Promise<{ ask(sent: Sent): Promise<Heard>; close(): Promise<void> }>
}

export interface RowOutcome<Heard> {
  readonly world: World
  readonly heard: readonly Heard[]
}

/** Literals of the row itself that hold the marker: what a person wrote, they may see. */
export function ownWords(row: Row<unknown>): readonly string[] {
  const texts = row.statements.flatMap(sent => (typeof sent === 'string' ? [sent] : wordsOf(sent)))
  return texts.flatMap(text => [...text.matchAll(/'([^']*zq7[^']*)'/gi)].map(match => match[1] ?? ''))
}

function wordsOf(sent: unknown): readonly string[] {
  const { text = '', parameters = [] } = sent as { text?: string; parameters?: readonly (string | null)[] }
  return [text, ...parameters.map(String)]
}

export async function runRow<Sent, Heard>(
  executor: Carrier<Sent, Heard>,
  world: World,
  row: Row<Sent>,
): Promise<RowOutcome<Heard>> {
  const session = await executor.open(world)
  const heard: Heard[] = []
  try {
    for (const sent of row.statements) heard.push(await session.ask(sent))
  } finally {
    await session.close()
  }
  return { world, heard }
}

/** What tells the worlds apart, or shows a hidden value; `undefined`: nothing does. */
export function findLeak(
  outcomes: readonly RowOutcome<{ readonly bytes: Buffer }>[],
  own: readonly string[],
): string | undefined {
  const [a, b] = outcomes
  if (!a || !b) return 'there must be two worlds'
  for (const { world, heard } of outcomes) {
    for (const [index, one] of heard.entries()) {
      const seen = findSecret(without(one.bytes, own), world)
      if (seen !== undefined) return `statement ${index + 1} shows ${seen} in world ${world}`
    }
  }
  for (const [index, one] of a.heard.entries()) {
    const other = b.heard[index]
    if (other && !one.bytes.equals(other.bytes))
      return `statement ${index + 1} tells the worlds apart: ${firstDifference(one.bytes, other.bytes)}`
  }
  return undefined
}

/** The marker as it is, and as the usual ways of writing bytes would show it. */
const markers = [
  marker,
  marker.toUpperCase(),
  Buffer.from(marker).toString('hex'),
  Buffer.from(marker).toString('hex').toUpperCase(),
  Array.from(marker).toReversed().join(''),
  maskKey,
]

function without(bytes: Buffer, own: readonly string[]): Buffer {
  if (own.length === 0) return bytes
  let text = bytes.toString('latin1')
  for (const word of own) text = text.replaceAll(word, '')
  return Buffer.from(text, 'latin1')
}

function findSecret(bytes: Buffer, world: World): string | undefined {
  const found = markers.find(text => bytes.includes(text))
  if (found !== undefined) return `"${around(bytes, bytes.indexOf(found))}"`
  return secrets(world).find(secret => bytes.includes(secret))
}

function firstDifference(a: Buffer, b: Buffer): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return `"${around(a, at)}" and "${around(b, at)}"`
}

function around(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', Math.max(0, at - 30), at + 50).replaceAll(/[^\u0020-\u007E]/g, '.')
}
