// Statements that bring rows back to what they were, of what the one who asks may see.

import type { SnapshotCell, SnapshotShown } from '../../../../src/console/contract.ts'

type Protocol = SnapshotShown['protocol']

const quoteName = (name: string, protocol: Protocol): string =>
  protocol === 'postgres' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '``')}\``

const hexOf = (base64: string): string =>
  Array.from(atob(base64), byte => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')

function literal(value: string | null, binary: boolean, protocol: Protocol): string {
  if (value === null) return 'NULL'
  if (binary) return `X'${hexOf(value)}'`
  const plain = protocol === 'postgres' ? value : value.replaceAll('\\', '\\\\')
  return `'${plain.replaceAll("'", "''")}'`
}

/** @param isDelete  whether the statement took rows away; @returns empty if nothing can be restored by what may be seen */
export function restoreText(shown: SnapshotShown, isDelete: boolean): string {
  const { protocol, columns } = shown
  const table = `${quoteName(shown.schema, protocol)}.${quoteName(shown.table, protocol)}`
  const seen = columns.flatMap((column, place) =>
    column.hidden ? [] : [{ ...column, place, quoted: quoteName(column.name, protocol) }],
  )
  const keys = seen.filter(column => column.isKey)
  const hasKey = columns.some(column => column.isKey) && columns.every(one => !one.isKey || !one.hidden)
  const lines: string[] = []
  for (const { before, after, changed } of shown.rows) {
    if (before === undefined) continue
    const written = ({ place, binary }: { readonly place: number; readonly binary: boolean }): string =>
      literal(plainOf(before[place]), binary, protocol)
    if (isDelete) {
      const names = seen.map(one => one.quoted).join(', ')
      if (seen.length > 0)
        lines.push(`INSERT INTO ${table} (${names}) VALUES (${seen.map(written).join(', ')});`)
      continue
    }
    const wanted = seen.filter(one => !one.isKey && (after === undefined || changed.includes(one.place)))
    if (!hasKey || wanted.length === 0) continue
    const set = wanted.map(one => `${one.quoted} = ${written(one)}`).join(', ')
    const where = keys.map(one => `${one.quoted} = ${written(one)}`).join(' AND ')
    lines.push(`UPDATE ${table} SET ${set} WHERE ${where};`)
  }
  const hidden = columns.filter(column => column.hidden).map(({ name }) => name.replaceAll(/\s/g, ' '))
  if (lines.length > 0 && hidden.length > 0) lines.unshift(`-- without hidden columns: ${hidden.join(', ')}`)
  return lines.join('\n')
}

const plainOf = (cell: SnapshotCell | undefined): string | null => (typeof cell === 'string' ? cell : null)
