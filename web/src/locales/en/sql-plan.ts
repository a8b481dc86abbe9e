// Words in English: sqlPlan.

export const sqlPlan = {
  view: 'How the plan is shown',
  tree: 'Plan as a tree',
  raw: 'Plan as text',
  details: 'Details of the step',
  hottest: 'The most expensive step',
  share_time: 'Bars: time of each step itself',
  share_cost: 'Bars: estimated cost of each step itself',
  share_rows: 'Bars: estimated rows of each step',
  rows: '{{rows}} rows',
  cost: 'cost {{cost}}',
  noNumbers: 'No numbers to draw',
  noNumbersHint: 'A chart needs at least one column of numbers.',
  chartKind: 'Kind of chart',
  chart_bar: 'Bars',
  chart_line: 'Line',
  chart_scatter: 'Points',
  across: 'Column across',
  up: 'Columns upwards',
  barsCut_one: 'Only the first bar is drawn',
  barsCut_other: 'Only the first {{count}} bars are drawn',
}
