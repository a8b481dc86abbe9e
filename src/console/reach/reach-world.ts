// The people, targets, tags and policies of now or of a time in the past. The past is found by going back over the record of changes.

import type { AuditEntry } from '../../audit/audit.ts'
import { spreadTags } from '../../catalog/spread.ts'
import type { StoredColumnTags } from '../../catalog/tag-store.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { KnownTarget } from '../../policy/difference.ts'
import type { PolicySet } from '../../policy/policy.ts'
import { takeTurns } from '../in-slices.ts'
import { knownTarget } from '../targets/known-targets.ts'
import type { ConsoleParts } from '../parts.ts'
import { Past } from './reach-past.ts'
import type { ReachNote } from './reach-contract.ts'

export interface World {
  readonly atMs: number | undefined
  readonly policies: PolicySet
  readonly users: readonly User[]
  readonly targets: readonly Target[]
  readonly notes: readonly ReachNote[]
  /** With its tables and the tags of their columns. */
  known(target: Target): Promise<KnownTarget>
}

/** @throws GatewayError `request.invalid` for a time to come */
export async function worldAt(parts: ConsoleParts, atMs: number | undefined): Promise<World> {
  const { access, catalog, policyBook, clock } = parts
  const [users, targets] = await Promise.all([access.users.list(), catalog.targets.list()])
  if (atMs === undefined)
    return {
      atMs,
      policies: policyBook.inForce,
      users: users.map(({ locked: _locked, lastSignInAtMs: _last, ...user }) => user),
      targets,
      notes: [],
      known: target => knownTarget(parts, target),
    }
  if (atMs > clock.nowMs()) throw new GatewayError('request.invalid', 'atMs: this time is still to come')
  const past = new Past(users, targets, await catalog.tags.definitions())
  const cutMs = await goBack(parts, past, atMs)
  const { policies, notes } = await policiesAt(parts, atMs)
  return {
    atMs,
    policies,
    users: past.users(),
    targets: past.targets(),
    notes: [
      { kind: 'tables-of-today' },
      ...notes,
      ...past.notes(),
      ...(cutMs === undefined ? [] : [{ kind: 'history-cut', fromMs: cutMs } as const]),
    ],
    async known(target) {
      const now = await knownTarget(parts, targets.find(({ id }) => id === target.id) ?? target)
      const snapshot = catalog.schemas.current(target.id)
      if (snapshot === undefined || now.tables === undefined) return { ...now, target }
      const rows = await catalog.tags.list(target.id)
      const then: StoredColumnTags[] = past.columnTags(target.name, rows, now.tables)
      return { ...now, target, tags: spreadTags(snapshot, then, past.definitions()) }
    },
  }
}

const pageEntries = 100

/** Undoes what was changed since. @returns how far it came, if not all the way */
async function goBack(parts: ConsoleParts, past: Past, atMs: number): Promise<number | undefined> {
  const { auditSearch, clock, limits } = parts
  const turn = takeTurns({ monotonicMs: () => clock.monotonicMs() })
  let before: string | undefined
  let undone = 0
  do {
    await turn()
    const page = await auditSearch.page({
      kinds: ['changed'],
      fromMs: atMs + 1,
      limit: pageEntries,
      ...(before !== undefined && { before }),
    })
    for (const entry of page.entries) {
      past.undo(changeOf(entry))
      undone += 1
      if (undone >= limits.reachHistoryMax) return entry.atMs
    }
    before = page.next
  } while (before !== undefined)
  return undefined
}

const changeOf = ({ what = '', object = '', fields = {} }: AuditEntry) => ({ what, object, fields })

async function policiesAt(
  { policyBook, policyLanguage }: ConsoleParts,
  atMs: number,
): Promise<{ policies: PolicySet; notes: readonly ReachNote[] }> {
  const then = (await policyBook.list())
    .filter(({ savedAtMs }) => savedAtMs <= atMs)
    .reduce<number>((newest, { version }) => Math.max(newest, version), 0)
  if (then === policyBook.inForce.version) return { policies: policyBook.inForce, notes: [] }
  const saved = then === 0 ? undefined : await policyBook.get(then)
  if (saved === undefined)
    return { policies: policyLanguage.compile('', 0), notes: [{ kind: 'no-policies-then' }] }
  return { policies: policyLanguage.compile(saved.text, saved.version), notes: [] }
}
