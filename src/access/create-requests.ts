// Requests: made once for the same wish, decided by those who may, on record before they count.

import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { GatewayError } from '../core/errors.ts'
import type { Actor } from '../core/event.ts'
import type { NewId, UserId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Messages } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import type { User } from '../core/user.ts'
import type { Vault } from './access.ts'
import { InTurn } from './in-turn.ts'
import type { Recorder } from './record.ts'
import type { RequestChange, RequestStore, StoredRequest } from './request-store.ts'
import {
  type AccessRequest,
  type Decision,
  mayDecide,
  type RequestAnswer,
  type RequestId,
  type Requests,
  type RequestSubject,
  type StatementWish,
} from './requests.ts'
import { isLine, refuse } from './user-facts.ts'

export interface RequestsParts {
  readonly store: RequestStore
  readonly vault: Vault
  /** As they are now: whoever decides must still be who they were. */
  readonly people: { find(id: UserId): Promise<User | undefined> }
  readonly recorder: Recorder
  readonly messages: Messages
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
}

const minuteMs = 60_000
/** A draft older than this was left behind by a crash. */
const draftAgeMaxMs = 60_000
const noteCharactersMax = 500
const listMax = 100
const waitingMax = 1_000

export function createRequests(parts: RequestsParts): Requests {
  return new OpenRequests(parts)
}

class OpenRequests implements Requests {
  readonly #parts: RequestsParts
  /** The same wish twice at the same time is one wish. */
  readonly #turns = new InTurn(waitingMax)

  constructor(parts: RequestsParts) {
    this.#parts = parts
  }

  seek(wish: StatementWish): Promise<RequestAnswer> {
    return this.#turns.run(keyOf(wish), () => this.#seek(wish))
  }

  async for(user: User) {
    await this.#expire()
    const { store } = this.#parts
    const [own, pending, decided] = await Promise.all([
      store.ofUser(user.id, listMax),
      store.pending(),
      store.decided(listMax),
    ])
    const theirs = (request: StoredRequest) => mayDecide(request, user)
    return {
      own: own.map(one => this.#open(one)),
      waiting: pending.filter(theirs).map(one => this.#open(one)),
      decided: decided.filter(theirs).map(one => this.#open(one)),
    }
  }

  async waitingFor(user: User): Promise<number> {
    const nowMs = this.#parts.clock.nowMs()
    const pending = await this.#parts.store.pending()
    return pending.filter(one => one.expiresAtMs > nowMs && mayDecide(one, user)).length
  }

  async get(number: number, user: User): Promise<AccessRequest> {
    await this.#expire()
    const stored = await this.#parts.store.get(number)
    if (stored === undefined || !(stored.userId === user.id || mayDecide(stored, user))) throw unknown(number)
    return this.#open(stored)
  }

  async decide(number: number, decision: Decision, by: Actor): Promise<AccessRequest> {
    this.#check(decision)
    const { stored, user } = await this.#forActor(number, by)
    if (stored.userId === user.id) {
      throw new GatewayError('request.forbidden', '', { cause: new Error('their own request') })
    }
    if (!mayDecide(stored, user)) throw unknown(number)
    if (stored.state !== 'pending') throw new GatewayError('conflict', `request ${number} is ${stored.state}`)
    const nowMs = this.#parts.clock.nowMs()
    const decided = { decidedBy: user.name, decidedAtMs: nowMs, note: decision.note }
    const change: RequestChange =
      decision.kind === 'refuse'
        ? { ...decided, state: 'refused' }
        : {
            ...decided,
            state: 'approved',
            validUntilMs: nowMs + decision.minutes * minuteMs,
            once: decision.once,
          }
    const what = decision.kind === 'refuse' ? 'request.refused' : 'request.approved'
    return this.#change(stored, change, what, by)
  }

  async withdraw(number: number, by: Actor): Promise<AccessRequest> {
    const { stored, user } = await this.#forActor(number, by)
    const isOwn = stored.userId === user.id
    if (!isOwn && !mayDecide(stored, user)) throw unknown(number)
    const may = stored.state === 'approved' || (isOwn && stored.state === 'pending')
    if (!may) throw new GatewayError('conflict', `request ${number} is ${stored.state}`)
    return this.#change(stored, { state: 'withdrawn' }, 'request.withdrawn', by)
  }

  async #seek(wish: StatementWish): Promise<RequestAnswer> {
    await this.#expire()
    const { store, clock, limits } = this.#parts
    const key = keyOf(wish)
    for (;;) {
      const newest = await store.newest(key)
      if (newest === undefined) return this.#ask(wish, key)
      const nowMs = clock.nowMs()
      const { number: requestNumber, state } = newest
      if (state === 'pending') return { kind: 'pending', requestNumber }
      if (state === 'approved' && isGood(newest, nowMs)) {
        if (!newest.once) return { kind: 'approved', requestNumber }
        // Of many that come at once, on any server, one gets it.
        const used = await this.#use(newest, wish)
        if (used) return { kind: 'approved', requestNumber }
        continue
      }
      const holds = (newest.decidedAtMs ?? 0) + limits.requestRefusalHoldsMs > nowMs
      if (state === 'refused' && holds) {
        return { kind: 'refused', requestNumber, by: newest.decidedBy ?? '' }
      }
      return this.#ask(wish, key)
    }
  }

  async #use(stored: StoredRequest, wish: StatementWish): Promise<boolean> {
    const { store, recorder, messages } = this.#parts
    const by = { userId: wish.user.id, userName: wish.user.name, address: '' }
    await recorder.changed(by, 'request.used', nameOf(stored.number), { state: ['approved', 'used'] })
    const used = await store.change(stored.number, 'approved', { state: 'used' })
    if (used) messages.publish('requests', String(stored.number))
    return used
  }

  async #ask(wish: StatementWish, key: string): Promise<RequestAnswer> {
    const { store, clock, limits, newId, vault, recorder, messages } = this.#parts
    const { user, target } = wish
    const nowMs = clock.nowMs()
    await store.discardDrafts(nowMs - draftAgeMaxMs)
    if ((await store.pendingOf(user.id)) >= limits.requestsPendingPerUserMax) {
      throw new GatewayError(
        'limit.exceeded',
        `${limits.requestsPendingPerUserMax} of your requests wait for an answer. Withdraw some of them first.`,
      )
    }
    const id = newId<RequestId>()
    const { statement, tables, hidden, policy, reason } = wish
    const approvers = wish.approvers ?? 'administrators'
    const subject: RequestSubject = { kind: 'statement', statement, tables, hidden, policy, reason }
    const number = await store.draft({
      id,
      key,
      kind: 'statement',
      userId: user.id,
      userName: user.name,
      targetId: target.id,
      targetName: target.name,
      sealedSubject: vault.seal(new Secret(JSON.stringify(subject)), purposeOf(id)),
      approvers,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + limits.requestLifeMs,
      decidedBy: undefined,
      decidedAtMs: undefined,
      note: '',
      validUntilMs: undefined,
      once: false,
    })
    if (number === undefined) return this.#asked(key)
    const by = { userId: user.id, userName: user.name, address: '' }
    try {
      await recorder.changed(by, 'request.created', nameOf(number), {
        target: [null, target.name],
        tables: [null, tables],
        hidden: [null, hidden],
        policy: [null, policy],
        approvers: [null, approvers],
        reason: [null, reason ?? null],
      })
    } catch (error) {
      await store.discard(number)
      throw error
    }
    await store.open(number)
    messages.publish('requests', String(number))
    return { kind: 'pending', requestNumber: number }
  }

