// Rules for what tools do by themselves: deny it, spare it the guards, or keep the noise out of the record.

import type { SqlStatement } from '../core/action.ts'
import type { Actor } from '../core/event.ts'
import type { Target, TargetProtocol } from '../core/target.ts'

/**
 * `deny` refuses. `allow` lifts the wish for a condition, a reason or an approval; it permits nothing that policy does not, and
 * lifts no mask. `noise`: of reading that touches nothing hidden, the first of each shape in a session is recorded in full
 * and the others are counted.
 */
export type RuleVerdict = 'allow' | 'deny' | 'noise'

export interface QueryRule {
  /** Unique in the set. */
  readonly name: string
  readonly verdict: RuleVerdict
  /** `shape`: the statement with `$n` for its literals. `pattern`: the same with `*` for anything, capitals do not matter. `text`: every byte. */
  readonly match: 'shape' | 'text' | 'pattern'
  readonly value: string
  /** Name of the only target it is for. */
  readonly target?: string | undefined
  /** The only family it is for. */
  readonly protocol?: TargetProtocol | undefined
  readonly note: string
}

export interface SavedRules {
  readonly version: number
  /** The first that fits decides. */
  readonly rules: readonly QueryRule[]
  readonly savedBy: string
  readonly savedAtMs: number
}

/** Where versions are kept; implemented by `storage/`. */
export interface RuleStore {
  current(): Promise<SavedRules | undefined>
  /** @throws GatewayError `conflict` if `saved.version` exists already */
  add(saved: SavedRules): Promise<void>
}

export interface RuleBook {
  /** What is in force now. */
  readonly inForce: RuleSet
  current(): Promise<SavedRules>
  /** Puts in force what another server saved. */
  refresh(): Promise<void>
  /** Checks, records the change, saves, and puts in force. @throws GatewayError `request.invalid | conflict | audit.unavailable` */
  save(rules: readonly QueryRule[], basedOn: number, by: Actor): Promise<SavedRules>
}

/** Rules ready to be asked. Immutable. */
export interface RuleSet {
  readonly version: number
  /** Whether this very text is named by a rule: what is known of its form does not hold for it. */
  namesText(text: string): boolean
  find(target: Target, text: string, shape: string): QueryRule | undefined
}

export function compileRules(version: number, rules: readonly QueryRule[]): RuleSet {
  const texts = new Set(rules.filter(({ match }) => match === 'text').map(({ value }) => value))
  const tests = rules.map(rule => ({ rule, fits: testOf(rule) }))
  return {
    version,
    namesText: text => texts.has(text),
    find(target, text, shape) {
      for (const { rule, fits } of tests) {
        if (rule.target !== undefined && rule.target !== target.name) continue
        if (rule.protocol !== undefined && rule.protocol !== target.protocol) continue
        if (fits(text, shape)) return rule
      }
      return undefined
    },
  }
}

export const noRules: RuleSet = compileRules(0, [])

function testOf({ match, value }: QueryRule): (text: string, shape: string) => boolean {
  if (match === 'text') return text => text === value
  if (match === 'shape') return (_, shape) => shape === value
  const pieces = value.toLowerCase().split('*')
  return (_, shape) => fitsPattern(pieces, shape.toLowerCase())
}

/** Piece after piece, each as early as it comes: linear, whatever somebody writes. */
function fitsPattern(pieces: readonly string[], shape: string): boolean {
  const [first = '', ...others] = pieces
  if (!shape.startsWith(first)) return false
  const last = others.pop()
  if (last === undefined) return shape.length === first.length
  let at = first.length
  for (const piece of others) {
    const found = shape.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return shape.length - last.length >= at && shape.endsWith(last)
}

/** Whether nothing but reading is done; what is written is always recorded in full. */
export function onlyReads(statements: readonly SqlStatement[]): boolean {
  return statements.every(
    ({ effects, tables }) =>
      effects.length === 0 && tables.every(use => use.effects.every(effect => effect === 'select')),
  )
}
