// Which statement stands behind which name at the target: prepared statements and portals of one session.

import type { Passed } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'

export interface Statement {
  /** As it was judged last. */
  judged: Passed
  /** The state it was judged in. */
  state: SqlState
  /** The text that the target has under this name. */
  sentText: string
  /** Count and numbers of its parameter types, as the client gave them. */
  readonly types: Buffer
  /** Number of the `Sync` that ends what it was sent with, and whether the target has said that it has it. */
  sync: number
  known: boolean
}

export interface Portal {
  judged: Passed
  /** The state it was bound in: the target has planned it, whatever the session changes afterwards. */
  readonly state: SqlState
  /** Number of the `Sync` that ends what it was bound with. */
  readonly sync: number
  /** What it was bound with, where rows that it changes are kept; it does so once. */
  bound?: Bound | undefined
}

export interface Parameter {
  /** 0 text, 1 binary. */
  readonly format: number
  readonly value: Uint8Array | null
}

export interface Bound {
  readonly types: Buffer
  readonly parameters: readonly Parameter[]
}

export const noTypes: Buffer = Buffer.from([0, 0])
export const noBound: Bound = { types: noTypes, parameters: [] }

/** PostgreSQL cuts longer names, so that two of them could be one. */
export const nameBytesMax = 63

export class Prepared {
  readonly #statements = new Map<string, Statement>()
  readonly #portals = new Map<string, Portal>()
  #unnamedStatement: Statement | undefined
  #unnamedPortal: Portal | undefined
  /** Names given by `PREPARE` and `DECLARE`; `undefined`: one of them could not be told. */
  #inSql: Set<string> | undefined = new Set()

  get size(): number {
    return this.#statements.size + this.#portals.size
  }

  statement(name: string): Statement | undefined {
    return name === '' ? this.#unnamedStatement : this.#statements.get(name)
  }

  portal(name: string): Portal | undefined {
    return name === '' ? this.#unnamedPortal : this.#portals.get(name)
  }

  setStatement(name: string, statement: Statement | undefined): void {
    if (name === '') this.#unnamedStatement = statement
    else if (statement) this.#statements.set(name, statement)
    else this.#statements.delete(name)
  }

  setPortal(name: string, portal: Portal | undefined): void {
    if (name === '') this.#unnamedPortal = portal
    else if (portal) this.#portals.set(name, portal)
    else this.#portals.delete(name)
  }

  /** A simple query ends what has no name. */
  dropUnnamed(): void {
    this.#unnamedStatement = undefined
    this.#unnamedPortal = undefined
  }

  /** A transaction ended: its portals are gone. */
  endTransaction(sync: number): void {
    if (this.#unnamedPortal && this.#unnamedPortal.sync <= sync) this.#unnamedPortal = undefined
    if (this.#portals.size > 0)
      for (const [name, portal] of this.#portals) if (portal.sync <= sync) this.#portals.delete(name)
  }

  /**
   * A statement is about to be sent that can free names of prepared statements or take names of portals in SQL. What a
   * freed name means afterwards is not known here, so it is forgotten: binding it again needs a new `Parse`.
   */
  forgetFor(passed: Passed): void {
    for (const { verb } of passed.reading.action.statements) {
      if (verb.startsWith('DEALLOCATE')) this.#forgetStatement(passed.original)
      else if (verb.startsWith('DISCARD')) this.#forgetAll()
      else if (verb.startsWith('DECLARE') || verb.startsWith('CLOSE')) this.#portals.clear()
      if (verb === 'PREPARE' || verb.startsWith('DECLARE')) this.#takeName(passed.original)
    }
  }

  /**
   * SQL and messages name the same things. What SQL runs by a name, `EXECUTE` or `FETCH`, is judged and recorded as what
   * SQL put there, so nothing else may be put there by a message. Names with `~` are those that rewriting makes.
   */
  isTakenInSql(name: string): boolean {
    if (name === '' || this.#inSql?.size === 0) return false
    return this.#inSql === undefined || this.#inSql.has(name) || name.includes('~')
  }

  #takeName(text: string): void {
    const one = /^\s*(?:prepare|declare)\s+(?:"((?:[ !#-~]|"")+)"|([a-z_][\w$]*))[\s(]/i.exec(text)
    const name = one?.[1]?.replaceAll('""', '"') ?? one?.[2]?.toLowerCase()
    if (name === undefined) this.#inSql = undefined
    else this.#inSql?.add(name.slice(0, nameBytesMax))
  }

  #forgetStatement(text: string): void {
    const one = /^\s*deallocate\s+(?:prepare\s+)?(?:"((?:[ !#-~]|"")+)"|([a-z_][\w$]*))\s*;?\s*$/i.exec(text)
    const name = one?.[1]?.replaceAll('""', '"') ?? one?.[2]?.toLowerCase()
    if (name === undefined || name === 'all') this.#statements.clear()
    else this.#statements.delete(name.slice(0, nameBytesMax))
  }

  #forgetAll(): void {
    this.#statements.clear()
    this.#portals.clear()
    this.dropUnnamed()
  }
}
