// Prepared statements of one session: what the client calls them, what the target calls them, and what they were judged as.

import type { Passed } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'
import type { SessionFacts } from './session-facts.ts'

export interface Statement {
  /** The client's number for it: the one that the target gave it first. */
  readonly id: number
  /** The target's number for it now. */
  targetId: number
  /** As it was judged last, and the state it was judged in. */
  judged: Passed
  state: SqlState
  /** What the session was like when it was prepared: names in it keep to the database of that moment. */
  readonly facts: SessionFacts
  /** The text that the target has under its number. */
  sentText: string
  readonly parameters: number
  /** Types of the parameters as the client sent them last; later executions may leave them out. */
  types: Buffer | undefined
  /** The target has it anew, and has not been told the types. */
  lacksTypes: boolean
  /** Values were sent ahead of the execution. */
  hasLongData: boolean
}

export class Prepared {
  readonly #statements = new Map<number, Statement>()
  /** The one prepared last, if that went well. */
  last: Statement | undefined

  get size(): number {
    return this.#statements.size
  }

  get(id: number): Statement | undefined {
    return this.#statements.get(id)
  }

  /** @returns false if the client has this number for another one */
  add(statement: Statement): boolean {
    if (this.#statements.has(statement.id)) return false
    this.#statements.set(statement.id, statement)
    this.last = statement
    return true
  }

  delete(id: number): void {
    if (this.last?.id === id) this.last = undefined
    this.#statements.delete(id)
  }

  clear(): void {
    this.#statements.clear()
    this.last = undefined
  }
}
