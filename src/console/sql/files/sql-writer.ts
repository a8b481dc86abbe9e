// INSERT statements in the dialect of the target, some rows at a time.

import { type CreateWriter, type FileColumn, isExactNumber } from './table-writer.ts'

const rowsAtOnce = 100

export const sqlWriter: CreateWriter = (out, { protocol, table }) => {
  const isMysql = protocol === 'mysql'
  const name = (text: string): string =>
    isMysql ? `\`${text.replaceAll('`', '``')}\`` : `"${text.replaceAll('"', '""')}"`
  let columns: readonly FileColumn[] = []
  let head = ''
  const valueOf = (value: string | null, at: number): string => {
    const type = columns[at]?.type ?? ''
    if (value === null) return 'NULL'
    if (isExactNumber(type, value)) return value
    if (isMysql && /(?:binary|blob|bit|geometry|vector)/.test(type) && /^0x(?:[0-9A-F]{2})+$/.test(value))
      return value
    const escaped = value.replaceAll("'", "''")
    return `'${isMysql ? escaped.replaceAll('\\', '\\\\') : escaped}'`
  }
  return {
    async begin(given) {
      columns = given
      head = `INSERT INTO ${name(table)} (${given.map(column => name(column.name)).join(', ')}) VALUES\n`
      // As the values below are written.
      await out.write(isMysql ? '/* sql_mode without NO_BACKSLASH_ESCAPES */\n' : '')
    },
    async rows(rows) {
      for (let from = 0; from < rows.length; from += rowsAtOnce) {
        const lines = rows.slice(from, from + rowsAtOnce).map(row => `  (${row.map(valueOf).join(', ')})`)
        await out.write(`${head}${lines.join(',\n')};\n`)
      }
    },
    end: () => Promise.resolve(),
  }
}
