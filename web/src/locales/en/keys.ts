// Words in English: keys.

export const keys = {
  title: 'Keyboard shortcuts',
  search: 'Focus the search',
  close: 'Close what is open',
  leaveEditor: 'Leave the editor with the keyboard',
  leaveEditorKeys: 'Esc, then Tab',
  copyCells: 'Copy the selected cells',
  help: 'Show this list',
  palette: 'Find pages, targets, people and actions',
}
