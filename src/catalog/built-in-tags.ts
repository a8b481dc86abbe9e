// The tags that are there from the first start.

import type { TagDefinition } from '../policy/policy.ts'

const hidden = (name: string, mask: TagDefinition['mask'], description: string): TagDefinition => ({
  name,
  description,
  sensitive: true,
  mask,
})

export const builtInTags: readonly TagDefinition[] = [
  hidden('pii.email', 'email', 'E-mail address of a person'),
  hidden('pii.phone', 'phone', 'Telephone number of a person'),
  hidden('pii.card', 'card', 'Payment card number: the last four digits stay'),
  hidden('pii.name', 'name', 'Name of a person'),
  hidden('pii.birthday', 'date', 'Date of birth: the year stays'),
  hidden('pii.address', 'constant', 'Postal address of a person'),
  hidden(
    'pii.id',
    'hash',
    'Number that names a person, such as a tax or passport number; equal ones stay equal',
  ),
  hidden('hr.salary', 'number', 'Pay of an employee'),
  hidden('secret', 'null', 'Password, key or other secret'),
]
