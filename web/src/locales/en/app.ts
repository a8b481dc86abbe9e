// Words in English: app.

export const app = {
  name: 'Sekisho',
  tagline: 'The checkpoint between people and their data.',
  skip: 'Skip to the content',
  loading: 'Loading…',
  notFound: 'There is no such page',
  notFoundHint: 'The address may be old or mistyped.',
  goHome: 'Go to the targets',
  crashed: 'This page stumbled',
  crashedHint: 'Reload the page. If it happens again, tell an administrator what you did just before.',
  reload: 'Reload',
}
