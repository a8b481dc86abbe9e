// Targets: the list, the form behind it, trying a connection, the tables, and the tags of their columns.

import type { NewTarget } from '../../catalog/catalog.ts'
import { GatewayError } from '../../core/errors.ts'
import type { TargetId } from '../../core/ids.ts'
import { joinKey } from '../../core/jump-secret.ts'
import { Secret } from '../../core/secret.ts'
import type { JumpHost, Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { TargetInput, TargetRow } from '../contract.ts'
import type { Handlers } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'
import { describeTables } from './tables.ts'
import { describeTarget } from './target-row.ts'
import { visibleTarget } from './visible-targets.ts'

type TargetRoute =
  | 'POST /api/targets'
  | 'POST /api/targets/test'
  | 'POST /api/targets/host-key'
  | `${'GET' | 'PUT' | 'DELETE'} /api/targets/:id`
  | 'GET /api/targets/:id/tables'
  | 'PUT /api/targets/:id/tags'
  | 'GET /api/tags'
  | 'PUT /api/tags/:name'

export function targetHandlers(parts: ConsoleParts): Handlers<TargetRoute> {
  const { catalog, publicHost } = parts
  const { targets, tags } = catalog
  const rowOf = (target: Target, user: User): TargetRow =>
    describeTarget(target, user, publicHost, parts.reach.state(target.id))
  return {
    async 'POST /api/targets'({ input, visitor }) {
      if (input.password === undefined) throw new GatewayError('request.invalid', 'the password is missing')
      const { password, disabled, jump, ...facts } = input
      const target = await targets.create(
        { ...facts, password: new Secret(password), ...jumpFacts(jump) },
        visitor.by,
      )
      const final = disabled === true ? await targets.update(target.id, { disabled }, visitor.by) : target
      return rowOf(final, visitor.user)
    },
    async 'POST /api/targets/test'({ input }) {
      const trial = await parts.tryTarget(
        toTry(input),
        await passwordToTry(parts, input),
        await jumpSecretToTry(parts, input),
      )
      if (trial.kind === 'failed') return { ok: false, message: trial.message }
      const { serverVersion, tls, durationMs } = trial
      return { ok: true, serverVersion, tls, durationMs }
    },
    'POST /api/targets/host-key': ({ input }) => parts.askHostKey(input),
    async 'GET /api/targets/:id'({ visitor: { user }, param, address }) {
      const target = await visibleTarget(parts, user, param('id'), address)
      parts.reach.wanted(target.id)
      return rowOf(target, user)
    },
    async 'PUT /api/targets/:id'({ input, param, visitor }) {
      const { password, protocol: _same, jump, ...facts } = input
      const change: Partial<Omit<NewTarget, 'protocol'>> & { readonly disabled?: boolean } = {
        ...facts,
        ...(password === undefined || password === '' ? {} : { password: new Secret(password) }),
        ...jumpFacts(jump),
      }
      return rowOf(await targets.update(param('id') as TargetId, change, visitor.by), visitor.user)
    },
    'DELETE /api/targets/:id': ({ param, visitor }) => targets.remove(param('id') as TargetId, visitor.by),

    async 'GET /api/targets/:id/tables'({ visitor: { user }, param, address }) {
      const target = await visibleTarget(parts, user, param('id'), address)
      const sight = await parts.see(user, target, address)
      const snapshot = await catalog.schemas.fresh(target.id)
      return describeTables(snapshot, tags.effective(target.id, snapshot), await tags.list(target.id), sight)
    },
    async 'PUT /api/targets/:id/tags'({ input, param, visitor, address }) {
      const target = await visibleTarget(parts, visitor.user, param('id'), address)
      await tags.set(target.id, input, visitor.by)
    },

    'GET /api/tags': () => tags.definitions(),
    'PUT /api/tags/:name': ({ input, param, visitor }) =>
      tags.define({ name: param('name'), ...input }, visitor.by),
  }
}

function toTry(input: TargetInput): Omit<Target, 'id' | 'listenPort'> {
  const { password: _secret, tlsCa, disabled, jump, sendProxy, exposed: _port, ...facts } = input
  const { name, protocol, host, port, database, account, tls, tags } = facts
  const rest = {
    tlsCa: tlsCa || undefined,
    disabled: disabled ?? false,
    ...(jump && { jump: jumpHostOf(jump) }),
    ...(sendProxy === true && { sendProxy }),
  }
  return { name, protocol, host, port, database, account, tls, tags, ...rest }
}

type JumpInput = NonNullable<TargetInput['jump']>

function jumpHostOf({ host, port, user, hostKey, auth }: JumpInput): JumpHost {
  return { host, port, user, hostKey: hostKey.trim(), auth }
}

/** As the catalog takes it: what is not given stays. */
function jumpFacts(jump: TargetInput['jump']): Pick<NewTarget, 'jump' | 'jumpSecret'> {
  if (jump === undefined || jump === null) return jump === null ? { jump } : {}
  const secret = secretOf(jump)
  return { jump: jumpHostOf(jump), ...(secret && { jumpSecret: secret }) }
}

/** `undefined`: none was given. */
function secretOf({ auth, secret, passphrase = '' }: JumpInput): Secret | undefined {
  if (secret === undefined || secret === '') return undefined
  return new Secret(auth === 'key' ? joinKey(secret, passphrase) : secret)
}

/** The secret given, or the stored one: but only for the jump host, user and key that it belongs to. */
async function jumpSecretToTry(
  { catalog }: ConsoleParts,
  { jump, id }: TargetInput & { readonly id?: string },
): Promise<Secret | undefined> {
  if (jump === undefined || jump === null) return undefined
  const given = secretOf(jump)
  if (given !== undefined) return given
  const stored = id === undefined ? undefined : await catalog.targets.get(id as TargetId)
  const wanted = jumpHostOf(jump)
  const same = (['host', 'port', 'user', 'hostKey', 'auth'] as const).every(
    field => stored?.jump?.[field] === wanted[field],
  )
  if (stored === undefined || !same) {
    throw new GatewayError('request.invalid', 'jump: give the private key or the password for the jump host')
  }
  return catalog.targets.jumpSecret(stored.id)
}

/** The password given, or the stored one: but only for the place and account that it belongs to. */
async function passwordToTry(
  { catalog }: ConsoleParts,
  input: TargetInput & { readonly id?: string },
): Promise<Secret> {
  if (input.password !== undefined && input.password !== '') return new Secret(input.password)
  if (input.id === undefined) throw new GatewayError('request.invalid', 'the password is missing')
  const stored = await catalog.targets.get(input.id as TargetId)
  if (stored === undefined) throw new GatewayError('not-found', 'target')
  const same = (['host', 'port', 'account', 'tls'] as const).every(field => stored[field] === input[field])
  const way = JSON.stringify(input.jump ? jumpHostOf(input.jump) : null)
  const sameWay = way === JSON.stringify(stored.jump ? jumpHostOf(stored.jump) : null)
  if (!same || !sameWay || (input.tlsCa ?? '') !== (stored.tlsCa ?? '')) {
    throw new GatewayError(
      'request.invalid',
      'host, port, account or TLS differ from what is stored: give the password as well',
    )
  }
  return catalog.targets.password(stored.id)
}
