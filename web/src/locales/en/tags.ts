// Words in English: tags.

export const tags = {
  title: 'Column tags',
  lead: 'What makes a column sensitive, and what is left of its values for those who may not see them.',
  add: 'Define a tag',
  edit: 'Edit {{name}}',
  name: 'Tag',
  nameHint: 'Words of a-z, 0-9, _ and -, with dots between them: pii.passport',
  taken: 'There is a tag of this name already.',
  effect: 'Hidden as',
  mask: 'Mask',
  sensitive: 'Hides the columns that carry it',
  sensitiveHint: 'From everybody whom no policy permits to reveal them.',
  revealWarning:
    'From the next statement on, everybody who may read a table sees its columns with this tag in clear, unless another tag hides them.',
  saved: 'The tag {{name}} is saved. It is in force at the next statement.',
}
