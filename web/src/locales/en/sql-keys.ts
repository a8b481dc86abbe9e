// Words in English: sqlKeys.

export const sqlKeys = {
  title: 'SQL editor',
  run: 'Run the selection, or the statement at the cursor',
  runAll: 'Run everything',
  stop: 'Stop what runs',
  explain: 'Show the plan',
  format: 'Format the selection, or everything',
  complete: 'Complete a name',
  save: 'Save as a query',
  newTab: 'New tab',
  closeTab: 'Close the tab',
  switchTab: 'Go to a tab',
  commit: 'Commit',
  rollback: 'Roll back',
  panels: 'History, saved queries, jobs',
  places: 'Go round: objects, editor, results',
  cell: 'In the results: show the cell in full',
  openRows: 'In the objects: open the rows of a table',
}
