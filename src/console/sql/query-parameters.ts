// What stands behind the `?` of an address: untrusted, and each name once.

import { GatewayError } from '../../core/errors.ts'

type Query = Readonly<Record<string, unknown>>

const charsMax = 500

/** Empty is as good as missing. @throws GatewayError `request.invalid` */
export function textIn(query: Query, name: string): string | undefined {
  const value = query[name]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > charsMax || value.includes('\0'))
    throw new GatewayError('request.invalid', `${name} is not valid`)
  return value
}

/** A whole number from `min` to `max`. @throws GatewayError `request.invalid` */
export function countIn(query: Query, name: string, min: number, max: number): number | undefined {
  const value = textIn(query, name)
  if (value === undefined) return undefined
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max))
    throw new GatewayError('request.invalid', `${name} must be a number from ${min} to ${max}`)
  return number
}
