// Words for what goes wrong while a MySQL or MariaDB is asked.

import { GatewayError } from '../../core/errors.ts'

/** ER_SPECIFIC_ACCESS_DENIED_ERROR */
export const deniedErrno = 1227

/** The driver sets a code of its own on whatever is thrown while it logs in; the message stays. */
export const askedInClear =
  'it asks for the password in clear, which is only done with the TLS mode "verify-full"'

/** Words for the user; the error itself, which may carry more, goes to the log as the cause. */
export function unavailable(cause: unknown): GatewayError {
  const {
    code = '',
    errno,
    message = '',
  } = cause as {
    readonly code?: string
    readonly errno?: number
    readonly message?: string
  }
  const words =
    (message === askedInClear ? message : undefined) ??
    byErrno[errno ?? 0] ??
    (code === 'HANDSHAKE_SSL_ERROR' ? tlsWords(message) : undefined) ??
    byCode[code] ??
    `it failed with ${code || 'no code'}`
  return new GatewayError('target.schema-unavailable', words, { cause })
}

/** The driver keeps no code of what TLS has found. */
function tlsWords(message: string): string {
  if (/expired/.test(message)) return 'its certificate has expired'
  if (/altnames|does not match/.test(message)) return 'its certificate is for another host name'
  if (/self-signed|unable to (verify|get)/.test(message))
    return 'its certificate is not one that the given authority made'
  return 'TLS could not be agreed with it'
}

const byErrno: Readonly<Record<number, string>> = {
  1040: 'it has no connection left',
  1044: 'the account may not use the database',
  1045: 'it does not accept the account and its password from this address',
  1049: 'there is no such database',
  1053: 'it is starting or stopping',
  1129: 'it has locked this address out after too many failed connections',
  1130: 'it takes no connections from this address',
  1203: 'it has no connection left',
  1226: 'it has no connection left',
  1820: 'the password of the account has expired',
  1862: 'the password of the account has expired',
  3118: 'the account is locked',
  3159: 'it takes only connections with TLS',
  4151: 'the account is locked',
}

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'it closed the connection',
  PROTOCOL_CONNECTION_LOST: 'it closed the connection',
  EPIPE: 'it closed the connection',
  EHOSTUNREACH: 'its address cannot be reached',
  ENETUNREACH: 'its address cannot be reached',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up at the moment',
  ETIMEDOUT: 'its address does not answer',
  AUTH_SWITCH_PLUGIN_ERROR: 'it asks for the password in a way that is not supported',
}
