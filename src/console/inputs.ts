// What each route takes, as schemas: checked before a handler sees it, and shown in the OpenAPI document.

import { type Static, Type } from 'typebox'
import { limits } from '../core/limits.ts'
import type { Routes } from './contract.ts'
import { policyInputs } from './policies/policy-inputs.ts'
import { reachInputs } from './reach/reach-inputs.ts'
import { auditInputs } from './audit/audit-inputs.ts'
import { deviceInputs } from './devices/device-inputs.ts'
import { peopleInputs } from './people/people-inputs.ts'
import { targetListInputs } from './targets/target-inputs.ts'
import { sqlInputs } from './sql/sql-inputs.ts'

const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const text = (maxLength: number, minLength = 0) => Type.String({ maxLength, minLength })
const name = text(64, 1)
const password = text(1_024, 1)
const names = Type.Array(name, { maxItems: 1_000 })
const role = Type.Union([Type.Literal('administrator'), Type.Literal('user')])
/** PostgreSQL has 63, MySQL 64, accounts of MariaDB 128. */
const identifier = text(128, 1)
const policyText = text(1_000_000)
const port = Type.Integer({ minimum: 1, maximum: 65_535 })

const target = {
  name,
  protocol: Type.Union([Type.Literal('postgres'), Type.Literal('mysql')]),
  host: text(255, 1),
  port,
  database: identifier,
  account: identifier,
  password: Type.Optional(text(1_024)),
  tls: Type.Union([
    Type.Literal('disable'),
    Type.Literal('prefer'),
    Type.Literal('require'),
    Type.Literal('verify-full'),
  ]),
  tlsCa: Type.Optional(text(500_000)),
  tags: Type.Record(Type.String(), text(255)),
  disabled: Type.Optional(Type.Boolean()),
  jump: Type.Optional(
    Type.Union([
      Type.Null(),
      object({
        host: text(255, 1),
        port,
        user: identifier,
        hostKey: text(2_000, 1),
        auth: Type.Union([Type.Literal('key'), Type.Literal('password')]),
        secret: Type.Optional(text(18_000)),
        passphrase: Type.Optional(text(400)),
      }),
    ]),
  ),
  sendProxy: Type.Optional(Type.Boolean()),
  exposed: Type.Optional(Type.Boolean()),
  snapshotRowsMax: Type.Optional(Type.Integer({ minimum: 0, maximum: limits.snapshotRowsCeiling })),
}

const rules = Type.Array(
  object({
    name: text(100, 1),
    verdict: Type.Union([Type.Literal('allow'), Type.Literal('deny'), Type.Literal('noise')]),
    match: Type.Union([Type.Literal('shape'), Type.Literal('text'), Type.Literal('pattern')]),
    value: text(10_000, 1),
    target: Type.Optional(name),
    protocol: Type.Optional(Type.Union([Type.Literal('postgres'), Type.Literal('mysql')])),
    note: text(1_000),
  }),
  { maxItems: limits.queryRulesMax },
)

/** Routes that are not here take no body. The filter of the audit comes in the address: see audit-filter.ts. */
export const inputs = {
  ...auditInputs,
  ...deviceInputs,
  ...targetListInputs,
  ...peopleInputs,
  ...sqlInputs,
  'POST /api/sign-in': object({ name: text(200, 1), password }),
  'POST /api/password': object({ current: password, next: password }),
  'POST /api/targets': object(target),
  'POST /api/targets/test': object({ ...target, id: Type.Optional(text(64, 1)) }),
  'POST /api/targets/host-key': object({ host: text(255, 1), port }),
  'PUT /api/targets/:id': object(target),
  'PUT /api/targets/:id/tags': object({
    schema: identifier,
    table: identifier,
    column: identifier,
    tags: Type.Array(name, { maxItems: 50 }),
  }),
  'PUT /api/tags/:name': object({
    description: text(1_000),
    sensitive: Type.Boolean(),
    mask: Type.Union([
      Type.Literal('email'),
      Type.Literal('phone'),
      Type.Literal('card'),
      Type.Literal('name'),
      Type.Literal('date'),
      Type.Literal('number'),
      Type.Literal('null'),
      Type.Literal('constant'),
      Type.Literal('hash'),
    ]),
  }),
  'POST /api/tokens': object({
    label: text(100, 1),
    targets: Type.Array(text(64, 1), { maxItems: 1_000 }),
    lifeDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  }),
  'POST /api/api-tokens': object({
    label: text(100, 1),
    lifeDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  }),
  'POST /api/requests/:number/decide': Type.Union([
    object({
      kind: Type.Literal('approve'),
      minutes: Type.Integer({ minimum: 1, maximum: 100_000 }),
      once: Type.Boolean(),
      note: text(500),
    }),
    object({ kind: Type.Literal('refuse'), note: text(500) }),
  ]),
  'POST /api/users': object({
    name,
    displayName: text(200),
    email: Type.Optional(text(320)),
    role,
    groups: names,
  }),
  'PUT /api/users/:id': object({
    displayName: Type.Optional(text(200)),
    email: Type.Optional(text(320)),
    role: Type.Optional(role),
    groups: Type.Optional(names),
    disabled: Type.Optional(Type.Boolean()),
  }),
  'POST /api/groups': object({ name, description: text(1_000) }),
  'PUT /api/groups/:id': object({ description: Type.Optional(text(1_000)), members: Type.Optional(names) }),
  'PUT /api/rules': object({ rules, basedOn: Type.Integer({ minimum: 0 }) }),
  'POST /api/rules/test': object({
    targetId: text(64, 1),
    userName: Type.Optional(name),
    text: text(limits.statementCharsMax, 1),
    rules: Type.Optional(rules),
  }),
  ...policyInputs(rules),
  ...reachInputs,
  'POST /api/policies/check': object({
    text: policyText,
    language: Type.Union([Type.Literal('en'), Type.Literal('ja')]),
  }),
  'POST /api/policies/format': object({ text: policyText }),
  'PUT /api/policies': object({ text: policyText, note: text(1_000), basedOn: Type.Integer({ minimum: 0 }) }),
}

type Inputs = { [R in keyof typeof inputs]: Static<(typeof inputs)[R]> }

/** Does not compile if a schema lets through what the contract does not know, or a body has no schema. */
type Kept = {
  [R in keyof Routes]: R extends `GET ${string}`
    ? true
    : R extends keyof Inputs
      ? Inputs[R] extends Routes[R]['in']
        ? true
        : R
      : Routes[R]['in'] extends void
        ? true
        : R
}[keyof Routes]
export const schemasKeepTheContract: Kept extends true ? true : Kept = true
