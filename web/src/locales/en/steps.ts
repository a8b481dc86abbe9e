// Words in English: steps.

export const steps = {
  title: 'First steps',
  lead: 'Four steps from an empty gateway to a query on masked data.',
  hide: 'Do not show this again',
  done: 'done',
  target: 'Add a target',
  targetText: 'Where the database is, and the account Sekisho uses there.',
  tags: 'Tag sensitive columns',
  tagsText: 'A tag hides a column from everybody whom no policy permits to see it.',
  tagsFirst: 'Needs a target first.',
  policy: 'Write a policy',
  policyText: 'Who may connect and read. Make a group, put people into it, permit it.',
  token: 'Make a token',
  tokenText: 'The password with which psql, DBeaver and programs connect.',
}
