// Words in English: password.

export const password = {
  changeTitle: 'Choose your password',
  changeLead: 'The one you signed in with was only for the first time.',
  current: 'Current password',
  next: 'New password',
  again: 'New password, once more',
  submit: 'Set the password',
  ruleLength: 'At least 12 characters',
  ruleName: 'Does not contain your user name',
  ruleDifferent: 'Differs from the current one',
  ruleSame: 'Both entries are the same',
  rulesHint: 'Several words in a row are easy to remember and hard to guess.',
  changed: 'Your password was changed. Other sign-ins of yours were ended.',
  met: 'met',
  notMet: 'not yet',
}
