// Words in English: targets.

export const targets = {
  title: 'Targets',
  lead: 'The databases you can reach through this gateway.',
  add: 'Add a target',
  search: 'Search by name, database or tag',
  empty: 'No targets yet',
  emptyAdmin:
    'Register a database server: PostgreSQL, MySQL or MariaDB. Sekisho gives it a port of its own; people connect there with their usual programs.',
  emptyUser:
    'No policy permits you to connect to a database yet. Ask the administrator who gave you your account: tell them which database you need and what for.',
  askText:
    'Please give me access to the database … in Sekisho. My user name is {{name}}, my groups: {{groups}}. Reason: ',
  askCopy: 'Copy a request to send to an administrator',
  disabled: 'disabled',
  port: 'port {{port}}',
  openSql: 'Open in SQL',
  test: 'Test the connection',
  testing: 'Testing…',
  testOk: 'Connected in {{duration}}',
  testOkDetail: '{{version}}, {{tls}}',
  testNoTls: 'without TLS',
  testFailed: 'No connection',
  untested: 'not tested',
  tabConnect: 'Connect',
  tabTables: 'Tables',
  tabSettings: 'Settings',
  created: 'The target was added.',
  deleteTitle: 'Delete {{name}}?',
  deleteText:
    'Nobody can connect to it through Sekisho any more and its column tags are lost. The database itself stays as it is.',
  health: 'Connection',
}
