// Opens what decides: policies, query rules, and what everybody took today.

import { createPolicyBook } from '../gate/create-policy-book.ts'
import { createRuleBook } from '../gate/create-rule-book.ts'
import type { PolicyBook } from '../gate/policy-book.ts'
import type { RuleBook } from '../gate/rules.ts'
import { Usage } from '../gate/usage.ts'
import { createPolicyLanguage } from '../policy/language.ts'
import type { PolicyLanguage } from '../policy/policy.ts'
import { starterPolicies } from '../policy/starter-policies.ts'
import { createPolicyStore } from '../storage/policy-store.ts'
import { createRuleStore } from '../storage/rule-store.ts'
import { createUsageStore } from '../storage/usage-store.ts'
import { after } from './after.ts'
import type { Foundation } from './foundation.ts'

export interface OpenPolicies {
  readonly policyLanguage: PolicyLanguage
  readonly policyBook: PolicyBook
  readonly ruleBook: RuleBook
  readonly usage: Usage
}

export async function openPolicies(foundation: Foundation, timeZone: string): Promise<OpenPolicies> {
  const { database, clock, warn } = foundation
  const policyLanguage = await createPolicyLanguage()
  const policyBook = await createPolicyBook({
    ...foundation,
    store: createPolicyStore(database),
    language: policyLanguage,
    starter: starterPolicies,
  })
  const ruleBook = await createRuleBook({ ...foundation, store: createRuleStore(database) })
  const usage = new Usage({
    store: createUsageStore(database),
    nowMs: () => clock.nowMs(),
    timeZone,
    after,
    warn,
  })
  await usage.start()
  return { policyLanguage, policyBook, ruleBook, usage }
}
