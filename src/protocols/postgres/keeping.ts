// Statements of which the rows are kept that they change: asked for, stored, and only then changed, all in one transaction.

import { GatewayError } from '../../core/errors.ts'
import type { EventId } from '../../core/ids.ts'
import type { Limits } from '../../core/limits.ts'
import type { Passed } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { RowImage } from '../../gate/snapshots.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import type { Departures } from './batch.ts'
import {
  encodeBind,
  encodeClosePortal,
  encodeCloseStatement,
  encodeDescribe,
  encodeExecute,
  encodeFlush,
  encodeParse,
  encodeQuery,
  encodeReadyForQuery,
  encodeSync,
} from './codec.ts'
import { type Conversation, failedBlock, idle } from './conversation.ts'
import { Answer, Held } from './expected.ts'
import { type OwnAnswer, OwnQuestion } from './own-question.ts'
import type { Bound, Parameter } from './prepared.ts'
import { type Refusal, reduceError, wordRefusal, wordStopping } from './refuse.ts'

/** Ours at the target, each for a moment: names of a client's own have no such sign, or are not ours to keep free. */
const ownName = 'sekisho~rows'
const refusedText = 'sekisho: refused'
const noTypes = Buffer.from([0, 0])
const noBound: Bound = { types: noTypes, parameters: [] }

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
  /** On record, and without an outcome. */
  #running: Doing | undefined

  constructor(parts: KeepingParts) {
    this.#parts = parts
    this.#conversation = parts.conversation
  }

  /** A simple query; everything before it has been answered. @throws GatewayError if it cannot be recorded */
  async query(judged: Passed, plan: ImagePlan): Promise<Kept> {
    const doing = await this.#admit(judged, plan, true)
    const before = await this.#before(doing, noBound)
    if ('refusal' in before) return this.#refused(doing, before.refusal)
    // Nothing is kept: the transaction is as it was before we came.
    if (before.rows === undefined) await this.#endOwn('ROLLBACK', doing.permit)
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
      await this.#abort(doing.permit)
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
    const { conversation, permit } = this.#own
    conversation.sentSyncs++
    const first = await this.#ask(permit, [])
    const failed = first.status === failedBlock
    const told = await this.#endOwn(failed ? 'ROLLBACK' : 'COMMIT', permit)
    conversation.ready(idle)
    this.#parts.tell(...(told?.error ? [this.#asTold(told.error.message)] : []), encodeReadyForQuery('I'))
  }

  /** The session ends: what was not answered may have happened or not. */
  endAll(): void {
    if (this.#running) this.#ended(this.#running, 'unknown', { rows: 0, bytes: 0 })
  }

  get #own() {
    return { conversation: this.#conversation, permit: this.#conversation.visit.passage }
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
    const begins = conversation.block === 'none' && !conversation.ownBlock
    const opening = [...(begins ? statement('BEGIN') : []), ...statement('SAVEPOINT "sekisho~"')]
    const asked = await this.#askBefore(permit, opening, doing, bound, begins)
    if (asked.error) {
      const interrupted = asked.interrupted ?? wordStopping(asked.error.sqlState)
      const isBack = await this.#undo(permit)
      if (interrupted || !isBack) {
        if (doing.isQuery) await this.#endOwn('ROLLBACK', permit)
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
    const refusal = rows.length > 0 ? await this.#keep(doing, 'before', image) : undefined
    if (!refusal) return { rows: image }
    if (doing.isQuery) await this.#endOwn('ROLLBACK', permit)
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

  async #askBefore(
    permit: Permit,
    opening: readonly Buffer[],
    { judged, plan }: Doing,
    bound: Bound,
    begins: boolean,
  ): Promise<OwnAnswer & { readonly interrupted?: Refusal | undefined }> {
    let types: Buffer = noTypes
    let first = opening
    if (plan.parameters.length > 0) {
      const describing = [
        ...closing,
        encodeParse(ownName, judged.text, bound.types),
        encodeDescribe('S', ownName),
      ]
      const described = await this.#ask(permit, [...first, ...describing, ...closing])
      this.#conversation.ownBlock ||= begins && described.status !== idle
      if (described.error) return described
      types = typesOf(plan.parameters.map(number => described.parameterTypes[number - 1] ?? 0))
      first = []
    }
    const values = plan.parameters.map(number => bound.parameters[number - 1] ?? { format: 0, value: null })
    const answer = await this.#ask(permit, [
      ...first,
      ...question(plan.selectBefore, types, values),
      ...release,
    ])
    this.#conversation.ownBlock ||= begins && answer.status !== idle
    return answer
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
        await this.#endOwn('ROLLBACK', doing.permit)
        status = idle
      }
      return end(outcome.result)
    }
    const problem = before && (await this.#after(doing, before, held))
    if (problem) {
      if (conversation.ownBlock) {
        await this.#endOwn('ROLLBACK', doing.permit)
        status = idle
      } else status = await this.#abort(doing.permit)
      conversation.failed()
      return end(problem.sqlState, problem.bytes)
    }
    if (!conversation.ownBlock) return end(outcome.result, completion)
    const committed = await this.#endOwn('COMMIT', doing.permit)
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
    if (before.rows.length === 0) return undefined
    if (!plan.selectAfter) {
      if (plan.noAfter !== undefined)
        this.#skip(doing, `Not kept as they are after the change: ${plan.noAfter}`)
      return undefined
    }
    const places = plan.key.map(name => before.columns.findIndex(column => column.name === name))
    const { text, values } = plan.selectAfter(before.rows.map(row => places.map(place => row[place] ?? null)))
    const asked = await this.#ask(permit, [
      ...statement('SAVEPOINT "sekisho~"'),
      ...question(text, noTypes, values.map(textParameter)),
      ...release,
    ])
    if (asked.error) {
      if (!(await this.#undo(permit))) return cannotKeep
      this.#skip(doing, `The rows could not be read after the change (${asked.error.sqlState}).`)
      return undefined
    }
    if (asked.tooLarge || !isByKey(asked, before, places)) {
      this.#skip(doing, 'The rows after the change could not be told apart, or are too large.')
      return undefined
    }
    const { columns, rows } = asked
    return this.#keep(doing, 'after', { ...before, columns: columns.map(name => ({ name })), rows })
  }

  /** @returns whether the transaction is as it was before the question */
  async #undo(permit: Permit): Promise<boolean> {
    const back = await this.#ask(permit, [...statement('ROLLBACK TO SAVEPOINT "sekisho~"'), ...release])
    return !back.error
  }

  /** Makes the client's transaction one that failed. @returns the letter of its state */
  async #abort(permit: Permit): Promise<number> {
    const { status } = await this.#ask(permit, [...closing, encodeParse(ownName, refusedText, noTypes)])
    return status
  }

  async #endOwn(how: 'COMMIT' | 'ROLLBACK', permit: Permit): Promise<OwnAnswer | undefined> {
    if (!this.#conversation.ownBlock) return undefined
    this.#conversation.ownBlock = false
    return this.#ask(permit, statement(how))
  }

  async #ask(
    permit: Permit,
    pieces: readonly Buffer[],
  ): Promise<OwnAnswer & { readonly interrupted?: Refusal | undefined }> {
    const asking = new OwnQuestion(this.#parts.limits.snapshotBytesMax)
    this.#conversation.asking = asking
    this.#parts.departures.sendOwn(permit, [...pieces, encodeSync()])
    const answer = await asking.answer
    return asking.interrupted ? { ...answer, interrupted: asking.interrupted } : answer
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

export const cannotKeep = wordRefusal(
  '58030',
  'The rows as they were before could not be kept, therefore they were not changed.',
  'Try again in a minute, or tell an administrator.',
)

/** An error leaves them open; closing what is not there is none. */
const closing = [encodeClosePortal(ownName), encodeCloseStatement(ownName)]

/** One text without parameters. */
const statement = (text: string): readonly Buffer[] => question(text, noTypes, [])

const question = (text: string, types: Buffer, values: readonly Parameter[]): readonly Buffer[] => [
  ...closing,
  encodeParse(ownName, text, types),
  encodeBind(ownName, ownName, values),
  encodeDescribe('P', ownName),
  encodeExecute(ownName),
  ...closing,
]

const release = statement('RELEASE SAVEPOINT "sekisho~"')

const textParameter = (value: string | null): Parameter => ({
  format: 0,
  value: value === null ? null : Buffer.from(value),
})

function typesOf(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 + numbers.length * 4)
  bytes.writeUInt16BE(numbers.length, 0)
  numbers.forEach((number, index) => bytes.writeInt32BE(number, 2 + index * 4))
  return bytes
}

/** Whether every row is one of those before, and none is there twice. */
function isByKey({ columns, rows }: OwnAnswer, before: RowImage, places: readonly number[]): boolean {
  const now = before.key.map(name => columns.indexOf(name))
  const keyOf = (row: readonly (string | null)[], at: readonly number[]): string =>
    JSON.stringify(at.map(place => row[place] ?? null))
  const known = new Set(before.rows.map(row => keyOf(row, places)))
  const found = new Set(rows.map(row => keyOf(row, now)))
  return (
    found.size === rows.length && known.size === before.rows.length && [...found].every(key => known.has(key))
  )
}