  /** Another server was quicker with the same wish. */
  async #asked(key: string): Promise<RequestAnswer> {
    const newest = await this.#parts.store.newest(key)
    if (newest?.state === 'pending') return { kind: 'pending', requestNumber: newest.number }
    throw new GatewayError('limit.exceeded', 'this was asked for at the same time elsewhere; run it again')
  }

  async #change(
    stored: StoredRequest,
    change: RequestChange,
    what: string,
    by: Actor,
  ): Promise<AccessRequest> {
    const { store, recorder, messages } = this.#parts
    const { number, state } = stored
    await recorder.changed(by, what, nameOf(number), {
      state: [state, change.state],
      user: [null, stored.userName],
      target: [null, stored.targetName],
      ...(change.note === undefined || change.note === '' ? {} : { note: [null, change.note] }),
      ...(change.validUntilMs === undefined ? {} : { validUntilMs: [null, change.validUntilMs] }),
      ...(change.once === true ? { once: [null, true] } : {}),
    })
    if (!(await store.change(number, state, change))) {
      throw new GatewayError('conflict', `request ${number} was changed by somebody else meanwhile`)
    }
    messages.publish('requests', String(number))
    return this.#open({ ...stored, ...change })
  }

  async #forActor(number: number, by: Actor) {
    await this.#expire()
    const stored = await this.#parts.store.get(number)
    const user = by.userId === undefined ? undefined : await this.#parts.people.find(by.userId)
    if (stored === undefined || user === undefined) throw unknown(number)
    if (user.disabled) throw new GatewayError('sign-in.disabled')
    return { stored, user }
  }

  #check(decision: Decision): void {
    const { requestApprovalMaxMs } = this.#parts.limits
    const problems: string[] = []
    if (decision.note !== '' && !isLine(decision.note, 1, noteCharactersMax)) {
      problems.push(`note: one line of at most ${noteCharactersMax} characters`)
    }
    if (decision.kind === 'approve') {
      const minutesMax = Math.floor(requestApprovalMaxMs / minuteMs)
      const { minutes } = decision
      if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= minutesMax)) {
        problems.push(`minutes: 1 to ${minutesMax}`)
      }
    }
    refuse(problems)
  }

  /** What nobody decided in time. */
  async #expire(): Promise<void> {
    const { store, clock, recorder, messages } = this.#parts
    const nowMs = clock.nowMs()
    for (const { number, expiresAtMs, userName } of await store.pending()) {
      if (expiresAtMs > nowMs) continue
      const by = { userId: undefined, userName: 'sekisho', address: 'server' }
      const fields = { state: ['pending', 'expired'], user: [null, userName] } as const
      await recorder.changed(by, 'request.expired', nameOf(number), fields)
      if (await store.change(number, 'pending', { state: 'expired' })) {
        messages.publish('requests', String(number))
      }
    }
  }

  #open(stored: StoredRequest): AccessRequest {
    const { key: _key, sealedSubject, ...request } = stored
    const subject = JSON.parse(
      this.#parts.vault.open(sealedSubject, purposeOf(stored.id)).reveal(),
    ) as RequestSubject
    const isOver = request.state === 'approved' && !isGood(stored, this.#parts.clock.nowMs())
    return { ...request, subject, state: isOver ? 'expired' : request.state }
  }
}

const nameOf = (number: number): string => `request ${number}`
const purposeOf = (id: RequestId): string => `request:${id}`
const unknown = (number: number) => new GatewayError('not-found', `request ${number}`)
const isGood = (stored: StoredRequest, nowMs: number): boolean => (stored.validUntilMs ?? 0) > nowMs

/** Exactly this statement, of this person, at this target. */
function keyOf({ user, target, statement }: StatementWish): string {
  return createHash('sha256').update(`${user.id}\0${target.id}\0`).update(statement, 'utf8').digest('hex')
}
