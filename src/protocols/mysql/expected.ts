// The answer that the target owes: one at a time, since a client of MySQL waits for it, or is made to.

import type { GatewayError } from '../../core/errors.ts'
import type { EventId } from '../../core/ids.ts'
import type { Passed } from '../../gate/gate.ts'

/**
 * `short`: OK or an error; `results`: what a text or an execution answers; `rows`: what fetching answers; `fields`: columns
 * alone; `prepared`: what preparing answers.
 */
export type AnswerKind = 'short' | 'results' | 'rows' | 'fields' | 'prepared'

/** What comes next in it. */
export type Phase = 'first' | 'columns' | 'columns end' | 'rows' | 'file' | 'definitions' | 'definitions end'

/** How it ended: `ok`, or the number of the target's error. */
export type Result = string

export class Answer {
  readonly kind: AnswerKind
  /** The statement it is about, if any. */
  readonly judged: Passed | undefined
  /** The client did not ask for it and must not see it. */
  readonly swallowed: boolean
  /** Called once it is there and was handed on. */
  readonly onEnd: ((result: Result) => void) | undefined
  phase: Phase
  /** Descriptions of columns that are still to come, in this part and in the next one. */
  columnsLeft = 0
  columnsNext = 0
  /** Its record, if it has one. */
  statement: EventId | undefined = undefined
  startedMs = 0
  rows = 0
  bytes = 0
  /** Statements of the text that have succeeded. */
  done = 0
  /** The target must stop: the client is told this in place of the rest. */
  interrupted: GatewayError | undefined = undefined
  /** The client was told; what still comes is for nobody. */
  cutShort = false
  /** Rows of an answer that is ours. */
  readonly kept: Buffer[] = []
  /** More than a few may come, up to so many bytes; what is more than that is left out, and `tooMuch` says so. */
  keepBytesMax = 0
  tooMuch = false
  /** Its end is not told yet, for there is more to do: kept here, with its number. */
  held = false
  completion: Buffer | undefined = undefined
  heldSequence: number | undefined = undefined
  /** Rows that an OK says were changed, and its warnings. */
  changed = 0
  warnings = 0
  /** Called like `onEnd`, by whoever waits for it. */
  whenDone: ((result: Result) => void) | undefined = undefined
  /** What the target calls what it prepared, and how many parameters that has. */
  targetId = 0
  /** What the client is told that it is called. */
  shownId = 0
  parameters = 0

  constructor(
    kind: AnswerKind,
    judged: Passed | undefined,
    onEnd?: (result: Result) => void,
    swallowed = false,
  ) {
    this.kind = kind
    this.judged = judged
    this.onEnd = onEnd
    this.swallowed = swallowed
    this.phase = kind === 'rows' || kind === 'fields' ? 'rows' : 'first'
  }
}
