// Of a statement that writes hidden columns: how many rows it met, and nothing of how many of them became others.

import type { Passed } from '../../gate/gate.ts'
import { type Capabilities, has } from './capabilities.ts'
import { type Ok, status } from './codec.ts'
import { outOfStep } from './out-of-step.ts'

/** @throws GatewayError if it is not the answer to one statement */
export function rowsMet(
  judged: Passed,
  { affectedRows, info, status: flags }: Ok,
  capabilities: Capabilities,
): number {
  if ((flags & status.moreResults) !== 0) throw outOfStep()
  const isUpdate = judged.reading.action.statements[0]?.verb === 'UPDATE'
  if (isUpdate && has(capabilities, 'foundRows')) return affectedRows
  // The first number of the target's words, in whatever language: rows matched, or records. One row of REPLACE has no words.
  return Number(/\d+/.exec(info)?.[0] ?? (isUpdate ? 0 : 1))
}
