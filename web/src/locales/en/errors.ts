// Words in English: errors.

export const errors = {
  sign_in_failed: 'The user name or the password is not right.',
  sign_in_locked:
    'Too many failed attempts. Try again in {{detail}} minutes, or ask an administrator to unlock you.',
  sign_in_rate_limited: 'Too many attempts from your address. Wait a minute and try again.',
  sign_in_disabled: 'This account is disabled. Ask an administrator.',
  sign_in_required: 'Please sign in.',
  password_weak: 'The password is not strong enough: {{detail}}.',
  password_must_change: 'Choose a password of your own first.',
  request_invalid: 'Please check what you entered: {{detail}}',
  request_forbidden: 'You are not permitted to do this. Ask an administrator for the right to.',
  request_forged: 'The request did not come from this page. Reload the page and try again.',
  not_found: 'There is no such thing: {{detail}}. It may have been deleted.',
  conflict: 'This exists already or was changed by somebody else: {{detail}}. Reload and try again.',
  token_invalid: 'The token is not right, has expired, or is not for this target. Make a new one.',
  connect_denied: 'No policy permits you to connect to this target. Ask an administrator for access.',
  statement_denied: 'Policy does not permit this: {{detail}}',
  statement_unreadable: 'This statement could not be read with certainty: {{detail}}',
  statement_needs_reason: 'Say why you run this: {{detail}}',
  statement_needs_approval: 'This statement needs an approval: {{detail}}',
  statement_stopped: 'The statement was stopped: {{detail}}',
  statement_unsafe: 'This statement could show hidden data, therefore it was not run: {{detail}}',
  audit_unavailable:
    'This cannot be recorded at the moment, therefore it was not done. Try again in a minute, or tell an administrator.',
  target_unreachable: 'The target cannot be reached: {{detail}}',
  target_login_failed: 'The target did not accept the account that Sekisho uses for it: {{detail}}',
  target_schema_unavailable:
    'The tables of the target could not be read, therefore nothing can be let through: {{detail}}',
  protocol_violation: 'The connection was used in a way that is not allowed: {{detail}}',
  protocol_unsupported: 'This is not supported: {{detail}}',
  limit_exceeded: 'A limit was reached: {{detail}}',
  session_ended: 'Your session was ended: {{detail}}',
  server_draining: 'The server is stopping. Try again in a moment.',
  internal:
    'Something went wrong on our side. The administrator finds the details in the log under {{detail}}.',
  unreachable: 'The server does not answer. Check your network, then try again. {{detail}}',
}
