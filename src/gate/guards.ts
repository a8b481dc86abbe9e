// What policies ask in return for a permit, as it stops a statement or goes along with it.

import type { ErrorCode } from '../core/errors.ts'
import type { Guards, PolicyName } from '../core/verdict.ts'
import { howToGiveReason } from './reason.ts'

export interface GuardStop {
  readonly code: ErrorCode
  readonly message: string
  readonly policy: PolicyName
}

/** The first thing that is missing. @param lifted whether a rule lifts what may be lifted for this statement */
export function stopOf(guards: Guards, lifted: boolean): GuardStop | undefined {
  const { readOnly, missingWhere, missingReason } = guards
  if (readOnly !== undefined) {
    const message = `The policy “${readOnly.name}” permits reading only here, and this statement does more. Ask an administrator for the right to.`
    return { code: 'statement.denied', message, policy: readOnly }
  }
  if (lifted) return undefined
  if (missingWhere !== undefined) {
    const message = `This would change every row of a table, and the policy “${missingWhere.name}” wants a condition. Add a WHERE that leaves rows out, or ask an administrator.`
    return { code: 'statement.denied', message, policy: missingWhere }
  }
  if (missingReason !== undefined) {
    const message = `The policy “${missingReason.name}” wants to know why. ${howToGiveReason}`
    return { code: 'statement.needs-reason', message, policy: missingReason }
  }
  return undefined
}

/** What has to be looked at while the statement runs, or before it may; `undefined` if nothing has. */
export function lastingGuards(guards: Guards, lifted: boolean): Guards | undefined {
  const { approval, timeLimitMs, byteLimit, rowsPerDay, bytesPerDay } = guards
  const asked = lifted ? undefined : approval
  if ((asked ?? timeLimitMs ?? byteLimit ?? rowsPerDay ?? bytesPerDay) === undefined) return undefined
  return asked === approval ? guards : { ...guards, approval: undefined }
}

export function timeWords(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  if (ms % 60_000 === 0) return `${ms / 60_000} min`
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}

export function sizeWords(bytes: number): string {
  if (bytes % 1e9 === 0) return `${bytes / 1e9} GB`
  if (bytes % 1e6 === 0) return `${bytes / 1e6} MB`
  return bytes % 1e3 === 0 ? `${bytes / 1e3} kB` : `${bytes} bytes`
}
