// Words in English: home.

export const home = {
  title: 'Welcome, {{name}}',
  lead: 'Every way through the checkpoint that is open to you.',
  attention: 'Needs attention',
  today: 'Today',
  people: 'people',
  chain: 'The audit is written up to no. {{sequence}}; {{waiting}} not searchable yet.',
  searchConnections: 'Find a connection',
  showAll_one: 'Show {{count}}',
  showAll_other: 'Show all {{count}}',
  noConnections: 'No connections yet',
  noneFound: 'Nothing by that name',
  noneFoundHint: 'Try fewer letters, or part of the name of the database.',
  noConnectionsHint:
    'As soon as a policy lets you connect to a database, it stands here. Ask an administrator which ones you need.',
  noConnectionsAdministrator: 'Add the first database: its address, an account, and who may connect.',
  toTargets: 'Add a database',
  openEditor: 'Open',
  openEditorAt: 'Open {{name}} in the SQL editor',
  copyFor: 'Copy the connection to {{name}} for a program',
  makeToken: 'Make a token for {{name}}',
  recent: 'Recent queries',
  recentNone: 'What you run, here or with your own program, stands here.',
  requests: 'My requests',
  requestsNone: 'When a statement needs an approval, your request stands here with its answer.',
  request: 'No. {{number}} at {{target}}',
}
