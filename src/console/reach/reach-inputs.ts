// What the routes about who can reach what take.

import { Type } from 'typebox'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const text = (maxLength: number) => Type.String({ maxLength, minLength: 1 })
/** What a date can hold. */
const atMs = Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }))
const identifier = Type.Optional(text(128))
const place = { schema: identifier, table: identifier }

export const reachInputs = {
  'POST /api/reach/who': object({ targetId: text(64), atMs, ...place, column: identifier }),
  'POST /api/reach/what': object({
    userName: text(64),
    targetId: Type.Optional(text(64)),
    atMs,
    ...place,
  }),
}
