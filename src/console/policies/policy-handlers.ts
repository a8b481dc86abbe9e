// Policies: versions, checking, formatting, saving.

import { GatewayError } from '../../core/errors.ts'
import type { Routes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import type { PolicyWorkRoutes } from './policy-contract.ts'

type PolicyRoute = Exclude<Extract<keyof Routes, `${string} /api/policies${string}`>, keyof PolicyWorkRoutes>

export function policyHandlers({ policyBook, policyLanguage }: ConsoleParts): Handlers<PolicyRoute> {
  return {
    async 'GET /api/policies'() {
      return { current: await policyBook.current(), versions: await policyBook.list() }
    },
    async 'GET /api/policies/:version'({ param }) {
      const version = Number(param('version'))
      const saved = Number.isSafeInteger(version) ? await policyBook.get(version) : undefined
      if (saved === undefined) throw new GatewayError('not-found', 'policy version')
      return saved
    },
    'POST /api/policies/check': ({ input }) =>
      Promise.resolve(policyLanguage.check(input.text, input.language)),
    async 'POST /api/policies/format'({ input }) {
      return { text: policyLanguage.format(input.text) }
    },
    'PUT /api/policies': ({ input, visitor }) =>
      policyBook.save(input.text, input.note, input.basedOn, visitor.by),
  }
}
