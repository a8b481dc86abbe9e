// What the routes for many targets take.

import { Type } from 'typebox'
import { limits } from '../../core/limits.ts'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

export const targetListInputs = {
  'POST /api/targets/bulk': object({
    ids: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: limits.targetsBulkMax,
    }),
    change: Type.Union([
      object({
        kind: Type.Union([
          Type.Literal('enable'),
          Type.Literal('disable'),
          Type.Literal('delete'),
          Type.Literal('expose'),
          Type.Literal('hide'),
        ]),
      }),
      object({
        kind: Type.Literal('tag'),
        set: Type.Record(Type.String(), Type.String({ maxLength: 255 })),
        remove: Type.Array(Type.String({ maxLength: 255 }), { maxItems: 100 }),
      }),
    ]),
  }),
}
