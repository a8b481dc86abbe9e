// Words in English: rows before and after a change.

export const snapshot = {
  title: 'Rows before and after',
  kept_one: '{{count}} row kept as it was before',
  kept_other: '{{count}} rows kept as they were before',
  keptBoth_one: '{{count}} row kept as it was before and after',
  keptBoth_other: '{{count}} rows kept as they were before and after',
  open: 'Show the rows',
  openHint: 'That you looked is put on record. Columns that policy hides from you stay hidden.',
  column: 'Column',
  before: 'Before',
  after: 'After',
  row: 'Row {{number}}',
  hidden: 'hidden',
  gone: 'not there any more',
  notKept: 'not kept',
  more_one: '{{count}} more row',
  more_other: '{{count}} more rows',
  restore: 'Copy statements that restore',
  restoreHint: 'Look at them before you run them: they know nothing of what changed since.',
  rowsMax: 'Keep rows before and after changes',
  rowsMaxHint:
    'Of an UPDATE or DELETE of at most so many rows, sealed. 0: none. Each such change then asks the database twice more.',
}
