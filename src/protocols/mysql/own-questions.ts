// Questions of ours within a client's session, each answered before the next one leaves.

import type { Limits } from '../../core/limits.ts'
import type { Permit } from '../../gate/permit.ts'
import type { ImagePlan } from '../../sql/dialect.ts'
import { command as says } from './codec.ts'
import type { Conversation } from './conversation.ts'
import { type Dispatch, encodeCommand } from './dispatch.ts'
import { asTextRow, type BoundValue, encodeExecution } from './execution.ts'
import { Answer } from './expected.ts'
import type { TargetSide } from './target-side.ts'

export interface OwnQuestionsParts {
  readonly conversation: Conversation
  readonly target: TargetSide
  readonly limits: Limits
  /** Resolves when nothing is on its way that stops what runs. */
  readonly calm: () => Promise<void>
}

export interface Asked {
  /** `ok`, or the number of the error. */
  readonly result: string
  readonly rows: readonly Buffer[]
  /** There was more than may be held. */
  readonly tooLarge: boolean
}

export class OwnQuestions {
  readonly #parts: OwnQuestionsParts
  readonly #conversation: Conversation
  readonly #dispatch: Dispatch

  constructor(parts: OwnQuestionsParts, dispatch: Dispatch) {
    this.#parts = parts
    this.#conversation = parts.conversation
    this.#dispatch = dispatch
  }

  /** Rows as the text protocol has them; a plan names their columns. */
  async select(
    permit: Permit,
    text: string,
    values: readonly BoundValue[],
    { columns = [] }: ImagePlan,
  ): Promise<Asked> {
    const conversation = this.#conversation
    const encoded = this.#dispatch.encode(text)
    if (!encoded) return { result: '1300', rows: [], tooLarge: false }
    if (values.length === 0) return this.#rows(permit, encodeCommand(this.#dispatch.queryHead, encoded))
    const prepared = new Answer('prepared', undefined, undefined, true)
    const result = await this.send(permit, encodeCommand(Buffer.of(says.stmtPrepare), encoded), prepared)
    if (result !== 'ok') return { result, rows: [], tooLarge: false }
    const { targetId } = prepared
    conversation.ownPrepared += 1
    const asked = await this.#rows(permit, encodeCommand(encodeExecution(targetId, values)))
    const close = Buffer.alloc(5)
    close[0] = says.stmtClose
    close.writeUInt32LE(targetId, 1)
    this.#parts.target.send(permit, encodeCommand(close))
    return { ...asked, rows: asked.rows.map(row => asTextRow(row, columns.length)) }
  }

  async #rows(permit: Permit, bytes: Buffer): Promise<Asked> {
    const answer = new Answer('results', undefined, undefined, true)
    answer.keepBytesMax = this.#parts.limits.snapshotBytesMax
    const result = await this.send(permit, bytes, answer)
    return { result, rows: answer.kept, tooLarge: answer.tooMuch }
  }

  /** A text of ours without rows. */
  text(permit: Permit, text: string): Promise<Asked> {
    const encoded = this.#dispatch.encode(text) ?? Buffer.from(text)
    return this.#rows(permit, encodeCommand(this.#dispatch.queryHead, encoded))
  }

  async short(permit: Permit, payload: Buffer): Promise<void> {
    await this.send(permit, encodeCommand(payload), new Answer('short', undefined, undefined, true))
  }

  /** @returns `ok`, or the number of the error, once the answer is complete */
  async send(permit: Permit, bytes: Buffer, answer: Answer): Promise<string> {
    await this.#parts.calm()
    const { promise, resolve } = Promise.withResolvers<string>()
    answer.whenDone = resolve
    this.#conversation.current = answer
    this.#parts.target.send(permit, bytes)
    return promise
  }

  /** Ends the transaction, if it is ours. @returns `undefined` if it is not */
  async end(how: 'COMMIT' | 'ROLLBACK', permit: Permit): Promise<string | undefined> {
    if (!this.#conversation.ownTransaction) return undefined
    const { result } = await this.text(permit, `${how} AND NO CHAIN NO RELEASE`)
    this.#conversation.ownTransaction = false
    return result
  }
}
