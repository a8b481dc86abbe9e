// Words in English: palette.

export const palette = {
  title: 'Go anywhere, do anything',
  placeholder: 'Pages, targets, people, saved queries, actions …',
  none: 'Nothing fits. Try fewer letters.',
  page: 'Page',
  action: 'Action',
  target: 'Target',
  openSql: 'Open in the SQL editor',
  person: 'Person',
  saved: 'Saved query',
  newTarget: 'Add a target',
  newPolicy: 'Write a policy',
  newToken: 'Make a token',
  refused: 'Show what was refused',
  themeLight: 'Light appearance',
  themeDark: 'Dark appearance',
  themeAuto: 'Appearance of the system',
  language: 'Language: {{language}}',
  tour: 'Show the first steps again',
}
