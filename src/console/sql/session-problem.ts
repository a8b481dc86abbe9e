// What the gateway or a target said to a session on its way in, as the console words it.

import { GatewayError, told as said } from '../../core/errors.ts'
import { isErrorCode, type RunError } from './target-connection.ts'

export function sessionProblem(told: RunError): GatewayError {
  const { code, message } = told
  if (code === undefined || !isErrorCode(code)) return new GatewayError('target.unreachable', message)
  const [before = ''] = said[code].split('{}')
  return new GatewayError(code, message.startsWith(before) ? message.slice(before.length) : '')
}
