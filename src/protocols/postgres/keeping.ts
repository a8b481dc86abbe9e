// Statements of which the rows are kept that they change: asked for, stored, and only then changed, all in one transaction.

import { GatewayError } from '../../core/errors.ts'
import type { EventId } from '../../core/ids.ts'
import type { Limits } from '../../core/limits.ts'
import type { Passed } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { RowImage } from '../../gate/snapshots.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import { areByKey, keysOf } from '../rows-by-key.ts'
import type { Departures } from './batch.ts'
import { encodeFlush, encodeQuery, encodeReadyForQuery } from './codec.ts'
import { type Conversation, failedBlock, idle } from './conversation.ts'
import { Answer, Held } from './expected.ts'
import { OwnTransaction } from './own-transaction.ts'
import { type Bound, noBound } from './prepared.ts'
import { cannotKeep, type Refusal, reduceError, wordStopping } from './refuse.ts'

/** How it came out; `refusal`: the statement was not sent, and this is told in its place. */
export type Kept = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface KeepingParts {
  readonly conversation: Conversation
  readonly departures: Departures
  readonly limits: Limits
  /** To the client, at once. */
  readonly tell: (...messages: Buffer[]) => void
}

/** One statement on its way. */
interface Doing {
  readonly judged: Passed
  readonly plan: ImagePlan
  readonly permit: Permit
  readonly statement: EventId
  readonly startedMs: number
  readonly isQuery: boolean
}

/** What is known of the rows before the change; `undefined`: they are not kept. */
type Before = RowImage | undefined

export class Keeping {
  readonly #parts: KeepingParts
  readonly #conversation: Conversation
  readonly #own: OwnTransaction
  /** On record, and without an outcome. */
  #running: Doing | undefined
  /** It was stopped from our side while the target had nothing to do for it. */
  #stopped: Refusal | undefined

  constructor(parts: KeepingParts) {
    this.#parts = parts
    this.#conversation = parts.conversation
    this.#own = new OwnTransaction(parts)
  }

  /** A simple query; everything before it has been answered. @throws GatewayError if it cannot be recorded */
  async query(judged: Passed, plan: ImagePlan): Promise<Kept> {
    const doing = await this.#admit(judged, plan, true)
    const before = await this.#before(doing, noBound)
    if ('refusal' in before) return this.#refused(doing, before.refusal)
    // Nothing is kept: the transaction is as it was before we came.
    if (before.rows === undefined) await this.#own.end('ROLLBACK', doing.permit)
    this.#conversation.sentSyncs++
    this.#conversation.prepared.dropUnnamed()
    const held = await this.#send(doing, 'query', [encodeQuery(judged.text)])
    await this.#afterQuery(doing, before.rows, held)
    return { kind: 'sent' }
  }

