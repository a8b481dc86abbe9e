// Numbers for tables and routines by which tags find them again. Pure.
//
// InnoDB numbers its tables and keeps the number over a rename; a table that is built anew (`TRUNCATE`, most of `ALTER
// TABLE`) gets another. Tags are found by name as well, so they are lost only to a table that is renamed and built anew
// between two pictures. An account without the right PROCESS is not told the numbers: a number is made of the name then,
// and tags do not follow a rename that was not made through the gateway.

import { createHash } from 'node:crypto'
import type { TableIdRow } from './catalog-rows.ts'

/** Made numbers stay above InnoDB's, which count from 1. */
const firstMade = 2 ** 52

/** A number made of a name: the same at every time and on every server. */
export function nameNumber(kind: string, schema: string, name: string): number {
  const bytes = createHash('sha256')
    .update(JSON.stringify([kind, schema, name]))
    .digest()
  return firstMade + Number(bytes.readBigUInt64BE() >> 12n)
}

/** InnoDB's numbers by `schema NUL table`. Of the partitions of one table the oldest names it. */
export function tableNumbers(rows: readonly TableIdRow[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const { name, id } of rows) {
    const [file] = name.split(/#p#/i, 1)
    const key = (file ?? '').split('/').map(decodeFileName)
    const [schema, table] = key
    if (schema === undefined || table === undefined || key.length !== 2) continue
    const both = `${schema}\0${table}`
    numbers.set(both, Math.min(id, numbers.get(both) ?? Infinity))
  }
  return numbers
}

/** Names in files have `@` and four hexadecimal digits for most that is not a letter or digit. */
function decodeFileName(name: string): string | undefined {
  const decoded = name.replace(/@([0-9a-f]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  // Letters of other scripts have shorter codes, which are not decoded: such a table has no number.
  return /@/.test(name.replace(/@[0-9a-f]{4}/g, '')) ? undefined : decoded
}
