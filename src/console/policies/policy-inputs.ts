// What the routes for working on policies take.

import { Type } from 'typebox'
import { limits } from '../../core/limits.ts'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const text = (maxLength: number, minLength = 0) => Type.String({ maxLength, minLength })
const name = text(64, 1)
const policyText = text(limits.policySetCharsMax)
const few = 200

const literals = <T extends string>(...all: readonly T[]) => Type.Union(all.map(one => Type.Literal(one)))

const person = object({ kind: literals('user', 'group'), name: text(limits.policyNameCharsMax, 1) })
const place = object({
  type: literals('Target', 'Schema', 'Table', 'Column', 'Tag'),
  path: Type.Array(text(255), { minItems: 1, maxItems: 4 }),
  exact: Type.Boolean(),
})
const people = Type.Array(person, { maxItems: few })
const places = Type.Array(place, { maxItems: few })
const is = Type.Boolean()
const words = Type.Array(text(255), { minItems: 1, maxItems: few })

const condition = Type.Union([
  object({ kind: Type.Literal('administrator'), is }),
  object({ kind: Type.Literal('person'), is, people }),
  object({ kind: Type.Literal('place'), is, places }),
  object({ kind: Type.Literal('tag'), is, tag: text(255), values: words }),
  object({
    kind: Type.Literal('time'),
    fact: literals('hour', 'localHour', 'weekday', 'localWeekday'),
    comparison: literals('<', '<=', '>', '>=', '==', '!='),
    value: Type.Integer(),
  }),
  object({ kind: Type.Literal('date'), comparison: literals('<', '>='), value: text(40) }),
  object({ kind: Type.Literal('address'), is, ranges: words }),
  object({ kind: Type.Literal('console'), is }),
  object({ kind: Type.Literal('reason'), is }),
  object({ kind: Type.Literal('program'), is, pattern: text(255) }),
  object({ kind: Type.Literal('cedar'), text: text(limits.policyCharsMax) }),
])
const conditions = Type.Array(condition, { maxItems: few })

const form = object({
  name: text(limits.policyNameCharsMax * 2),
  effect: literals('permit', 'forbid'),
  disabled: Type.Boolean(),
  who: people,
  actions: Type.Array(name, { maxItems: 50 }),
  where: places,
  conditions,
  exceptions: Type.Array(conditions, { maxItems: few }),
  annotations: Type.Record(
    Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$', maxLength: 64 }),
    Type.Union([text(limits.policyCharsMax), Type.Null()]),
  ),
})

const source = Type.Union([object({ version: Type.Integer({ minimum: 1 }) }), object({ text: policyText })])

/** @param rules the schema of query rules */
export const policyInputs = <R extends Parameters<typeof Type.Optional>[0]>(rules: R) => ({
  'POST /api/policies/form': object({ text: policyText }),
  'POST /api/policies/write': object({ form }),
  'POST /api/policies/difference': object({ before: source, after: source }),
  'POST /api/policies/try': object({
    targetId: text(64, 1),
    userName: Type.Optional(name),
    statements: Type.Array(text(limits.statementCharsMax, 1), {
      minItems: 1,
      maxItems: limits.trialStatementsMax,
    }),
    policies: Type.Optional(policyText),
    rules: Type.Optional(rules),
  }),
  'POST /api/policies/replay': object({
    text: policyText,
    days: Type.Integer({ minimum: 1, maximum: limits.replayDaysMax }),
    userName: Type.Optional(text(255, 1)),
    targetName: Type.Optional(text(255, 1)),
  }),
})
