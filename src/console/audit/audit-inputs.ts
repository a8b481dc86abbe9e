// What the routes of the audit take. Filters come in the address: see audit-filter.ts.

import { Type } from 'typebox'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

export const auditInputs = {
  'POST /api/audit/filters': object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    search: Type.String({ maxLength: 4_000 }),
    shared: Type.Boolean(),
  }),
  'POST /api/audit/exports': object({
    filter: Type.Record(Type.String(), Type.String({ maxLength: 1_000 })),
    format: Type.Union([Type.Literal('csv'), Type.Literal('json'), Type.Literal('parquet')]),
  }),
}
