// Users and groups, for administrators; connection tokens, for everybody their own.

import { GatewayError } from '../../core/errors.ts'
import type { GroupId, TargetId, TokenId, UserId } from '../../core/ids.ts'
import type { Routes } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { visibleTarget } from '../targets/visible-targets.ts'

type PeopleRoute = Extract<keyof Routes, `${string} /api/${'users' | 'groups' | 'tokens'}${string}`>

const dayMs = 24 * 60 * 60 * 1000

export function peopleHandlers(parts: ConsoleParts): Handlers<PeopleRoute> {
  const { users, groups, tokens } = parts.access
  return {
    'GET /api/users': () => users.list(),
    async 'POST /api/users'({ input, visitor }) {
      const { user, firstPassword } = await users.create(input, visitor.by)
      return { user, firstPassword: firstPassword.reveal() }
    },
    'PUT /api/users/:id': ({ input, param, visitor }) =>
      users.update(param('id') as UserId, input, visitor.by),
    async 'POST /api/users/:id/password'({ param, visitor }) {
      const firstPassword = await users.resetPassword(param('id') as UserId, visitor.by)
      return { firstPassword: firstPassword.reveal() }
    },
    'POST /api/users/:id/unlock': ({ param, visitor }) => users.unlock(param('id') as UserId, visitor.by),
    'DELETE /api/users/:id': ({ param, visitor }) => users.remove(param('id') as UserId, visitor.by),
    'GET /api/users/:id/tokens': ({ param }) => tokens.list(param('id') as UserId),
    async 'DELETE /api/users/:id/tokens/:token'({ param, visitor }) {
      const id = param('token') as TokenId
      const theirs = await tokens.list(param('id') as UserId)
      if (!theirs.some(token => token.id === id)) throw new GatewayError('not-found', 'token')
      await tokens.revoke(id, visitor.by)
    },

    'GET /api/groups': () => groups.list(),
    'POST /api/groups': ({ input, visitor }) => groups.create(input, visitor.by),
    'PUT /api/groups/:id': ({ input, param, visitor }) =>
      groups.update(param('id') as GroupId, input, visitor.by),
    'DELETE /api/groups/:id': ({ param, visitor }) => groups.remove(param('id') as GroupId, visitor.by),

    async 'POST /api/groups/:id/members'({ input, param, visitor }) {
      const group = (await groups.list()).find(one => one.id === param('id'))
      if (group === undefined) throw new GatewayError('not-found', 'group')
      const members = new Set([...group.members, ...input.add])
      for (const name of input.remove) members.delete(name)
      await groups.update(group.id, { members: [...members] }, visitor.by)
      return { ...group, members: [...members].sort() }
    },

    'GET /api/tokens': ({ visitor }) => tokens.list(visitor.user.id),
    async 'POST /api/tokens'({ input, visitor, address }) {
      // A token that was lost must not make others that outlive it.
      if (visitor.isProgram) throw new GatewayError('request.forbidden')
      const targets: TargetId[] = []
      for (const id of input.targets) {
        targets.push((await visibleTarget(parts, visitor.user, id, address)).id)
      }
      const lifeMs = input.lifeDays * dayMs
      if (lifeMs > parts.limits.tokenLifeMaxMs) {
        throw new GatewayError(
          'request.invalid',
          `a token lives ${Math.floor(parts.limits.tokenLifeMaxMs / dayMs)} days at most`,
        )
      }
      const { token, secret } = await tokens.create(
        { userId: visitor.user.id, label: input.label, targets, lifeMs },
        visitor.by,
      )
      return { token, secret: secret.reveal() }
    },
    async 'DELETE /api/tokens/:id'({ param, visitor }) {
      const id = param('id') as TokenId
      const own = await tokens.list(visitor.user.id)
      if (!own.some(token => token.id === id)) throw new GatewayError('not-found', 'token')
      await tokens.revoke(id, visitor.by)
    },
  }
}
