// Words in English: figures of the audit.

export const figures = {
  title: 'Figures',
  statements: 'statements',
  refused: 'refused',
  rows: 'rows',
  overTime: 'Statements over time, refused ones in red',
  most: 'at most {{count}} at once',
  bucket: '{{from}}: {{statements}} statements, {{refused}} refused, {{rows}} rows',
  span: '{{from}} to {{to}}',
  notAll: 'There is more than can be counted at once: counted from {{from}} on.',
  tables: 'Tables',
  users: 'People',
  policies: 'Refused by',
  columns: 'Masked columns touched',
  slowest: 'Slowest statements',
  mean: '{{mean}} on average, {{count}} times',
  none: 'Nothing here',
}
