// A text of policies cut at one of them, and changes of whole policies that leave every other character as it is.

import type { PolicyPart } from '../../../../src/console/contract.ts'

/** One policy under work, between what stands before and after it. */
export interface Cut {
  readonly before: string
  readonly body: string
  readonly after: string
}

type Place = Pick<PolicyPart, 'start' | 'end'>

/** The blank space before a policy belongs to what stands before it, its comments to itself. */
export function cutAt(text: string, part: Place): Cut {
  const whole = text.slice(part.start, part.end)
  const blank = /^\s*/.exec(whole)?.[0].length ?? 0
  return {
    before: text.slice(0, part.start + blank),
    body: whole.slice(blank),
    after: text.slice(part.end),
  }
}

export const joined = ({ before, body, after }: Cut): string => before + body + after

const leadPattern = /^(?:\s+|\/\/[^\n]*(?:\n|$))*/

/** Comments before the first word. */
export const leadOf = (body: string): string => leadPattern.exec(body)?.[0] ?? ''

/** The policy without its comments replaced by another. */
export const withPolicy = (body: string, policy: string): string => leadOf(body) + policy

export const isDisabled = (body: string): boolean => disabledPattern.test(body.slice(leadOf(body).length))

const disabledPattern = /@\s*disabled\s*\(\s*"true"\s*\)[ \t]*\n?/

export function switched(body: string, on: boolean): string {
  const lead = leadOf(body)
  const policy = body.slice(lead.length)
  if (on) return lead + policy.replace(disabledPattern, '')
  return isDisabled(body) ? body : `${lead}@disabled("true")\n${policy}`
}

/** @returns the text without the policy and the blank lines before it */
export function without(text: string, part: Place): string {
  return (text.slice(0, part.start) + text.slice(part.end)).replace(/^\s*\n/, '')
}

/** @returns the text with a policy and the one after it in each other's place */
export function swapped(text: string, first: Place, second: Place): string {
  const [a, b] = [cutAt(text, first), cutAt(text, second)]
  const between = b.before.slice(a.before.length + a.body.length)
  return a.before + b.body + between + a.body + b.after
}

/** @returns the text with a policy behind all others, set apart by a blank line */
export function appended(text: string, policy: string): string {
  const head = text.trimEnd()
  return head === '' ? policy : `${head}\n\n${policy}`
}

/** A name that no policy has yet. */
export function freeName(wish: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wish : `${wish}-${number}`
    if (!taken.has(name)) return name
  }
}

/** Where a line and column of the whole text, both from 1, are in a piece that begins at an offset; `undefined`: elsewhere. */
export function placeIn(
  text: string,
  { before, body }: Cut,
  line: number,
  column: number,
): { readonly line: number; readonly column: number } | undefined {
  let offset = 0
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', offset)
    if (end < 0) return undefined
    offset = end + 1
  }
  offset += column - 1
  const within = offset - before.length
  if (within < 0 || within > body.length) return undefined
  const head = body.slice(0, within)
  return { line: head.split('\n').length, column: within - head.lastIndexOf('\n') }
}
