// Copies the selected cells, or all loaded rows, in the form that the other program wants.

import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import { type CellRange, cutRange } from './cell-range.ts'
import { type CopyFormat, copyCells, copyFormats } from './copy-formats.ts'
import type { QueryResult } from './query-run.ts'

/** More than the one cell on which the cursor stands. */
function isSelection(range: CellRange | undefined): range is CellRange {
  if (range === undefined) return false
  const { anchor, focus } = range
  return anchor.row !== focus.row || anchor.column !== focus.column
}

export function CopyMenu(props: {
  readonly result: QueryResult
  readonly order: readonly number[] | undefined
  readonly range: CellRange | undefined
  readonly protocol: TargetProtocol
  readonly table: readonly string[]
}) {
  const { t, count } = useWords()
  const { result, order, range } = props
  const copy = async (format: CopyFormat) => {
    const shown = order === undefined ? result.rows : order.map(index => result.rows[index] ?? [])
    const selected = isSelection(range)
    const columns = selected
      ? result.columns.slice(
          Math.min(range.anchor.column, range.focus.column),
          Math.max(range.anchor.column, range.focus.column) + 1,
        )
      : result.columns
    const rows = selected ? cutRange(shown, range) : shown
    await navigator.clipboard.writeText(
      copyCells({ columns, rows, protocol: props.protocol, table: props.table }, format),
    )
    notifications.show({
      message: t('sqlResults.copiedRows', { count: rows.length, replace: { count: count(rows.length) } }),
    })
  }
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconCopy size={13} />}>
          {t('common.copy')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t(isSelection(range) ? 'sqlResults.ofSelection' : 'sqlResults.ofAll')}</Menu.Label>
        {copyFormats.map(format => (
          <Menu.Item key={format} onClick={() => void copy(format)}>
            {t(`sqlResults.copy_${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
