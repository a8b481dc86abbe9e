// The settings with which a session begins: those that change how statements are read pass the gate like any statement.

import { performance } from 'node:perf_hooks'
import { GatewayError } from '../../core/errors.ts'
import type { Passed, Visit } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { SqlState } from '../../sql/dialect.ts'
import type { StartupSettings } from './parameters.ts'
import { asStatement } from './parameters.ts'

export interface Beginning {
  /** To log in to the target with. */
  readonly parameters: StartupSettings['plain']
  /** The target took them: puts that on record. @returns how statements are read from now on */
  began(): SqlState
}

/** @throws GatewayError if a setting is refused, or cannot be recorded */
export async function beginVisit(visit: Visit, settings: StartupSettings): Promise<Beginning> {
  const passed: Passed[] = []
  for (const [name, value] of settings.judged) {
    const judged = await visit.judge(asStatement(name, value), visit.initialState)
    if (judged.kind === 'stopped') throw new GatewayError(judged.code, judged.message)
    if (judged.text !== judged.original || judged.reading.action.statements.length !== 1)
      throw new GatewayError('protocol.unsupported', `The setting ${name} cannot be given when connecting.`)
    passed.push(judged)
  }
  const startedMs = performance.now()
  const permit = passed.length > 0 ? await admit(visit, passed) : visit.passage
  return {
    // The last word counts at the target. Statements that take it back are refused by the gate.
    parameters: [...settings.plain, ...settings.judged, ...(visit.readOnly ? [readOnly] : [])],
    began() {
      const durationMs = performance.now() - startedMs
      for (const statement of permit.statements)
        visit.ended(statement, { rows: 0, bytes: 0, durationMs, result: 'ok' })
      return passed.reduce((state, each) => visit.follow(state, each, 0), visit.initialState)
    },
  }
}

const readOnly = ['default_transaction_read_only', 'on'] as const

const admit = (visit: Visit, passed: readonly Passed[]): Promise<Permit> =>
  new Promise((resolve, reject) => {
    visit.admit(passed, admission => {
      if (admission.kind === 'recorded') resolve(admission.permit)
      else reject(admission.error)
    })
  })
