// What the routes of devices take, as schemas.

import { Type } from 'typebox'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const text = (maxLength: number) => Type.String({ maxLength, minLength: 1 })

const wish = { name: text(64), system: text(100), challenge: text(64) }
const userCode = text(32)
const proof = object({ deviceId: text(64), atMs: Type.Integer({ minimum: 0 }), proof: text(200) })

export const deviceInputs = {
  'POST /api/device/code': object(wish),
  'POST /api/device/look': object({ userCode }),
  'POST /api/device/decide': object({ userCode, allow: Type.Boolean() }),
  'POST /api/device/authorize': object({ ...wish, redirect: text(200), state: text(200) }),
  'POST /api/device/token': object({
    code: text(200),
    verifier: text(128),
    publicKey: text(255),
    proof: text(200),
  }),
  'POST /api/device/renew': proof,
  'POST /api/device/leave': proof,
}