  /** One execution of a portal; everything before it has been answered. @throws GatewayError if it cannot be recorded */
  async execute(judged: Passed, plan: ImagePlan, bound: Bound, execute: Buffer): Promise<Kept> {
    const doing = await this.#admit(judged, plan, false)
    const before = await this.#before(doing, bound)
    if ('refusal' in before) return this.#refused(doing, before.refusal)
    const held = await this.#send(doing, 'execute', [execute, encodeFlush()])
    const { completion, outcome } = held
    if (!completion) {
      this.#ended(doing, outcome.result, outcome)
      return { kind: 'sent' }
    }
    const problem = before.rows && (await this.#after(doing, before.rows, held))
    if (problem) {
      await this.#own.abort(doing.permit)
      return this.#refused(doing, problem)
    }
    this.#parts.tell(completion)
    this.#ended(doing, outcome.result, outcome)
    return { kind: 'sent' }
  }

  /**
   * The `Sync` of a pipeline for which we hold a transaction of our own: it ends as the target's own would.
   * Everything before it has been answered.
   */
  async sync(): Promise<void> {
    const conversation = this.#conversation
    const permit = conversation.visit.passage
    conversation.sentSyncs++
    const failed = (await this.#own.settle(permit)) === failedBlock
    const told = await this.#own.end(failed ? 'ROLLBACK' : 'COMMIT', permit)
    const error = told?.error && this.#asTold(told.error.message)
    // It took back what it had set, too.
    if (error) conversation.failed()
    conversation.ready(idle)
    this.#parts.tell(...(error ? [error] : []), encodeReadyForQuery('I'))
  }

  /** Stops a statement that is not sent yet, while nothing of ours runs for it either. */
  stop(refusal: Refusal): void {
    if (this.#running) this.#stopped = refusal
  }

  /** The session ends: what was not answered may have happened or not. */
  endAll(): void {
    if (this.#running) this.#ended(this.#running, 'unknown', { rows: 0, bytes: 0 })
  }

  #admit(judged: Passed, plan: ImagePlan, isQuery: boolean): Promise<Doing> {
    const { visit, clock } = this.#conversation
    return new Promise((resolve, reject) => {
      visit.admit([judged], admission => {
        if (admission.kind === 'unrecorded') return reject(admission.error)
        const { permit } = admission
        const [statement] = permit.statements
        if (statement === undefined) return reject(new GatewayError('audit.unavailable'))
        const doing = { judged, plan, permit, statement, startedMs: clock.monotonicMs(), isQuery }
        this.#running = doing
        this.#stopped = undefined
        return resolve(doing)
      })
    })
  }

  /** Reads the rows that will change, locks and stores them. */
  async #before(
    doing: Doing,
    bound: Bound,
  ): Promise<{ readonly rows: Before } | { readonly refusal: Refusal }> {
    const { plan, permit } = doing
    const conversation = this.#conversation
    if (conversation.block === 'failed') return { rows: undefined }
    const asked = await this.#own.readBefore(permit, doing.judged.text, plan, bound)
    if (asked.error) {
      const interrupted = asked.interrupted ?? wordStopping(asked.error.sqlState)
      const isBack = await this.#own.undo(permit)
      if (interrupted || !isBack) {
        if (doing.isQuery) await this.#own.end('ROLLBACK', permit)
        return { refusal: interrupted ?? cannotKeep }
      }
      return this.#skip(doing, `The rows could not be read before the change (${asked.error.sqlState}).`)
    }
    const { columns, rows, tooLarge } = asked
    if (tooLarge) return this.#skip(doing, 'The rows are larger than what is kept of one statement.')
    const { snapshotRowsMax = 0 } = conversation.visit.session.target
    const most = Math.min(snapshotRowsMax, this.#parts.limits.snapshotRowsCeiling)
    if (rows.length > most) return this.#skip(doing, `More than ${most} rows change.`)
    const { schema, table, key } = plan
    const image: RowImage = { schema, table, columns: columns.map(name => ({ name })), key, rows }
    const problem = rows.length > 0 ? await this.#keep(doing, 'before', image) : undefined
    const refusal = problem ?? this.#stopped
    if (!refusal) return { rows: image }
    if (doing.isQuery) await this.#own.end('ROLLBACK', permit)
    return { refusal }
  }

  #skip(doing: Doing, why: string): { readonly rows: undefined } {
    const { plan, statement: id } = doing
    this.#conversation.visit.skipRows(id, `${plan.schema}.${plan.table}`, why)
    return { rows: undefined }
  }

  async #keep(doing: Doing, part: 'before' | 'after', image: RowImage): Promise<Refusal | undefined> {
    try {
      await this.#conversation.visit.keepRows(doing.statement, part, image)
      return undefined
    } catch {
      return cannotKeep
    }
  }

  /** Sends the statement itself. @returns its answer but for its end, once it is there */
  async #send(doing: Doing, kind: 'query' | 'execute', pieces: readonly Buffer[]): Promise<Held> {
    const { judged, permit, statement: id, startedMs } = doing
    const answer = new Answer(kind, judged)
    const held = new Held()
    answer.held = held
    answer.statement = id
    answer.startedMs = startedMs
    this.#conversation.prepared.forgetFor(judged)
    if (judged.reduceErrors) this.#conversation.reducing = true
    this.#conversation.expected.push(answer)
    this.#parts.departures.sendOwn(permit, pieces)
    await held.ended
    return held
  }

