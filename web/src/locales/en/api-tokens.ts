// Words in English: apiTokens.

export const apiTokens = {
  title: 'API tokens',
  lead: 'For the command line and pipelines that administer this gateway. They open the API, never a database.',
  add: 'Make an API token',
  empty: 'No API tokens',
  use: 'Give it to the command line as SEKISHO_API_TOKEN.',
  revokeSure: 'Programs that use “{{label}}” can no longer administer.',
}
