// Questions of ours within a client's session, and the transaction in which they are asked if the client has none open.

import type { Limits } from '../../core/limits.ts'
import type { Permit } from '../../gate/permit.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import type { Departures } from './batch.ts'
import {
  encodeBind,
  encodeClosePortal,
  encodeCloseStatement,
  encodeDescribe,
  encodeExecute,
  encodeParse,
  encodeSync,
} from './codec.ts'
import { type Conversation, idle } from './conversation.ts'
import { type OwnAnswer, OwnQuestion } from './own-question.ts'
import { type Bound, noTypes, type Parameter } from './prepared.ts'
import type { Refusal } from './refuse.ts'

/** Ours at the target, for a moment each; what a client has there under this name is closed. */
const ownName = 'sekisho~rows'
/** No statement at all. */
const refusedText = 'sekisho: refused'

export type Asked = OwnAnswer & { readonly interrupted?: Refusal | undefined }

export interface OwnTransactionParts {
  readonly conversation: Conversation
  readonly departures: Departures
  readonly limits: Limits
}

export class OwnTransaction {
  readonly #parts: OwnTransactionParts
  readonly #conversation: Conversation

  constructor(parts: OwnTransactionParts) {
    this.#parts = parts
    this.#conversation = parts.conversation
  }

  /**
   * Asks for the rows that a statement will change, in a transaction of our own if there is none, behind a savepoint: after
   * an error, `undo` must follow.
   */
  async readBefore(permit: Permit, text: string, plan: ImagePlan, bound: Bound): Promise<Asked> {
    const begins = this.#conversation.block === 'none' && !this.#conversation.ownBlock
    let first = [...(begins ? statement('BEGIN') : []), ...savepoint]
    let types: Buffer = noTypes
    if (plan.parameters.length > 0) {
      const describing = [...closing, encodeParse(ownName, text, bound.types), encodeDescribe('S', ownName)]
      const described = await this.#ask(permit, [...first, ...describing, ...closing])
      this.#conversation.ownBlock ||= begins && described.status !== idle
      if (described.error) return described
      types = typesOf(plan.parameters.map(number => described.parameterTypes[number - 1] ?? 0))
      first = []
    }
    const values = plan.parameters.map(number => bound.parameters[number - 1] ?? { format: 0, value: null })
    const asking = [...first, ...question(plan.selectBefore, types, values), ...release]
    const answer = await this.#ask(permit, asking)
    this.#conversation.ownBlock ||= begins && answer.status !== idle
    return answer
  }

  /** Asks behind a savepoint: after an error, `undo` must follow. */
  read(permit: Permit, text: string, values: readonly (string | null)[]): Promise<Asked> {
    return this.#ask(permit, [
      ...savepoint,
      ...question(text, noTypes, values.map(textParameter)),
      ...release,
    ])
  }

  /** @returns whether the transaction is as it was before the question */
  async undo(permit: Permit): Promise<boolean> {
    const back = await this.#ask(permit, [...statement('ROLLBACK TO SAVEPOINT "sekisho~"'), ...release])
    return !back.error
  }

  /** Makes the client's transaction one that failed. @returns the letter of its state */
  async abort(permit: Permit): Promise<number> {
    const { status } = await this.#ask(permit, [...closing, encodeParse(ownName, refusedText, noTypes)])
    return status
  }

  /** @returns the letter of the state of what was asked so far */
  async settle(permit: Permit): Promise<number> {
    const { status } = await this.#ask(permit, [])
    return status
  }

  /** Ends it, if it is ours. */
  async end(how: 'COMMIT' | 'ROLLBACK', permit: Permit): Promise<OwnAnswer | undefined> {
    if (!this.#conversation.ownBlock) return undefined
    this.#conversation.ownBlock = false
    return this.#ask(permit, statement(how))
  }

  async #ask(permit: Permit, pieces: readonly Buffer[]): Promise<Asked> {
    const asking = new OwnQuestion(this.#parts.limits.snapshotBytesMax)
    this.#conversation.asking = asking
    this.#parts.departures.sendOwn(permit, [...pieces, encodeSync()])
    const answer = await asking.answer
    return asking.interrupted ? { ...answer, interrupted: asking.interrupted } : answer
  }
}

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

const savepoint = statement('SAVEPOINT "sekisho~"')
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
