// The database with which a session begins: it passes the gate like `USE`.

import { performance } from 'node:perf_hooks'
import { GatewayError } from '../../core/errors.ts'
import type { Target } from '../../core/target.ts'
import type { Judged, Visit } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import { ownTexts } from './own-texts.ts'

export interface Beginning {
  /** The target took it: puts that on record. */
  began(): void
}

/** @throws GatewayError if the database is refused, or that cannot be recorded */
export async function beginVisit(visit: Visit, database: string, target: Target): Promise<Beginning> {
  if (database === '' || database === target.database) return { began: () => undefined }
  const judged = await visit.judge(ownTexts.use(database), visit.initialState)
  const startedMs = performance.now()
  const permit = await admit(visit, judged)
  const ended = (result: string) => {
    const durationMs = performance.now() - startedMs
    for (const statement of permit.statements)
      visit.ended(statement, { rows: 0, bytes: 0, durationMs, result })
  }
  if (judged.kind === 'passed') return { began: () => ended('ok') }
  ended('1044')
  throw new GatewayError(judged.code, judged.message)
}

const admit = (visit: Visit, judged: Judged): Promise<Permit> =>
  new Promise((resolve, reject) => {
    visit.admit([judged], admission => {
      if (admission.kind === 'recorded') resolve(admission.permit)
      else reject(admission.error)
    })
  })
