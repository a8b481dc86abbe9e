// Working on policies before they are saved: forms, differences, trying out, replaying. Nothing here changes what is in force.

import { Readable } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import type { Actor } from '../../core/event.ts'
import type { TargetId } from '../../core/ids.ts'
import type { User } from '../../core/user.ts'
import { ConnectDenied } from '../../gate/views.ts'
import { differ, type Subject } from '../../policy/difference.ts'
import type { PolicySet } from '../../policy/policy.ts'
import { usersNamed } from '../../policy/reach.ts'
import type { PolicySource, PolicyWorkRoutes, TryInput, TryResult } from './policy-contract.ts'
import { eventLines, type Handlers } from '../handlers.ts'
import { inSlices } from '../in-slices.ts'
import { knownTargets } from '../targets/known-targets.ts'
import type { ConsoleParts } from '../parts.ts'
import { replay } from './policy-replay.ts'

export function policyWorkHandlers(parts: ConsoleParts): Handlers<keyof PolicyWorkRoutes> {
  const { policyLanguage, clock, access, catalog } = parts
  const replayParts = { ...parts, users: () => access.users.list(), targets: () => catalog.targets.list() }
  return {
    'POST /api/policies/form': ({ input }) => Promise.resolve(policyLanguage.readForm(input.text)),
    'POST /api/policies/write': ({ input }) =>
      Promise.resolve({ text: policyLanguage.writeForm(input.form) }),
    'POST /api/policies/difference': ({ input }) => difference(parts, input.before, input.after),
    'POST /api/policies/try': ({ input, visitor }) => tryOut(parts, input, visitor.user, visitor.by),
    async 'POST /api/policies/replay'({ input, visitor }) {
      const draft = compileDraft(parts, input.text)
      const { days, userName, targetName } = input
      await parts.recordTrial(visitor.by, 'policy.replayed', 'draft of policies', {
        days: [null, days],
        ...(userName !== undefined && { userName: [null, userName] as const }),
        ...(targetName !== undefined && { targetName: [null, targetName] as const }),
      })
      const fromMs = clock.nowMs() - days * dayMs
      const asked = { draft, fromMs, userName, targetName }
      const stop = new AbortController()
      const events = Readable.from(lines(replay(replayParts, asked, stop.signal)), { objectMode: false })
      events.once('close', () => stop.abort())
      return eventLines(events)
    },
  }
}

const dayMs = 24 * 60 * 60 * 1000

async function* lines(events: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}

/** A set that is in force nowhere. @throws GatewayError `request.invalid` */
export function compileDraft({ policyLanguage }: ConsoleParts, text: string): PolicySet {
  return policyLanguage.compile(text, 0)
}

async function tryOut(parts: ConsoleParts, input: TryInput, asking: User, by: Actor): Promise<TryResult> {
  const { catalog, access } = parts
  const target = await catalog.targets.get(input.targetId as TargetId)
  if (target === undefined) throw new GatewayError('not-found', 'target')
  const { userName, statements, rules } = input
  const user = userName === undefined ? asking : await access.users.byName(userName)
  if (user === undefined) throw new GatewayError('not-found', 'user')
  const policies = input.policies === undefined ? undefined : compileDraft(parts, input.policies)
  await parts.recordTrial(by, 'policy.tried', `${user.name} at ${target.name}`, {
    statements: [null, statements.length],
    draft: [null, policies !== undefined || rules !== undefined],
  })
  try {
    const rehearsal = await parts.rehearse(user, target, { policies, rules })
    return { kind: 'tried', trials: rehearsal.try(statements) }
  } catch (error) {
    const cause = error instanceof GatewayError ? error.cause : undefined
    if (!(cause instanceof ConnectDenied)) throw error
    return {
      kind: 'turned-away',
      message: cause.message,
      decidedBy: cause.decidedBy.map(({ name }) => name),
    }
  }
}

async function difference(parts: ConsoleParts, before: PolicySource, after: PolicySource) {
  const { catalog, clock, limits, timeZone } = parts
  const [old, young] = [await setOf(parts, before), await setOf(parts, after)]
  const subjects = await subjectsOf(parts, [old, young])
  const targets = (await catalog.targets.list()).filter(({ disabled }) => !disabled)
  const known = await knownTargets(parts, targets)
  const now = { nowMs: clock.nowMs(), timeZone }
  const work = differ(old, young, subjects, known, now, limits.policyQuestionsMax)
  return inSlices(work, { monotonicMs: () => clock.monotonicMs() })
}

async function setOf(parts: ConsoleParts, source: PolicySource): Promise<PolicySet> {
  if ('text' in source) return compileDraft(parts, source.text)
  const { policyBook, policyLanguage } = parts
  if (source.version === policyBook.inForce.version) return policyBook.inForce
  const saved = await policyBook.get(source.version)
  if (saved === undefined) throw new GatewayError('not-found', 'policies')
  return policyLanguage.compile(saved.text, saved.version)
}

/** Everybody who can be told apart by a single group, or is named. */
async function subjectsOf({ access }: ConsoleParts, sets: readonly PolicySet[]): Promise<readonly Subject[]> {
  const [groups, users] = await Promise.all([access.groups.list(), access.users.list()])
  const named = new Set(sets.flatMap(set => [...usersNamed(set)]))
  return [
    { kind: 'everybody', name: '', user: somebody('everybody', []) },
    { kind: 'administrators', name: '', user: { ...somebody('administrators', []), role: 'administrator' } },
    ...groups.map(({ name }): Subject => ({ kind: 'group', name, user: somebody(name, [name]) })),
    ...users
      .filter(({ name }) => named.has(name))
      .map((user): Subject => ({ kind: 'user', name: user.name, user })),
  ]
}

/** No user has such a name. */
const somebody = (name: string, groups: readonly string[]): User => ({
  id: `(${name})` as User['id'],
  name: `(${name})`,
  displayName: name,
  email: undefined,
  role: 'user',
  disabled: false,
  groups,
})
