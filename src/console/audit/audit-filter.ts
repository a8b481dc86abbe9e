// The filter of the audit, from what stands behind the `?` to what the audit takes.

import type { AuditFilter, AuditKind } from '../../audit/audit.ts'
import { GatewayError } from '../../core/errors.ts'

const kinds: { readonly [K in AuditKind]: true } = {
  'session.opened': true,
  'session.refused': true,
  'session.closed': true,
  statement: true,
  'statement.ended': true,
  'statement.noise': true,
  'statement.snapshot': true,
  'sign-in': true,
  'sign-in.failed': true,
  'sign-out': true,
  changed: true,
  'server.started': true,
  'server.stopped': true,
}
const isKind = (text: string): text is AuditKind => Object.hasOwn(kinds, text)

const textCharsMax = 500
const limitMax = 500
const timeMsMax = 8.64e15

type Write = { -readonly [K in keyof AuditFilter]: AuditFilter[K] }
type Read = (filter: Write, value: string) => void

const asText =
  (
    name:
      | 'userName'
      | 'targetName'
      | 'sessionId'
      | 'search'
      | 'before'
      | 'after'
      | 'policy'
      | 'code'
      | 'table'
      | 'column'
      | 'verb'
      | 'program'
      | 'address',
  ): Read =>
  (filter, value) => {
    filter[name] = value
  }

const asNumber =
  (name: 'fromMs' | 'toMs' | 'rowsMin' | 'rowsMax' | 'durationMinMs' | 'durationMaxMs'): Read =>
  (filter, value) => {
    filter[name] = number(name, value, timeMsMax)
  }

/** How each parameter is read; there are no others. */
const readers: { readonly [K in keyof Required<AuditFilter>]: Read } = {
  userName: asText('userName'),
  targetName: asText('targetName'),
  sessionId: asText('sessionId'),
  search: asText('search'),
  before: asText('before'),
  after: asText('after'),
  policy: asText('policy'),
  code: asText('code'),
  table: asText('table'),
  column: asText('column'),
  verb: asText('verb'),
  program: asText('program'),
  address: asText('address'),
  fromMs: asNumber('fromMs'),
  toMs: asNumber('toMs'),
  rowsMin: asNumber('rowsMin'),
  rowsMax: asNumber('rowsMax'),
  durationMinMs: asNumber('durationMinMs'),
  durationMaxMs: asNumber('durationMaxMs'),
  limit(filter, value) {
    filter.limit = Math.max(1, number('limit', value, limitMax))
  },
  kinds(filter, value) {
    const given = value.split(',')
    if (!given.every(isKind)) throw wrong('kinds')
    filter.kinds = given
  },
  verdict(filter, value) {
    if (value !== 'allowed' && value !== 'denied') throw wrong('verdict')
    filter.verdict = value
  },
  masked(filter, value) {
    if (value !== 'true' && value !== 'false') throw wrong('masked')
    if (value === 'true') filter.masked = true
  },
}

const isReader = (name: string): name is keyof typeof readers => Object.hasOwn(readers, name)

/** @throws GatewayError `request.invalid` */
export function parseAuditFilter(query: Readonly<Record<string, unknown>>): AuditFilter {
  const filter: Write = {}
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string' || value.length > textCharsMax) throw wrong(name)
    if (!isReader(name)) throw new GatewayError('request.invalid', `there is no filter ${name.slice(0, 40)}`)
    if (value !== '') readers[name](filter, value)
  }
  if (filter.before !== undefined && filter.after !== undefined) throw wrong('after')
  return filter
}

function number(name: string, text: string, most: number): number {
  if (!/^\d{1,16}(\.\d{1,6})?$/.test(text) || Number(text) > most) throw wrong(name)
  return Number(text)
}

const wrong = (name: string) =>
  new GatewayError('request.invalid', `the filter ${name.slice(0, 40)} is not valid`)
