// The errors of the house: a closed set of codes, each with what a user may read about it.

/**
 * What a user is told, by code. The text says what happened and what to do next; it never carries values, addresses
 * of the inside or secrets. A `{}` is filled with the detail that the thrower marked as fit for users.
 */
export const told = {
  'sign-in.failed': 'The user name or the password is not right.',
  'sign-in.locked':
    'Too many failed attempts. Try again in {} minutes, or ask an administrator to unlock you.',
  'sign-in.rate-limited': 'Too many attempts from your address. Wait a minute and try again.',
  'sign-in.disabled': 'This account is disabled. Ask an administrator.',
  'sign-in.required': 'Please sign in.',
  'password.weak': 'The password is not strong enough: {}.',
  'password.must-change': 'Choose a password of your own first.',
  'request.invalid': 'The request is not valid: {}',
  'request.forbidden': 'You are not permitted to do this. Ask an administrator for the right to.',
  'request.forged': 'The request did not come from this console. Reload the page and try again.',
  'not-found': 'There is no such thing: {}.',
  conflict: 'This exists already: {}.',
  'token.invalid':
    'The user name or the connection token is not right, has expired, or is not for this target. Make a new token in the console.',
  'connect.denied': 'No policy permits you to connect to this target. Ask an administrator for access.',
  'statement.denied': '{}',
  'statement.unreadable': '{}',
  'statement.needs-reason': '{}',
  'statement.needs-approval': '{}',
  'statement.stopped': 'The statement was stopped: {}',
  'statement.unsafe': '{}',
  'audit.unavailable':
    'This cannot be recorded at the moment, therefore it was not done. Try again in a minute, or tell an administrator.',
  'target.unreachable': 'The target cannot be reached: {}',
  'target.login-failed': 'The target did not accept the account that Sekisho uses for it: {}',
  'target.schema-unavailable':
    'The tables of the target could not be read, therefore nothing can be let through: {}',
  'protocol.violation': 'The client sent something that the protocol does not allow: {}',
  'protocol.unsupported': '{}',
  'limit.exceeded': 'A limit was reached: {}',
  'session.ended': 'Your session was ended: {}',
  'server.draining': 'The server is stopping. Connect again in a moment.',
  internal: 'Something went wrong on our side. The administrator finds the details in the log under {}.',
} as const

export type ErrorCode = keyof typeof told

export class GatewayError extends Error {
  readonly code: ErrorCode
  /** Detail that is fit for the user's eyes; fills the `{}` of `told[code]`. */
  readonly detail: string

  /**
   * @param code    one of the closed set
   * @param detail  what the user may read beside the sentence of the code
   * @param options `cause`: the error behind it, for the log only
   */
  constructor(code: ErrorCode, detail = '', options?: { readonly cause?: unknown }) {
    super(told[code].replace('{}', detail), options)
    this.name = 'GatewayError'
    this.code = code
    this.detail = detail
  }
}
