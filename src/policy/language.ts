// The policy language as the floors above use it: check, compile, format.

import { GatewayError } from '../core/errors.ts'
import { limits } from '../core/limits.ts'
import { createCedar } from './cedar.ts'
import { checkPolicies, isTooComplex } from './check.ts'
import { readForm, writeForm } from './form-text.ts'
import { describePolicy } from './meaning.ts'
import { describePart } from './part.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import type { PolicyLanguage, PolicyProblem } from './policy.ts'
import { createPolicySet } from './policy-set.ts'
import { splitPolicies } from './source.ts'

/** Cedar itself is loaded when it is first asked (some 20 ms). */
export function createPolicyLanguage(): Promise<PolicyLanguage> {
  const cedar = createCedar()
  return Promise.resolve({
    check: (text, language) => {
      const { problems, policies, pieces } = checkPolicies(cedar, text, language)
      const meaningOf = (policy: CompiledPolicy) =>
        describePolicy(policy, language, expression => cedar.print(expression))
      const words = new Map(policies.map(policy => [policy, meaningOf(policy)]))
      const meanings = policies.map(policy => ({
        name: policy.name,
        effect: policy.effect,
        meaning: words.get(policy) ?? '',
        rowFilter: policy.obligations.rowFilter,
        rowLimit: policy.obligations.rowLimit,
        strength: policy.obligations.strength,
      }))
      const parts = pieces.map(({ piece, policy }) =>
        describePart(piece, policy, policy && words.get(policy)),
      )
      return { problems, meanings, parts }
    },
    compile: (text, version) => {
      const { problems, policies } = checkPolicies(cedar, text, 'en')
      // Policies are put in force at the start and when somebody saves them; in between nobody asks.
      cedar.rest()
      const errors = problems.filter(isError)
      if (errors.length > 0) throw new GatewayError('request.invalid', inOneSentence(errors))
      return createPolicySet(
        policies.filter(({ disabled }) => !disabled),
        version,
        text,
      )
    },
    format: text => {
      const pieces = text.length > limits.policySetCharsMax ? [] : splitPolicies(text)
      const isTooMuch =
        text.length > limits.policySetCharsMax ||
        pieces.length > limits.policiesMax ||
        pieces.some(isTooComplex)
      const formatted = isTooMuch ? undefined : cedar.format(text)
      if (typeof formatted === 'string') return formatted
      const { problems } = checkPolicies(cedar, text, 'en')
      throw new GatewayError('request.invalid', inOneSentence(problems.filter(isError)))
    },
    readForm: text => readForm(cedar, text),
    writeForm: form => {
      const text = writeForm(cedar, form)
      if (splitPolicies(text).length !== 1)
        throw new GatewayError('request.invalid', 'a condition in Cedar holds more than a condition')
      return text
    },
  })
}

const isError = ({ severity }: PolicyProblem) => severity === 'error'

function inOneSentence(errors: readonly PolicyProblem[]): string {
  const [first, ...more] = errors
  if (first === undefined) return 'the policies cannot be read'
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`
  return `line ${first.line}, column ${first.column}: ${first.message}${others}`
}
