// Keeps the query rules in force and their versions.

import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { ChangeEvent } from '../core/event.ts'
import type { EventId, NewId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { compileRules, type QueryRule, type RuleBook, type RuleStore, type SavedRules } from './rules.ts'

export interface RuleBookParts {
  readonly store: RuleStore
  /** Puts a change on record before it is done. @throws GatewayError `audit.unavailable` */
  readonly record: (event: ChangeEvent) => Promise<void>
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
}

const none: SavedRules = { version: 0, rules: [], savedBy: '', savedAtMs: 0 }

/** @returns the book with the newest saved version in force; without one, no rules */
export async function createRuleBook(parts: RuleBookParts): Promise<RuleBook> {
  const { store, record, messages, clock, newId, limits } = parts
  const current = async () => (await store.current()) ?? none
  const saved = await current()
  let inForce = compileRules(saved.version, saved.rules)
  const refresh = async (): Promise<void> => {
    const newest = await current()
    if (newest.version > inForce.version) inForce = compileRules(newest.version, newest.rules)
  }
  return {
    get inForce() {
      return inForce
    },
    current,
    refresh,
    async save(rules, basedOn, by) {
      checkRules(rules, limits)
      const before = await current()
      if (basedOn !== before.version)
        throw new GatewayError(
          'conflict',
          `version ${before.version} of the rules, saved by somebody else meanwhile`,
        )
      const version = before.version + 1
      const next: SavedRules = { version, rules, savedBy: by.userName, savedAtMs: clock.nowMs() }
      await record({
        kind: 'changed',
        id: newId<EventId>(),
        atMs: next.savedAtMs,
        actor: by,
        what: 'rules.saved',
        object: `query rules version ${version}`,
        fields: { version: [basedOn, version], rules: [before.rules, rules] },
      })
      await store.add(next)
      inForce = compileRules(version, rules)
      messages.publish('rules', String(version))
      return next
    },
  }
}

function checkRules(rules: readonly QueryRule[], limits: Limits): void {
  const wrong = (what: string) => new GatewayError('request.invalid', what)
  if (rules.length > limits.queryRulesMax) throw wrong(`there are more than ${limits.queryRulesMax} rules`)
  const names = new Set<string>()
  for (const { name, value, match } of rules) {
    if (name.trim() === '') throw wrong('every rule needs a name')
    if (names.has(name)) throw wrong(`two rules are called “${name}”`)
    names.add(name)
    if (value.trim() === '') throw wrong(`the rule “${name}” does not say which statements it is for`)
    if (match === 'pattern' && value.replaceAll(/[*\s]/g, '') === '')
      throw wrong(`the rule “${name}” would fit every statement`)
  }
}
