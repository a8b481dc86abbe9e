// What needs an administrator's attention, most urgent first; the same for the home page and the health page.

import type { TargetState } from '../../catalog/reach.ts'
import type { AttentionExample, AttentionItem, AttentionKind, HealthReport } from '../../console/contract.ts'
import type { TargetId } from '../../core/ids.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { Group, User } from '../../core/user.ts'
import type { TagDefinition } from '../../policy/policy.ts'

export interface AttentionFacts {
  readonly report: HealthReport
  readonly targets: readonly Target[]
  readonly unreachable: ReadonlyMap<TargetId, TargetState>
  readonly users: readonly (User & { readonly locked: boolean })[]
  readonly groups: readonly Group[]
  readonly tags: readonly TagDefinition[]
  /** How many columns carry each tag. */
  readonly tagged: ReadonlyMap<string, number>
  readonly policies: string
  /** Requests that wait for the one who asks. */
  readonly requests: readonly {
    readonly number: number
    readonly userName: string
    readonly createdAtMs: number
  }[]
  readonly tokens: readonly {
    readonly userId: string
    readonly label: string
    readonly expiresAtMs: number
  }[]
  readonly limits: Limits
}

const levels: Readonly<Record<AttentionKind, AttentionItem['level']>> = {
  'audit.unwritable': 'urgent',
  'storage.unwritable': 'urgent',
  'port.closed': 'urgent',
  'target.unreachable': 'urgent',
  'request.waiting': 'soon',
  'certificate.ending': 'soon',
  'token.ending': 'soon',
  'limit.near': 'soon',
  'audit.waiting': 'soon',
  'server.silent': 'soon',
  'user.locked': 'notice',
  'tag.no-policy': 'notice',
  'user.no-group': 'notice',
}
const order = Object.keys(levels)
const examplesMax = 10
/** Batches of the audit that may wait before it is worth a word. */
const waitingBatches = 3
const silentMs = 10_000

export function findAttention(facts: AttentionFacts): readonly AttentionItem[] {
  const found: AttentionItem[] = []
  const add = (kind: AttentionKind, examples: readonly AttentionExample[], count = examples.length): void => {
    if (count > 0) {
      found.push({
        kind,
        level: levelOf(kind, examples, facts),
        count,
        examples: examples.slice(0, examplesMax),
      })
    }
  }
  aboutServer(facts, add)
  aboutTargets(facts, add)
  aboutPeople(facts, add)
  const rank = { urgent: 0, soon: 1, notice: 2 } as const
  return found.sort((a, b) => rank[a.level] - rank[b.level] || order.indexOf(a.kind) - order.indexOf(b.kind))
}

type Add = (kind: AttentionKind, examples: readonly AttentionExample[], count?: number) => void

/** What is over already is urgent. */
function levelOf(
  kind: AttentionKind,
  examples: readonly AttentionExample[],
  { report }: AttentionFacts,
): AttentionItem['level'] {
  const isOver = examples.some(({ atMs }) => atMs !== undefined && atMs <= report.atMs)
  return kind === 'certificate.ending' && isOver ? 'urgent' : levels[kind]
}

function aboutServer({ report, limits }: AttentionFacts, add: Add): void {
  if (!report.audit.writable) add('audit.unwritable', [{ name: '' }])
  if (report.storage.writeMs === undefined) add('storage.unwritable', [{ name: '' }])
  const { waiting } = report.audit
  if (waiting > limits.carryBatchMax * waitingBatches)
    add('audit.waiting', [{ name: String(waiting) }], waiting)
  const closed = report.ports.filter(port => !port.listening)
  add('port.closed', [
    ...closed.map(({ name, port }) => ({ name: `${name}: ${port}` })),
    ...report.targetPorts.failures.map(({ name, reason }) => ({ name, detail: reason })),
  ])
  add(
    'limit.near',
    report.limits
      .filter(({ used, max }) => used * 100 >= max * limits.limitNearPercent)
      .map(({ name, used, max }) => ({ name, detail: `${used} / ${max}` })),
  )
  add(
    'server.silent',
    report.servers
      .filter(({ here, seenAtMs }) => !here && report.atMs - seenAtMs > silentMs)
      .map(({ id, seenAtMs }) => ({ name: id, atMs: seenAtMs })),
  )
  const soon = report.certificates.filter(({ endsAtMs }) => endsAtMs - report.atMs < limits.endingSoonMs)
  add(
    'certificate.ending',
    soon.map(({ use, name, endsAtMs }) => ({ name: name || use, detail: use, atMs: endsAtMs })),
  )
}

function aboutTargets({ targets, unreachable, tags, tagged, policies }: AttentionFacts, add: Add): void {
  const down = targets.filter(({ id, disabled }) => !disabled && unreachable.has(id))
  add(
    'target.unreachable',
    down.map(({ id, name }) => {
      const { sinceMs, message } = unreachable.get(id) ?? {}
      return {
        id,
        name,
        ...(message !== undefined && { detail: message }),
        ...(sinceMs !== undefined && { atMs: sinceMs }),
      }
    }),
  )
  const lonely = tags.filter(({ name, sensitive }) => sensitive && !isMentioned(name, policies))
  add(
    'tag.no-policy',
    lonely.flatMap(({ name }) => {
      const count = tagged.get(name) ?? 0
      return count === 0 ? [] : [{ name, detail: String(count) }]
    }),
  )
}

/** A tag, or one that it is in: `pii.email`, `pii`. */
function isMentioned(tag: string, policies: string): boolean {
  const parts = tag.split('.')
  return parts.some((_, at) => policies.includes(`Tag::"${parts.slice(0, parts.length - at).join('.')}"`))
}

function aboutPeople({ users, groups, requests, tokens, report }: AttentionFacts, add: Add): void {
  const active = users.filter(user => !user.disabled)
  const named = (list: readonly User[]) => list.map(({ id, name }) => ({ id, name }))
  add('user.locked', named(active.filter(user => user.locked)))
  // As long as nobody is in any, groups are not how this house does it.
  if (groups.length > 0 && users.some(user => user.groups.length > 0)) {
    add('user.no-group', named(active.filter(user => user.role === 'user' && user.groups.length === 0)))
  }
  add(
    'request.waiting',
    requests.map(({ number, userName, createdAtMs }) => ({
      id: String(number),
      name: userName,
      atMs: createdAtMs,
    })),
  )
  const byId = new Map(users.map(user => [String(user.id), user]))
  add(
    'token.ending',
    tokens.flatMap(({ userId, label, expiresAtMs }) => {
      const user = byId.get(userId)
      if (user === undefined || user.disabled || expiresAtMs <= report.atMs) return []
      return [{ id: userId, name: user.name, detail: label, atMs: expiresAtMs }]
    }),
  )
}
