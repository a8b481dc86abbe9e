// Words in English: tokens.

export const tokens = {
  title: 'My tokens',
  lead: 'Passwords for your programs. Each can be taken back at any time.',
  add: 'Make a token',
  empty: 'No tokens yet',
  emptyHint:
    'A token lets psql, DBeaver or your program connect in your name. Make one here, or from the page of a target.',
  label: 'Purpose',
  targets: 'Good for',
  allTargets: 'all targets you may reach',
  targetsHint: 'None chosen: all targets you may reach',
  created: 'Made',
  expires: 'Expires',
  expired: 'expired',
  lastUsed: 'Last used',
  revoke: 'Revoke',
  revokeSure: 'Programs that use “{{label}}” can no longer connect.',
  revoked: 'The token was revoked.',
}
