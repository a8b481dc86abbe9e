// Query rules and their tester; ready-made policies.

import { GatewayError } from '../../core/errors.ts'
import type { TargetId } from '../../core/ids.ts'
import { policyTemplates } from '../../policy/policy-templates.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

type RuleRoute = 'GET /api/policy-templates' | 'GET /api/rules' | 'PUT /api/rules' | 'POST /api/rules/test'

export function ruleHandlers({ ruleBook, rehearse, catalog, access }: ConsoleParts): Handlers<RuleRoute> {
  return {
    'GET /api/policy-templates': () => Promise.resolve(policyTemplates),
    'GET /api/rules': () => ruleBook.current(),
    'PUT /api/rules': ({ input, visitor }) => ruleBook.save(input.rules, input.basedOn, visitor.by),
    async 'POST /api/rules/test'({ input, visitor }) {
      const target = await catalog.targets.get(input.targetId as TargetId)
      if (target === undefined) throw new GatewayError('not-found', 'target')
      const { userName } = input
      const user =
        userName === undefined
          ? visitor.user
          : (await access.users.list()).find(({ name }) => name === userName)
      if (user === undefined) throw new GatewayError('not-found', 'user')
      const [trial] = (await rehearse(user, target, { rules: input.rules })).try([input.text])
      if (trial === undefined) throw new TypeError('one text makes one trial')
      return trial
    },
  }
}
