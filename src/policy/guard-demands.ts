// Gathers what the permits of one action ask in return, as question after question is decided.

import type { Guards, Limit, PolicyName } from '../core/verdict.ts'
import { noGuards } from '../core/verdict.ts'
import type { SqlStatement } from '../core/action.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { type GuardAnnotations, guardActions, type LimitName, limitNames } from './guard-annotations.ts'
import type { ActionName } from './schema.ts'

type Asked = { -readonly [K in keyof Guards]: Guards[K] }

/** Who approves if the permits of several things name different people. */
const administrators = ['administrators']

const reading = new Set<ActionName>(['connect', 'select', 'export', 'reveal'])

export class GuardDemands {
  readonly #version: number
  readonly #hasReason: boolean
  #asked: Asked | undefined
  /** That of `connect` holds for all statements, that of `select` for its own. */
  #readOnlyAlways: PolicyName | undefined
  #readOnlyHere: PolicyName | undefined
  #writesHere = false

  constructor(version: number, hasReason: boolean) {
    this.#version = version
    this.#hasReason = hasReason
  }

  get found(): Guards {
    return this.#asked ?? noGuards
  }

  /** The next questions are those of another statement. */
  nextStatement(): void {
    this.#readOnlyHere = undefined
    this.#writesHere = false
  }

  /** @param permits that decided; never empty */
  note(action: ActionName, permits: readonly CompiledPolicy[], statement: SqlStatement | undefined): void {
    if (!reading.has(action)) this.#writesHere = true
    // The common case: a permit that asks for nothing lifts whatever others ask.
    const [first] = permits
    if (first === undefined || permits.some(({ obligations }) => obligations.guards === undefined)) {
      this.#noteWriting()
      return
    }
    const asks = (name: keyof GuardAnnotations) =>
      guardActions[name].has(action) && permits.every(({ obligations }) => obligations.guards?.[name])
    for (const name of limitNames) if (asks(name)) this.#limit(name, permits)
    const { name } = first
    const policy = { name, version: this.#version }
    if (asks('requireWhere') && statement?.changesAllRows === true) this.#own.missingWhere ??= policy
    if (asks('requireReason') && !this.#hasReason) this.#own.missingReason ??= policy
    if (asks('approval')) this.#approval(permits, policy)
    if (asks('readOnly')) {
      if (action === 'connect') this.#readOnlyAlways ??= policy
      else this.#readOnlyHere ??= policy
    }
    this.#noteWriting()
  }

  get #own(): Asked {
    return (this.#asked ??= { ...noGuards })
  }

  #noteWriting(): void {
    const readOnly = this.#readOnlyAlways ?? this.#readOnlyHere
    if (this.#writesHere && readOnly !== undefined) this.#own.readOnly ??= readOnly
  }

  #limit(name: LimitName, permits: readonly CompiledPolicy[]): void {
    let most: Limit | undefined
    for (const permit of permits) {
      const value = permit.obligations.guards?.[name]
      if (value !== undefined && (most === undefined || value > most.value))
        most = { value, policy: { name: permit.name, version: this.#version } }
    }
    const known = this.#own[name]
    if (most !== undefined && (known === undefined || most.value < known.value)) this.#own[name] = most
  }

  #approval(permits: readonly CompiledPolicy[], policy: PolicyName): void {
    const approvers = [
      ...new Set(permits.map(({ obligations }) => obligations.guards?.approval ?? '')),
    ].sort()
    const known = this.#own.approval
    if (known === undefined) this.#own.approval = { policy, approvers }
    else if (known.approvers.join('\0') !== approvers.join('\0'))
      this.#own.approval = { policy: known.policy, approvers: administrators }
  }
}
