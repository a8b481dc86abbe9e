// What the target still owes an answer to, in the order in which it was sent.

import type { EventId } from '../../core/ids.ts'
import type { Judged } from '../../gate/gate.ts'
import type { Portal, Statement } from './prepared.ts'
import type { Refusal } from './refuse.ts'

/**
 * `copy-end` stands for a `CopyDone` or `CopyFail` that was sent before the target said whether it copies at all; it has no
 * answer of its own.
 */
export type AnswerKind = 'parse' | 'bind' | 'describe' | 'execute' | 'close' | 'sync' | 'query' | 'copy-end'

/** One answer to come. */
export class Answer {
  readonly kind: AnswerKind
  /** The statement it is about, if any. */
  readonly judged: Judged | undefined
  /** Told in place of the target's error: the refusal that travels as one. */
  own: Refusal | undefined = undefined
  /** Told in place of the target's word that it was cancelled: we asked for that. */
  interrupted: Refusal | undefined = undefined
  /** The client did not ask for it and must not see it. */
  swallowed = false
  /** Its record, if it has one. */
  statement: EventId | undefined = undefined
  startedMs = 0
  /** The end of what is answered is not told yet: there is more to do. */
  held: Held | undefined = undefined
  /** What the target must have again if it did not do this. */
  undo: Undo | undefined = undefined

  constructor(kind: AnswerKind, judged: Judged | undefined) {
    this.kind = kind
    this.judged = judged
  }

  /** Whether success may change how later statements are read. */
  get changesReading(): boolean {
    const judged = this.judged
    if (this.kind !== 'execute' && this.kind !== 'query') return false
    return judged?.kind === 'passed' && (judged.reading.changesState || judged.reading.changesSchema)
  }
}

/** The end of an answer that is kept back. */
export class Held {
  /** The message that says that it is complete, to be told later; `undefined`: it failed, and the client knows. */
  completion: Buffer | undefined
  /** Rows that were changed, if it told. */
  count = -1
  /** Letter of the transaction's state behind a simple query. */
  status = 0
  outcome = { rows: 0, bytes: 0, result: 'unknown' }
  readonly #ended: () => void
  /** Resolves once it is there. */
  readonly ended: Promise<void>

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#ended = resolve
  }

  end(): void {
    this.#ended()
  }
}

/** A name and what stood under it before. */
export type Undo =
  | {
      readonly kind: 'statement'
      readonly name: string
      readonly now: Statement | undefined
      readonly before: Statement | undefined
    }
  | {
      readonly kind: 'portal'
      readonly name: string
      readonly now: Portal | undefined
      readonly before: Portal | undefined
    }

export class ExpectedAnswers {
  #items: Answer[] = []
  #head = 0
  #changing = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  /** Whether something was sent that may change how later statements are read, and is not answered yet. */
  get changesReading(): boolean {
    return this.#changing > 0
  }

  get first(): Answer | undefined {
    return this.#items[this.#head]
  }

  push(answer: Answer): void {
    if (answer.kind === 'copy-end' && this.size === 0) return
    this.#items.push(answer)
    if (answer.changesReading) this.#changing++
  }

  /** The first one is answered. */
  shift(): void {
    this.#drop()
    while (this.first?.kind === 'copy-end') this.#drop()
  }

  /**
   * An error made the target skip everything up to the next `Sync`.
   * @returns what it skipped, the failed one first
   */
  skipToSync(): readonly Answer[] {
    const skipped: Answer[] = []
    for (let first = this.first; first && first.kind !== 'sync'; first = this.first) {
      skipped.push(first)
      this.#drop()
    }
    return skipped
  }

  /**
   * The target began to take data of a `COPY`, and ignores every `Sync` until the data ends.
   * @returns whether the end of the data was sent already, and whether something else was, which the protocol forbids
   */
  beginCopyIn(): 'open' | 'ended' | 'violated' {
    let at = this.#head + 1
    while (this.#items[at]?.kind === 'sync') this.#items.splice(at, 1)
    const next = this.#items[at]
    if (!next) return 'open'
    if (next.kind !== 'copy-end') return 'violated'
    this.#items.splice(at, 1)
    return 'ended'
  }

  /** Everything that is left, taken out. */
  takeAll(): readonly Answer[] {
    const left = this.#items.slice(this.#head)
    this.#items = []
    this.#head = 0
    this.#changing = 0
    return left
  }

  /** Whether an answer to come is about a statement whose errors must be reduced. */
  get reducesErrors(): boolean {
    for (let at = this.#head; at < this.#items.length; at++) {
      const judged = this.#items[at]?.judged
      if (judged?.kind === 'passed' && judged.reduceErrors) return true
    }
    return false
  }

  #drop(): void {
    const first = this.first
    if (!first) return
    if (first.changesReading) this.#changing--
    this.#head++
    if (this.#head === this.#items.length) {
      this.#items.length = 0
      this.#head = 0
    } else if (this.#head > 1024) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
  }
}
