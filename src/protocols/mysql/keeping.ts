// Statements of which the rows are kept that they change: asked for, stored, and only then changed, all in one transaction.

import { GatewayError } from '../../core/errors.ts'
import type { EventId } from '../../core/ids.ts'
import type { Passed } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { RowImage } from '../../gate/snapshots.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import { areByKey, keysOf } from '../rows-by-key.ts'
import { command as says, status as bits } from './codec.ts'
import type { Conversation } from './conversation.ts'
import type { Dispatch } from './dispatch.ts'
import { chosen, type Execution } from './execution.ts'
import type { Answer } from './expected.ts'
import { OwnQuestions, type OwnQuestionsParts } from './own-questions.ts'
import { PayloadReader } from './payload.ts'
import { type Refusal, wordError, wordRefusal } from './refuse.ts'

export interface KeepingParts extends OwnQuestionsParts {
  readonly tell: (bytes: Buffer) => void
  readonly fail: (error: unknown) => void
  /** The statement is done: look what comes next. */
  readonly settle: () => void
}

/** One statement on its way. */
interface Doing {
  readonly judged: Passed
  readonly plan: ImagePlan
  readonly permit: Permit
  readonly statement: EventId
  readonly startedMs: number
  /** The answer of the statement itself. */
  readonly answer: Answer
  readonly bytes: Buffer
  /** Values of its parameters; a text: why they are not known. */
  readonly execution: Execution
}

type Kept = { readonly rows: RowImage | undefined } | { readonly refusal: Refusal }

export class Keeping {
  readonly #parts: KeepingParts
  readonly #conversation: Conversation
  readonly #dispatch: Dispatch
  readonly #own: OwnQuestions
  #doing: Doing | undefined
  /** It was stopped from our side while nothing of its own ran. */
  #stopped: GatewayError | undefined

  constructor(parts: KeepingParts, dispatch: Dispatch) {
    this.#parts = parts
    this.#conversation = parts.conversation
    this.#dispatch = dispatch
    this.#own = new OwnQuestions(parts, dispatch)
  }

  /** Runs it, tells the client, and goes on with what comes next. Its intent is on record. */
  run(
    judged: Passed,
    plan: ImagePlan,
    permit: Permit,
    answer: Answer,
    bytes: Buffer,
    execution: Execution,
  ): void {
    const [statement] = permit.statements
    if (statement === undefined) return this.#parts.fail(new GatewayError('audit.unavailable'))
    const startedMs = this.#conversation.clock.monotonicMs()
    this.#doing = { judged, plan, permit, statement, startedMs, answer, bytes, execution }
    this.#stopped = undefined
    this.#conversation.keeping = this
    return void this.#run(this.#doing).catch((error: unknown) => this.#parts.fail(error))
  }

  /** Something of ours runs, and is stopped. */
  stop(error: GatewayError | undefined): void {
    this.#stopped = error ?? new GatewayError('statement.stopped', 'it was killed.')
  }

