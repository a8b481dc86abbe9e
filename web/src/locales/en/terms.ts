// Words in English: terms.

export const terms = {
  rowFilter: 'Only rows where {{filter}}.',
  rowLimit: 'At most {{value}} rows.',
  requireWhere: 'With a condition.',
  requireReason: 'With a reason.',
  readOnly: 'Reading only.',
  approval: 'Approved by {{group}}.',
  timeLimit: 'At most {{value}}.',
  byteLimit: 'Results up to {{value}}.',
  rowsPerDay: 'At most {{value}} rows a day.',
  bytesPerDay: 'At most {{value}} a day.',
  maxSessions: 'At most {{value}} sessions.',
  idleTimeout: 'Ended after {{value}} without a statement.',
}