  async #afterQuery(doing: Doing, before: Before, held: Held): Promise<void> {
    const { outcome, completion } = held
    const conversation = this.#conversation
    let { status } = held
    const end = (result: string, ...messages: Buffer[]) => {
      conversation.ready(status)
      this.#parts.tell(...messages, encodeReadyForQuery(letterOf(status)))
      this.#ended(doing, result, outcome)
    }
    if (!completion) {
      if (conversation.ownBlock) {
        await this.#own.end('ROLLBACK', doing.permit)
        status = idle
      }
      return end(outcome.result)
    }
    const problem = before && (await this.#after(doing, before, held))
    if (problem) {
      if (conversation.ownBlock) {
        await this.#own.end('ROLLBACK', doing.permit)
        status = idle
      } else status = await this.#own.abort(doing.permit)
      conversation.failed()
      return end(problem.sqlState, problem.bytes)
    }
    if (!conversation.ownBlock) return end(outcome.result, completion)
    const committed = await this.#own.end('COMMIT', doing.permit)
    status = idle
    if (!committed?.error) return end(outcome.result, completion)
    conversation.failed()
    return end(committed.error.sqlState, this.#asTold(committed.error.message))
  }

  /** The statement succeeded: what are its rows now? @returns why it must not take effect */
  async #after(doing: Doing, before: RowImage, { count }: Held): Promise<Refusal | undefined> {
    const { plan, permit } = doing
    if (count > before.rows.length)
      this.#skip(
        doing,
        `${count} rows changed, of which ${before.rows.length} were kept: others came meanwhile.`,
      )
    if (count < 0) this.#skip(doing, 'How many rows changed is not known: the client takes them in parts.')
    if (before.rows.length === 0) return undefined
    if (plan.doubt !== undefined)
      this.#skip(doing, `Other rows may have changed than those that were kept. ${plan.doubt}`)
    if (!plan.selectAfter) {
      if (plan.noAfter !== undefined)
        this.#skip(doing, `Not kept as they are after the change: ${plan.noAfter}`)
      return undefined
    }
    const { text, values } = plan.selectAfter(keysOf(before))
    const asked = await this.#own.read(permit, text, values)
    if (asked.error) {
      if (!(await this.#own.undo(permit))) return cannotKeep
      this.#skip(doing, `The rows could not be read after the change (${asked.error.sqlState}).`)
      return undefined
    }
    const { columns, rows, tooLarge } = asked
    const image = { ...before, columns: columns.map(name => ({ name })), rows }
    if (!tooLarge && areByKey(image, before)) return this.#keep(doing, 'after', image)
    this.#skip(doing, 'The rows after the change could not be told apart, or are too large.')
    return undefined
  }

  #refused(doing: Doing, refusal: Refusal): Kept {
    this.#ended(doing, refusal.sqlState, { rows: 0, bytes: 0 })
    return { kind: 'refused', refusal }
  }

  #ended(
    doing: Doing,
    result: string,
    { rows, bytes }: { readonly rows: number; readonly bytes: number },
  ): void {
    const { visit, clock } = this.#conversation
    this.#running = undefined
    visit.ended(doing.statement, {
      rows,
      bytes,
      durationMs: clock.monotonicMs() - doing.startedMs,
      result,
    })
  }

  /** An error of the client's own transaction that came when it ended. */
  #asTold(fields: Buffer): Buffer {
    if (this.#conversation.reducing) return reduceError(errorType, fields, 0, fields.length)
    const head = Buffer.alloc(5)
    head[0] = errorType
    head.writeInt32BE(fields.length + 4, 1)
    return Buffer.concat([head, fields])
  }
}

const errorType = 0x45

const letterOf = (status: number): 'I' | 'T' | 'E' =>
  status === idle ? 'I' : status === failedBlock ? 'E' : 'T'
