// Runs a draft of policies over recorded statements and tells what it would do to them that the policies in force do not.
// Statements of one person at one target that have the same shape and fared alike are tried once, by the newest of them.

import type { AuditEntry } from '../../audit/audit.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { Draft, Judged } from '../../gate/gate.ts'
import type { Rehearsal } from '../../gate/try-out.ts'
import { ConnectDenied } from '../../gate/views.ts'
import type { PolicySet } from '../../policy/policy.ts'
import { looksAtClient } from '../../policy/reach.ts'
import { takeTurns } from '../in-slices.ts'
import type { ConsoleParts } from '../parts.ts'
import type { ReplayChange, ReplayEvent, ReplayFinding, ReplaySkip } from './policy-contract.ts'

export interface ReplayAsked {
  readonly draft: PolicySet
  readonly fromMs: number
  readonly userName: string | undefined
  readonly targetName: string | undefined
}

export interface ReplayParts extends Pick<ConsoleParts, 'rehearse' | 'policyBook' | 'clock' | 'limits'> {
  readonly auditSearch: Pick<ConsoleParts['auditSearch'], 'page'>
  readonly users: () => Promise<readonly User[]>
  readonly targets: () => Promise<readonly Target[]>
}

/** Few enough that reading them takes but a few milliseconds. */
const pageEntries = 50
const progressMs = 250
const hourMs = 3_600_000
const exampleCharsMax = 2_000

/** Statements that are tried as one. */
interface Kind {
  count: number
  firstAtMs: number
  readonly newest: AuditEntry
}

export async function* replay(
  parts: ReplayParts,
  asked: ReplayAsked,
  signal: AbortSignal,
): AsyncGenerator<ReplayEvent> {
  const { clock, limits, policyBook } = parts
  const startedMs = clock.monotonicMs()
  const inForce = policyBook.inForce
  const turn = takeTurns({ monotonicMs: () => clock.monotonicMs(), signal })
  const skipped = new Map<ReplaySkip, number>()
  const skip = (why: ReplaySkip, count: number) => skipped.set(why, (skipped.get(why) ?? 0) + count)
  try {
    const gathered = yield* gather(parts, asked, keyMaker(inForce, asked.draft), skip, turn)
    const trier = new Trier(parts, inForce, asked.draft)
    let changed = 0
    let toldMs = clock.monotonicMs()
    let tried = 0
    for (const kind of gathered.kinds.values()) {
      await turn()
      const finding = await trier.try(kind)
      tried += 1
      if (typeof finding === 'string') skip(finding, kind.count)
      else if (finding !== undefined) {
        changed += kind.count
        yield { kind: 'finding', finding }
      }
      if (clock.monotonicMs() - toldMs < progressMs) continue
      toldMs = clock.monotonicMs()
      const { statements } = gathered
      yield { kind: 'progress', statements, shapes: tried, atMs: asked.fromMs, fromMs: asked.fromMs }
    }
    yield {
      kind: 'done',
      statements: gathered.statements,
      shapes: gathered.kinds.size,
      changed,
      skipped: Array.from(skipped, ([why, count]) => ({ why, count })),
      truncated: gathered.statements >= limits.replayStatementsMax,
      durationMs: Math.round(clock.monotonicMs() - startedMs),
    }
  } catch (error) {
    if (signal.aborted) return
    yield { kind: 'failed', message: error instanceof GatewayError ? error.message : 'internal' }
  }
}

type Skip = (why: ReplaySkip, count: number) => void

async function* gather(
  { auditSearch, limits, clock }: ReplayParts,
  { fromMs, userName, targetName }: ReplayAsked,
  keyOf: (entry: AuditEntry) => string,
  skip: Skip,
  turn: () => Promise<void>,
): AsyncGenerator<ReplayEvent, { kinds: Map<string, Kind>; statements: number }> {
  const kinds = new Map<string, Kind>()
  const filter = {
    kinds: ['statement'] as const,
    fromMs,
    limit: pageEntries,
    ...(userName !== undefined && { userName }),
    ...(targetName !== undefined && { targetName }),
  }
  let statements = 0
  let toldMs = clock.monotonicMs()
  let before: string | undefined
  do {
    await turn()
    const page = await auditSearch.page({ ...filter, ...(before !== undefined && { before }) })
    for (const entry of page.entries) {
      if (statements >= limits.replayStatementsMax) return { kinds, statements }
      statements += 1
      note(kinds, keyOf(entry), entry, limits.replayShapesMax, skip)
    }
    before = page.next
    const last = page.entries.at(-1)
    if (last !== undefined && clock.monotonicMs() - toldMs >= progressMs) {
      toldMs = clock.monotonicMs()
      yield { kind: 'progress', statements, shapes: kinds.size, atMs: last.atMs, fromMs }
    }
  } while (before !== undefined)
  return { kinds, statements }
}

/** The newest come first. */
function note(kinds: Map<string, Kind>, key: string, entry: AuditEntry, kindsMax: number, skip: Skip): void {
  const known = kinds.get(key)
  if (known !== undefined) {
    known.count += 1
    known.firstAtMs = entry.atMs
  } else if (kinds.size < kindsMax) kinds.set(key, { count: 1, firstAtMs: entry.atMs, newest: entry })
  else skip('too-many-kinds', 1)
}

/** What can make a difference to the judgement of a statement: its time and client only where policies look at them. */
function keyMaker(...sets: readonly PolicySet[]): (entry: AuditEntry) => string {
  const isTimed = sets.some(({ volatile }) => volatile)
  const isOfClient = sets.some(looksAtClient)
  return ({ userName, targetName, shape, verdict, code, hidden, atMs, address, program }) =>
    JSON.stringify([
      userName,
      targetName,
      shape,
      verdict,
      code,
      hidden,
      isTimed ? Math.floor(atMs / hourMs) : 0,
      ...(isOfClient ? [address, program] : []),
    ])
}

