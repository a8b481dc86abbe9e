// Words in English: problem.

export const problem = {
  title: 'That did not work',
  next: 'What to do',
  server: 'The server says: {{message}}',
}
