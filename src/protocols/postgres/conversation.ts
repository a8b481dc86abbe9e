// What both directions of one session know: what was sent, what stands behind which name, and how statements are read.

import type { Clock } from '../../core/clock.ts'
import type { Passed, Visit } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'
import type { Answer } from './expected.ts'
import { ExpectedAnswers } from './expected.ts'
import type { OwnQuestion } from './own-question.ts'
import { Prepared } from './prepared.ts'

export class Conversation {
  readonly visit: Visit
  readonly clock: Clock
  /** The target's number for this session, if it told one. */
  readonly processId: number | undefined
  readonly expected = new ExpectedAnswers()
  readonly prepared = new Prepared()
  /** How statements are read now. */
  state: SqlState
  /** The target takes data of a `COPY` from the client. */
  copyIn = false
  /** After an error, the target leaves out all up to a `Sync` that has not been sent yet. */
  targetSkips = false
  /** Counts every `Sync` and simple query sent, and answered. */
  sentSyncs = 0
  answeredSyncs = 0
  /** A statement of this transaction touched something hidden: error texts are reduced until it ends. */
  reducing = false
  /** A question of ours is being answered: what the target says belongs to it. */
  asking: OwnQuestion | undefined
  /** Whether a transaction of the client's is open, failed, or none is; as far as the target has answered. */
  block: 'none' | 'open' | 'failed' = 'none'
  /** The transaction that is open is ours: it stands for the one that the target would have had until the next `Sync`. */
  ownBlock = false
  /** Called when everything sent has been answered. */
  onSettled: (() => void) | undefined

  #stateAtStart: SqlState
  #schemaChanged = false
  #rolledBack = false
  /** The transaction began with `BEGIN`, so that the state itself knows what to go back to. */
  #beganInSql = false

  constructor(visit: Visit, state: SqlState, clock: Clock, processId?: number) {
    this.processId = processId
    this.visit = visit
    this.clock = clock
    this.state = state
    this.#stateAtStart = state
  }

  /**
   * Statement `index` of a text succeeded at the target.
   * @param rolledBack  the target said `ROLLBACK`, which is also its answer to a `COMMIT` that could not be
   */
  succeeded(passed: Passed, index: number, rolledBack: boolean): void {
    const before = this.state
    if (passed.reading.changesState) this.state = this.visit.follow(this.state, passed, index)
    if (passed.reading.changesSchema) {
      this.#schemaChanged = true
      this.visit.schemaChanged()
    }
    this.#rolledBack = false
    // Nothing succeeds in one that failed, but what ends it or goes back behind the error.
    if (this.block === 'failed') this.block = 'open'
    const verb = passed.reading.action.statements[index]?.verb ?? ''
    if (/^(?:BEGIN|START)/.test(verb)) {
      this.#beganInSql = before === this.#stateAtStart
      this.block = 'open'
    }
    // Statements sent together are one transaction until one of them ends it.
    if (/^(?:COMMIT|END|ROLLBACK|ABORT|PREPARE)$/.test(verb)) {
      this.#ended(verb, rolledBack)
      // In doubt it is open: to begin where one is open, and then to end that, would end the client's own.
      this.block = /\bchain\b/i.test(passed.original.replace(/\bno\s+chain\b/gi, '')) ? 'open' : 'none'
    }
  }

  /** Within one message or pipeline, whatever follows is a transaction of its own. */
  #ended(verb: string, rolledBack: boolean): void {
    this.block = 'none'
    const knowsItself = this.#beganInSql && /^(?:ROLLBACK|ABORT)$/.test(verb)
    if (rolledBack && !knowsItself) this.state = this.#stateAtStart
    if (verb === 'PREPARE' && !rolledBack) return
    this.#stateAtStart = this.state
    this.#beganInSql = false
  }

  failed(): void {
    this.#rolledBack = true
  }

  /** The target is ready for the next statement. */
  ready(status: number): void {
    this.answeredSyncs++
    this.block = status === idle ? 'none' : status === failedBlock ? 'failed' : 'open'
    if (status !== idle) return
    this.prepared.endTransaction(this.answeredSyncs)
    if (this.#rolledBack) this.state = this.#stateAtStart
    else this.#stateAtStart = this.state
    this.#rolledBack = false
    this.#beganInSql = false
    // Others see the change of a transaction only now.
    if (this.#schemaChanged) this.visit.schemaChanged()
    this.#schemaChanged = false
    if (this.reducing) this.reducing = this.expected.reducesErrors
  }

  /** The target skipped these: nothing of them happened. */
  undo(skipped: readonly Answer[]): void {
    for (let i = skipped.length - 1; i >= 0; i--) {
      const undo = skipped[i]?.undo
      if (undo?.kind === 'statement' && this.prepared.statement(undo.name) === undo.now)
        this.prepared.setStatement(undo.name, undo.before)
      else if (undo?.kind === 'portal' && this.prepared.portal(undo.name) === undo.now)
        this.prepared.setPortal(undo.name, undo.before)
    }
  }
}

/** `I`: no transaction; `E`: one that failed. */
export const idle = 0x49
export const failedBlock = 0x45
