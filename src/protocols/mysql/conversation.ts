// What both directions of one session know: how texts are read, what was prepared, and the answer that is on its way.

import type { Clock } from '../../core/clock.ts'
import type { Visit } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'
import type { Capabilities } from './capabilities.ts'
import type { Answer, Result } from './expected.ts'
import type { Keeping } from './keeping.ts'
import { Prepared } from './prepared.ts'
import type { SessionFacts } from './session-facts.ts'

/** Makes of what the target says about a session the state in which its texts are read. */
export type ReadState = (before: SqlState, facts: SessionFacts) => SqlState

export class Conversation {
  readonly visit: Visit
  readonly clock: Clock
  /** What client, gateway and target agreed on. */
  readonly capabilities: Capabilities
  readonly readState: ReadState
  readonly prepared = new Prepared()
  /** The answer that the target owes. */
  current: Answer | undefined
  /** What the target last said about the session; `undefined`: it must be asked before anything is judged. */
  facts: SessionFacts | undefined
  /** The session may have changed: the target must be asked again. */
  factsOutdated = true
  /** Bits of what the target said last of the session; `undefined`: an error may have left it otherwise. */
  status: number | undefined
  /** A statement runs of which the rows are kept: the next one waits. */
  keeping: Keeping | undefined
  /** The transaction that is open is ours, for one statement; the client does not know of it. */
  ownTransaction = false
  /** Statements that we prepared ourselves: the numbers that the client is told go on without them. */
  ownPrepared = 0
  /** By LOCK TABLES, which a transaction would end. */
  tablesLocked = false
  /** How statements are read now. */
  state: SqlState
  /** Number of the next packet of ours, if we answer the client's command ourselves. */
  sequence = 0
  /** The session is over: what still calls back does nothing. */
  over = false

  constructor(visit: Visit, capabilities: Capabilities, readState: ReadState, clock: Clock) {
    this.visit = visit
    this.capabilities = capabilities
    this.readState = readState
    this.clock = clock
    this.state = visit.initialState
  }

  /** Statement `answer.done` of a text succeeded at the target. */
  succeeded(answer: Answer): void {
    const { judged } = answer
    if (judged?.reading.changesState && answer.kind === 'results')
      this.state = this.visit.follow(this.state, judged, answer.done)
    const verb = judged?.reading.action.statements[answer.done]?.verb ?? ''
    if (/^(?:UN)?LOCK TABLES?/.test(verb)) this.tablesLocked = verb.startsWith('LOCK')
    answer.done += 1
  }

  /** The answer is complete, or there will be none. */
  finished(answer: Answer): void {
    this.current = undefined
    const { judged } = answer
    if (!judged || answer.kind !== 'results') return
    // Whatever the target is asked next, it has forgotten how many rows it changed.
    if (judged.countTells) this.outdateFacts()
    // Statements before the one that failed may have succeeded.
    if (judged.reading.changesState || mayRunAnything(judged.reading.action.statements)) this.outdateFacts()
    if (judged.reading.changesSchema) this.visit.schemaChanged()
  }

  /** Puts the outcome of an answer on record, if its intent is: once the client has all of it, since the visit may end then. */
  record(answer: Answer, result: Result): void {
    if (answer.statement === undefined) return
    this.visit.ended(answer.statement, {
      rows: answer.rows,
      bytes: answer.bytes,
      durationMs: this.clock.monotonicMs() - answer.startedMs,
      result: answer.interrupted && result !== 'ok' ? '1317' : result,
    })
  }

  outdateFacts(): void {
    this.factsOutdated = true
  }

  /** The target said what the session is like. */
  learned(facts: SessionFacts): void {
    this.factsOutdated = false
    if (!this.facts || !sameFacts(this.facts, facts)) this.facts = facts
    this.state = this.readState(this.state, this.facts)
  }

  /** The target forgot everything about the session. */
  reset(): void {
    this.state = this.visit.initialState
    this.prepared.clear()
    this.tablesLocked = false
    this.ownPrepared = 0
    this.outdateFacts()
  }
}

/** Routines and statements by name can do what their text does not say. */
const mayRunAnything = (statements: readonly { readonly verb: string }[]): boolean =>
  statements.some(({ verb }) => verb.startsWith('CALL') || verb.startsWith('EXECUTE'))

/** Whether a text means the same under both, names without a database aside. */
export const readsAlike = (one: SessionFacts, other: SessionFacts): boolean =>
  one === other ||
  (one.sqlMode === other.sqlMode &&
    one.characterSet === other.characterSet &&
    one.connectionCharacterSet === other.connectionCharacterSet)

const sameFacts = (one: SessionFacts, other: SessionFacts): boolean =>
  readsAlike(one, other) && one.database === other.database