  /** The session ends: what was not answered may have happened or not. */
  endAll(): void {
    if (this.#doing) this.#ended(this.#doing, 'unknown')
  }

  async #run(doing: Doing): Promise<void> {
    const conversation = this.#conversation
    if (conversation.status === undefined) await this.#own.short(doing.permit, Buffer.of(says.ping))
    const before = await this.#before(doing)
    if ('refusal' in before) return this.#refuse(doing, before.refusal)
    if (before.rows === undefined) await this.#own.end('ROLLBACK', doing.permit)
    const guards =
      before.rows !== undefined && !conversation.ownTransaction && doing.plan.selectAfter !== undefined
    if (guards && (await this.#own.text(doing.permit, savepoint)).result !== 'ok')
      return this.#refuse(doing, cannotKeep)
    if (this.#stopped) return this.#refuse(doing, wordError(this.#stopped))
    const { answer } = doing
    answer.held = true
    answer.statement = doing.statement
    answer.startedMs = doing.startedMs
    const result = await this.#own.send(doing.permit, doing.bytes, answer)
    if (result !== 'ok') {
      await this.#own.end('ROLLBACK', doing.permit)
      return this.#end(doing, result)
    }
    const problem = before.rows && (await this.#after(doing, before.rows))
    if (problem) {
      if (guards) await this.#own.text(doing.permit, `ROLLBACK TO ${savepoint}`)
      return this.#refuse(doing, problem)
    }
    if (guards) await this.#own.text(doing.permit, `RELEASE ${savepoint}`)
    const committed = await this.#own.end('COMMIT', doing.permit)
    if (committed !== undefined && committed !== 'ok')
      return this.#refuse(
        doing,
        wordRefusal(Number(committed), 'HY000', 'The change could not be committed.'),
      )
    if (answer.completion) this.#parts.tell(answer.completion)
    return this.#end(doing, result)
  }

  /** Reads the rows that will change, locks and stores them. */
  async #before(doing: Doing): Promise<Kept> {
    const { plan, permit, execution } = doing
    const conversation = this.#conversation
    if (conversation.tablesLocked) return this.#skip(doing, 'Tables are locked by LOCK TABLES.')
    if (typeof execution === 'string') return this.#skip(doing, execution)
    const { status = 0 } = conversation
    if ((status & bits.inTransaction) === 0 && (status & bits.autocommit) !== 0) {
      if ((await this.#own.text(permit, 'START TRANSACTION')).result !== 'ok') return { refusal: cannotKeep }
      conversation.ownTransaction = true
    }
    const asked = await this.#own.select(permit, plan.selectBefore, chosen(execution, plan.parameters), plan)
    if (asked.result !== 'ok') {
      const refusal = this.#stopped ? wordError(this.#stopped) : wordStopping(asked.result)
      if (refusal) return { refusal }
      return this.#skip(doing, `The rows could not be read before the change (${asked.result}).`)
    }
    if (asked.tooLarge) return this.#skip(doing, 'The rows are larger than what is kept of one statement.')
    const { snapshotRowsMax = 0 } = conversation.visit.session.target
    const most = Math.min(snapshotRowsMax, this.#parts.limits.snapshotRowsCeiling)
    if (plan.rowsMost !== undefined && asked.rows.length > plan.rowsMost)
      return this.#skip(doing, 'LIMIT leaves open which of the rows change.')
    if (asked.rows.length > most) return this.#skip(doing, `More than ${most} rows change.`)
    const image = imageOf(plan, asked.rows)
    const refusal = image.rows.length > 0 ? await this.#keep(doing, 'before', image) : undefined
    return refusal ? { refusal } : { rows: image }
  }

  /** The statement succeeded: what are its rows now? @returns why it must not take effect */
  async #after(doing: Doing, before: RowImage): Promise<Refusal | undefined> {
    const { plan, permit, answer } = doing
    if (answer.changed > before.rows.length)
      this.#skip(
        doing,
        `${answer.changed} rows changed, of which ${before.rows.length} were kept: others came meanwhile.`,
      )
    if (before.rows.length > 0 && plan.doubt !== undefined)
      this.#skip(doing, `Other rows may have changed than those that were kept. ${plan.doubt}`)
    if (before.rows.length === 0) return undefined
    if (!plan.selectAfter) {
      if (plan.noAfter !== undefined)
        this.#skip(doing, `Not kept as they are after the change: ${plan.noAfter}`)
      return undefined
    }
    if (answer.warnings > 0) {
      this.#skip(
        doing,
        'Not kept as they are after the change: asking would clear the warnings that it gave.',
      )
      return undefined
    }
    const keys = keysOf(before)
    const asked = await this.#own.select(permit, plan.selectAfter(keys).text, [], plan)
    if (asked.result !== 'ok') {
      this.#skip(doing, `The rows could not be read after the change (${asked.result}).`)
      return undefined
    }
    const image = imageOf(plan, asked.rows)
    if (asked.tooLarge || !areByKey(image, before)) {
      this.#skip(doing, 'The rows after the change could not be told apart, or are too large.')
      return undefined
    }
    return this.#keep(doing, 'after', image)
  }

  #skip({ plan, statement }: Doing, why: string): { readonly rows: undefined } {
    this.#conversation.visit.skipRows(statement, `${plan.schema}.${plan.table}`, why)
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

  async #refuse(doing: Doing, refusal: Refusal): Promise<void> {
    await this.#own.end('ROLLBACK', doing.permit)
    this.#ended(doing, refusal.result)
    this.#dispatch.refuse(refusal, doing.answer.heldSequence)
  }

  #end(doing: Doing, result: string): void {
    this.#ended(doing, result)
    this.#parts.settle()
  }

  #ended(doing: Doing, result: string): void {
    this.#doing = undefined
    this.#conversation.keeping = undefined
    doing.answer.statement = doing.statement
    doing.answer.startedMs = doing.startedMs
    this.#conversation.record(doing.answer, result)
  }
}

const savepoint = 'SAVEPOINT `sekisho~`'

const cannotKeep = wordRefusal(
  1105,
  'HY000',
  'The rows as they were before could not be kept, therefore they were not changed. Try again in a minute, or tell an administrator.',
)

/** What is told where a question of ours in front of a statement was stopped, as the statement would have been. */
function wordStopping(result: string): Refusal | undefined {
  if (result === '1317') return wordRefusal(1317, '70100', 'Query execution was interrupted')
  const states: Readonly<Record<string, string>> = {
    '1205': 'HY000',
    '1213': '40001',
    '1969': '70100',
    '3024': 'HY000',
    '3572': 'HY000',
  }
  const state = states[result]
  if (state === undefined) return undefined
  return wordRefusal(
    Number(result),
    state,
    'The rows to be changed could not be locked or read, therefore they were not changed. Run it again.',
  )
}

function imageOf(plan: ImagePlan, packets: readonly Buffer[]): RowImage {
  const { schema, table, key, columns = [] } = plan
  const rows = packets.map(packet => {
    const reader = new PayloadReader(packet)
    return columns.map(column => {
      if (packet[reader.at] === 0xfb) {
        reader.skip(1)
        return null
      }
      return reader.lenencBytes().toString(column.binary ? 'base64' : 'utf8')
    })
  })
  return { schema, table, columns, key, rows }
}