/** Tries statements under both sets; what it needs for a person at a target is kept for the next one. */
class Trier {
  readonly #parts: ReplayParts
  readonly #sets: readonly [PolicySet, PolicySet]
  readonly #isTimed: boolean
  readonly #isOfClient: boolean
  readonly #rehearsals = new Map<string, Promise<readonly [Rehearsed, Rehearsed] | ReplaySkip>>()
  #users: Promise<ReadonlyMap<string, User>> | undefined
  #targets: Promise<ReadonlyMap<string, Target>> | undefined

  constructor(parts: ReplayParts, inForce: PolicySet, draft: PolicySet) {
    this.#parts = parts
    this.#sets = [inForce, draft]
    this.#isTimed = inForce.volatile || draft.volatile
    this.#isOfClient = looksAtClient(inForce) || looksAtClient(draft)
  }

  async try({ newest, count, firstAtMs }: Kind): Promise<ReplayFinding | ReplaySkip | undefined> {
    const { text, userName = '', targetName = '' } = newest
    if (text === undefined) return 'no-text'
    const pair = await this.#rehearsed(newest)
    if (typeof pair === 'string') return pair
    const [now, then] = [outcome(pair[0], text), outcome(pair[1], text)]
    const found = compare(now, then)
    if (found === undefined) return undefined
    return {
      ...found,
      userName,
      targetName,
      shape: newest.shape ?? '',
      verb: newest.verb ?? '',
      count,
      firstAtMs,
      lastAtMs: newest.atMs,
      exampleId: newest.id,
      example: text.slice(0, exampleCharsMax),
    }
  }

  #rehearsed(entry: AuditEntry): Promise<readonly [Rehearsed, Rehearsed] | ReplaySkip> {
    const { userName, targetName, address = '', program = '', atMs } = entry
    const moment = [
      this.#isTimed ? Math.floor(atMs / hourMs) : 0,
      ...(this.#isOfClient ? [address, program] : []),
    ]
    const key = JSON.stringify([userName, targetName, ...moment])
    const known = this.#rehearsals.get(key)
    if (known !== undefined) return known
    // Moments follow each other; what is long past is not asked again.
    if (this.#rehearsals.size >= rehearsalsMax) this.#rehearsals.clear()
    const made = this.#rehearse(entry)
    this.#rehearsals.set(key, made)
    return made
  }

  async #rehearse(entry: AuditEntry): Promise<readonly [Rehearsed, Rehearsed] | ReplaySkip> {
    const { users, targets, rehearse } = this.#parts
    this.#users ??= users().then(all => new Map(all.map(user => [user.name, user])))
    this.#targets ??= targets().then(all => new Map(all.map(one => [one.name, one])))
    const user = (await this.#users).get(entry.userName ?? '')
    if (user === undefined) return 'user-gone'
    const target = (await this.#targets).get(entry.targetName ?? '')
    if (target === undefined) return 'target-gone'
    const client = { address: entry.address ?? 'console', program: entry.program ?? '' }
    const under = async (policies: PolicySet): Promise<Rehearsed> => {
      const draft: Draft = { policies, client, nowMs: this.#isTimed ? entry.atMs : undefined }
      try {
        return await rehearse(user, target, draft)
      } catch (error) {
        if (error instanceof GatewayError && error.cause instanceof ConnectDenied) return error.cause
        throw error
      }
    }
    try {
      const [inForce, draft] = this.#sets
      return [await under(inForce), await under(draft)]
    } catch (error) {
      if (error instanceof GatewayError) return 'target-unreachable'
      throw error
    }
  }
}

const rehearsalsMax = 500

type Rehearsed = Rehearsal | ConnectDenied

interface Outcome {
  readonly judged: Judged | undefined
  readonly message: string | undefined
  readonly decidedBy: readonly string[]
}

function outcome(rehearsed: Rehearsed, text: string): Outcome {
  if (rehearsed instanceof ConnectDenied)
    return {
      judged: undefined,
      message: rehearsed.message,
      decidedBy: rehearsed.decidedBy.map(({ name }) => name),
    }
  const judged = rehearsed.judge(text)
  return {
    judged,
    message: judged.kind === 'stopped' ? judged.message : undefined,
    decidedBy: judged.plan.decidedBy.map(({ name }) => name),
  }
}

type Compared = Pick<ReplayFinding, 'change' | 'columns' | 'message' | 'decidedBy'>

function compare(now: Outcome, then: Outcome): Compared | undefined {
  const { message, decidedBy } = then
  const [before, after] = [now.judged, then.judged]
  const say = (change: ReplayChange, columns: readonly string[] = []): Compared => ({
    change,
    columns,
    message,
    decidedBy,
  })
  if (before?.kind === 'passed' && after?.kind !== 'passed') return say('refused')
  if (after?.kind !== 'passed') return undefined
  if (before?.kind !== 'passed') return { ...say('allowed'), message: now.message }
  const hidden = after.plan.hidden.filter(column => !before.plan.hidden.includes(column))
  const revealed = before.plan.hidden.filter(column => !after.plan.hidden.includes(column))
  if (hidden.length > 0) return say('hidden', hidden)
  if (revealed.length > 0) return say('revealed', revealed)
  const approvers = ({ guards }: typeof after) => JSON.stringify(guards?.approval?.approvers ?? [])
  if (approvers(before) !== approvers(after)) return say('approval')
  return before.text === after.text ? undefined : say('rewritten')
}
