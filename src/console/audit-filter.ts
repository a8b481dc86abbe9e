// The filter of the audit, from what stands behind the `?` to what the audit takes.

import type { AuditFilter, AuditKind } from '../audit/audit.ts'
import { GatewayError } from '../core/errors.ts'

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

type Write = { -readonly [K in keyof AuditFilter]: AuditFilter[K] }

/** @throws GatewayError `request.invalid` */
export function parseAuditFilter(query: Readonly<Record<string, unknown>>): AuditFilter {
  const filter: Write = {}
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string' || value.length > textCharsMax) throw wrong(name)
    if (value !== '') readOne(filter, name, value)
  }
  return filter
}

function readOne(filter: Write, name: string, value: string): void {
  switch (name) {
    case 'fromMs':
    case 'toMs':
      filter[name] = number(name, value, 8.64e15)
      return
    case 'limit':
      filter.limit = Math.max(1, number(name, value, limitMax))
      return
    case 'userName':
    case 'targetName':
    case 'sessionId':
    case 'search':
    case 'before':
      filter[name] = value
      return
    case 'kinds': {
      const given = value.split(',')
      if (!given.every(isKind)) throw wrong(name)
      filter.kinds = given
      return
    }
    case 'verdict':
      if (value !== 'allowed' && value !== 'denied') throw wrong(name)
      filter.verdict = value
      return
    case 'masked':
      if (value !== 'true' && value !== 'false') throw wrong(name)
      if (value === 'true') filter.masked = true
      return
    default:
      throw new GatewayError('request.invalid', `there is no filter ${name.slice(0, 40)}`)
  }
}

function number(name: string, text: string, most: number): number {
  if (!/^\d{1,16}$/.test(text) || Number(text) > most) throw wrong(name)
  return Number(text)
}

const wrong = (name: string) =>
  new GatewayError('request.invalid', `the filter ${name.slice(0, 40)} is not valid`)
