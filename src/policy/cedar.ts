// Cedar's own implementation: reads, formats and type-checks policies. It decides nothing; its authorizer is the oracle of our tests.

import { createRequire } from 'node:module'
import type * as cedarWasm from '@cedar-policy/cedar-wasm/nodejs'
import type { DetailedError, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { policySchema } from './schema.ts'

export type CedarModule = typeof cedarWasm

export interface CedarError {
  readonly message: string
  /** Bytes into the text that was given. */
  readonly start: number | undefined
}

export type CedarParsed =
  | { readonly kind: 'policy'; readonly json: PolicyJson }
  | { readonly kind: 'wrong'; readonly errors: readonly CedarError[] }

export interface CedarFinding extends CedarError {
  readonly severity: 'error' | 'warning'
  /** Which of the texts that were given. */
  readonly index: number
}

export interface Cedar {
  parse(text: string): CedarParsed
  validate(texts: readonly string[]): readonly CedarFinding[]
  /** @returns `undefined` if the text cannot be read */
  format(text: string): string | undefined
  /** Gives back its 10 MB of memory until it is asked again, which then takes some 40 ms longer. */
  rest(): void
  /** A condition as Cedar writes it; `undefined` if it is too deep for that. */
  print(expression: unknown): string | undefined
}

const require = createRequire(import.meta.url)
const moduleName = '@cedar-policy/cedar-wasm/nodejs'

export function createCedar(): Cedar {
  let cedar: CedarModule | undefined
  const forget = (): void => {
    delete require.cache[require.resolve(moduleName)]
    cedar = undefined
  }
  const ask = <T>(question: (module: CedarModule) => T): T | undefined => {
    cedar ??= require(moduleName) as CedarModule
    try {
      return question(cedar)
    } catch {
      // After running out of stack an instance of the module is broken for good: the next question takes a new one.
      forget()
      return undefined
    }
  }
  const tooComplex = { message: 'this is too complex to be read', start: undefined }
  return {
    rest: forget,
    parse: text => {
      const answer = ask(module => module.policyToJson(text))
      if (answer === undefined) return { kind: 'wrong', errors: [tooComplex] }
      if (answer.type === 'success') return { kind: 'policy', json: answer.json }
      return { kind: 'wrong', errors: answer.errors.flatMap(toErrors) }
    },
    validate: texts => {
      const staticPolicies = Object.fromEntries(texts.map((text, index) => [`p${index}`, text]))
      const answer = ask(module => module.validate({ schema: policySchema, policies: { staticPolicies } }))
      if (answer === undefined) return [{ ...tooComplex, severity: 'error', index: 0 }]
      if (answer.type === 'failure')
        return answer.errors.flatMap(toErrors).map(error => ({ ...error, severity: 'error', index: 0 }))
      const find = (severity: 'error' | 'warning') => (found: { policyId: string; error: DetailedError }) =>
        toErrors(found.error).map(error => ({ ...error, severity, index: Number(found.policyId.slice(1)) }))
      return [
        ...answer.validationErrors.flatMap(find('error')),
        ...answer.validationWarnings.flatMap(find('warning')),
      ]
    },
    format: text => {
      const answer = ask(module =>
        module.formatPolicies({ policyText: text, lineWidth: 100, indentWidth: 2 }),
      )
      return answer?.type === 'success' ? answer.formatted_policy : undefined
    },
    print: body => {
      const scope = { op: 'All' } as const
      const conditions = [{ kind: 'when', body }] as PolicyJson['conditions']
      const policy = {
        effect: 'permit',
        principal: scope,
        action: scope,
        resource: scope,
        conditions,
      } as const
      const answer = ask(module => module.policyToText(policy))
      if (answer?.type !== 'success') return undefined
      return /when\s*\{([^]*)\};?\s*$/.exec(answer.text)?.[1]?.trim().replaceAll(/\s+/g, ' ')
    },
  }
}

/** The sentence without its technical beginning, with Cedar's advice behind it, and the errors related to it. */
function toErrors(error: DetailedError): readonly CedarError[] {
  const sentence = error.message
    .replace(/^failed to parse (policy|policies|policy set) from string: /, '')
    .replace(/^for policy `[^`]*`, /, '')
    .replace(/ for Action::"[^"]*"$/, '')
    .replace(/ in context for Action::"[^"]*"/, ' in context')
  const label = error.sourceLocations?.find(location => location.label !== null)?.label
  const message = [sentence, label, error.help].filter(part => part !== null && part !== undefined).join('; ')
  const own = { message, start: error.sourceLocations?.[0]?.start }
  return [own, ...(error.related ?? []).flatMap(toErrors)]
}
