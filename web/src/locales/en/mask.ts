// Words in English: mask.

export const mask = {
  email: 'e-mail',
  phone: 'phone',
  card: 'card, last four',
  name: 'name',
  date: 'year only',
  number: 'number, as NULL',
  null: 'NULL',
  constant: 'constant',
  hash: 'keyed hash',
}
