// Names and literals as SQL text, in the byte form that splices work in.

import { toBytes } from './parse.ts'

export function quoteName(name: string): string {
  return `"${toBytes(name).replaceAll('"', '""')}"`
}

export function quoteRelation(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** Safe with `standard_conforming_strings` on, which every session keeps on. */
export function quoteText(value: string): string {
  return `'${toBytes(value).replaceAll("'", "''")}'`
}
