// What a target says that nobody asked for.

import { GatewayError } from '../../core/errors.ts'
import { answer as says } from './codec.ts'

export const outOfStep = (cause?: unknown) =>
  new GatewayError('session.ended', 'the target answered in a way that was not expected.', { cause })

/** Unasked, a target says only why it ends the connection. */
export function unasked(first: number): undefined {
  if (first !== says.err) throw outOfStep()
  return undefined
}
