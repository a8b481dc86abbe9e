// What the routes of the SQL editor take, as schemas.

import { Type } from 'typebox'
import { limits } from '../../core/limits.ts'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const text = (maxLength: number, minLength = 0) => Type.String({ maxLength, minLength })
const id = text(64, 1)
const sql = text(limits.statementCharsMax)
const reason = text(1_000)
const identifier = text(128, 1)
const fileName = text(200, 1)

const savedQuery = object({
  name: text(200, 1),
  text: sql,
  targetId: Type.Optional(id),
  groups: Type.Array(id, { maxItems: 100 }),
})

export const sqlInputs = {
  'POST /api/sql/sessions': object({ targetId: id }),
  'POST /api/sql/sessions/:id/run': object({
    sql,
    commit: Type.Union([Type.Literal('auto'), Type.Literal('manual')]),
    parameters: Type.Optional(
      Type.Array(Type.Union([text(limits.statementCharsMax), Type.Null()]), {
        maxItems: limits.editorParametersMax,
      }),
    ),
    rowsMax: Type.Optional(Type.Integer({ minimum: 1 })),
    reason: Type.Optional(reason),
  }),
  'POST /api/sql/saved': savedQuery,
  'PUT /api/sql/saved/:id': savedQuery,
  'POST /api/targets/:id/exports': object({
    sql,
    format: Type.Union([
      Type.Literal('csv'),
      Type.Literal('json'),
      Type.Literal('sql'),
      Type.Literal('xlsx'),
    ]),
    fileName,
    reason: Type.Optional(reason),
    byteOrderMark: Type.Optional(Type.Boolean()),
  }),
  'POST /api/targets/:id/imports': object({
    uploadId: id,
    table: Type.Optional(object({ schema: identifier, name: identifier })),
    columns: Type.Optional(
      Type.Array(object({ from: text(1_000), to: identifier }), { maxItems: limits.importColumnsMax }),
    ),
    nullWord: Type.Optional(text(100)),
  }),
}
