// What the routes of people and their sessions take, beyond accounts.

import { Type } from 'typebox'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const names = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 1_000 })
const reason = Type.String({ maxLength: 500 })

export const peopleInputs = {
  'POST /api/groups/:id/members': object({ add: names, remove: names }),
  'POST /api/sessions/:id/end': object({ reason }),
}
