// Words in English: maskKeeps.

export const maskKeeps = {
  email: 'Keeps the first letter and the top-level domain of a text.',
  phone: 'Keeps the last two digits of a number with seven or more.',
  card: 'Keeps the last four digits of a number with twelve or more.',
  name: 'Keeps the first letter of a text.',
  date: 'Keeps the year of a date or time.',
  number: 'Keeps nothing: every value is NULL.',
  null: 'Keeps nothing: every value is NULL.',
  constant: 'Keeps nothing: every text is ***; other types are NULL.',
  hash: 'Keeps which values are equal, so that joins and counts work; texts, whole numbers, UUIDs and bytes only.',
}
