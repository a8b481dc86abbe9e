// How somebody sees a column: in clear, or as a mask, then why and how to ask for it.

import { Popover, Stack, Text, UnstyledButton } from '@mantine/core'
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs'
import type { TableRow, TargetRow } from '../../../../src/console/contract.ts'
import { maskExample } from '../../format/mask-example.ts'
import { CopyText } from '../../parts/copy.tsx'
import { useWords } from '../../parts/words.ts'

export function ColumnSight(props: {
  readonly target: TargetRow
  readonly table: TableRow
  readonly column: TableRow['columns'][number]
}) {
  const { t } = useWords()
  const { target, table, column } = props
  if (column.hiddenAs === undefined) return <span className="dim">{t('tables.clear')}</span>
  const tags = column.tags.join(', ')
  const request = t('tables.hiddenAskText', {
    column: `${table.schema}.${table.table}.${column.name}`,
    target: target.name,
    tags,
  })
  return (
    <Popover width={330} position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton
          className="chip chip--hidden"
          aria-label={`${t('tables.hiddenTitle')}: ${column.name}`}
        >
          <IconLock size={12} stroke={2} />
          {t(`mask.${column.hiddenAs}`)}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('tables.hiddenTitle')}
          </Text>
          <Text size="sm">{t('tables.hiddenWhy', { tags })}</Text>
          <MaskExample shape={column.hiddenAs} />
          <CopyText value={request}>{t('tables.hiddenCopy')}</CopyText>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

export function MaskExample({ shape }: { readonly shape: Parameters<typeof maskExample>[0] }) {
  const { t } = useWords()
  const { before, after } = maskExample(shape)
  return (
    <Text size="xs" c="dimmed">
      {t('tables.example')}: <code>{before}</code> → <code className="mask-after">{after}</code>
    </Text>
  )
}
