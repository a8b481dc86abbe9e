// The filter of the list of targets, from what stands behind the `?`.

import { GatewayError } from '../../core/errors.ts'
import type { TargetFilter } from '../contract.ts'
import type { TargetSort } from './target-contract.ts'

const textCharsMax = 500
const idsCharsMax = 40_000
const sorts: { readonly [S in TargetSort]: true } = {
  name: true,
  database: true,
  protocol: true,
  port: true,
  host: true,
  state: true,
}

type Write = { -readonly [K in keyof TargetFilter]: TargetFilter[K] }

/** @throws GatewayError `request.invalid` */
export function parseTargetFilter(query: Readonly<Record<string, unknown>>): TargetFilter {
  const filter: Write = {}
  for (const [name, value] of Object.entries(query)) {
    const most = name === 'ids' ? idsCharsMax : textCharsMax
    if (typeof value !== 'string' || value.length > most) throw wrong(name)
    if (value !== '') readOne(filter, name, value)
  }
  return filter
}

function readOne(filter: Write, name: string, value: string): void {
  switch (name) {
    case 'search':
    case 'tag':
    case 'group':
    case 'ids':
      filter[name] = value
      return
    case 'offset':
    case 'limit':
      if (!/^\d{1,9}$/.test(value)) throw wrong(name)
      filter[name] = Number(value)
      return
    case 'state':
      if (value !== 'reachable' && value !== 'unreachable' && value !== 'unknown') throw wrong(name)
      filter.state = value
      return
    case 'protocol':
      if (value !== 'postgres' && value !== 'mysql') throw wrong(name)
      filter.protocol = value
      return
    case 'disabled':
      if (value !== 'true' && value !== 'false') throw wrong(name)
      filter.disabled = value === 'true'
      return
    case 'sort':
      if (!Object.hasOwn(sorts, value.replace(/^-/, ''))) throw wrong(name)
      filter.sort = value as TargetSort | `-${TargetSort}`
      return
    default:
      throw new GatewayError('request.invalid', `there is no filter ${name.slice(0, 40)}`)
  }
}

const wrong = (name: string) =>
  new GatewayError('request.invalid', `the filter ${name.slice(0, 40)} is not valid`)
