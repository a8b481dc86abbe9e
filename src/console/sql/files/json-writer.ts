// An array of objects, one a line. Numbers that programs would round stay text; JSON of the target stays JSON.

import { type CreateWriter, type FileColumn, isPlainNumber } from './table-writer.ts'

export const jsonWriter: CreateWriter = out => {
  let columns: readonly FileColumn[] = []
  let keys: readonly string[] = []
  let isFirst = true
  return {
    begin(given) {
      columns = given
      keys = distinct(given.map(column => column.name)).map(name => JSON.stringify(name))
      return out.write('[')
    },
    async rows(rows) {
      const lines = rows.map(row => {
        const fields = row.map((value, at) => `${keys[at]}:${valueOf(columns[at]?.type ?? '', value)}`)
        const line = `${isFirst ? '' : ','}\n{${fields.join(',')}}`
        isFirst = false
        return line
      })
      await out.write(lines.join(''))
    },
    end: () => out.write('\n]\n'),
  }
}

/** A key stands once in an object: the second `id` is `id_2`. */
function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map(name => {
    let free = name
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`
    taken.add(free)
    return free
  })
}

function valueOf(type: string, value: string | null): string {
  if (value === null) return 'null'
  if (type === 'boolean' && (value === 't' || value === 'f')) return value === 't' ? 'true' : 'false'
  if (isPlainNumber(type, value) && String(Number(value)).length < 18 && !/^-?0\d/.test(value)) return value
  if ((type === 'json' || type === 'jsonb') && isJson(value)) return value
  return JSON.stringify(value)
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
