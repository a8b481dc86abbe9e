// Which tags a column carries, chosen by an administrator; what each hides is shown beside it.

import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconTag from '@tabler/icons-react/dist/esm/icons/IconTag.mjs'
import { useState } from 'react'
import type { TableRow, TagDefinition, TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, tablesQuery, tagsQuery } from '../../api/queries.ts'
import { Chip, ColumnTag } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { MaskExample } from './column-sight.tsx'

interface PickerProps {
  readonly target: TargetRow
  readonly table: TableRow
  readonly column: TableRow['columns'][number]
}

export function TagPicker(props: PickerProps) {
  const { t } = useWords()
  const [opened, setOpened] = useState(false)
  const label = t('tables.editTags', { column: props.column.name })
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={400}
      position="bottom-start"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={label}
          title={label}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <IconTag size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {opened && <PickerForm {...props} onDone={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  )
}

function PickerForm({ target, table, column, onDone }: PickerProps & { readonly onDone: () => void }) {
  const { t } = useWords()
  const tags = useQuery(tagsQuery)
  const [given, setGiven] = useState(column.tags.filter(tag => !column.inherited.includes(tag)))
  const save = useMutation({
    mutationFn: () =>
      call('PUT /api/targets/:id/tags', {
        params: { id: target.id },
        in: { schema: table.schema, table: table.table, column: column.name, tags: given },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tablesQuery(target.id).queryKey })
      notifications.show({ message: t('tables.tagged', { column: column.name }), color: 'teal' })
      onDone()
    },
  })
  const toggle = (name: string) =>
    setGiven(given.includes(name) ? given.filter(tag => tag !== name) : [...given, name])
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('tables.pickTags', { column: column.name })}
      </Text>
      <Stack gap={8} mah={320} style={{ overflow: 'auto' }}>
        {tags.data?.map(tag => (
          <TagChoice
            key={tag.name}
            tag={tag}
            checked={given.includes(tag.name)}
            inherited={column.inherited.includes(tag.name)}
            onToggle={() => toggle(tag.name)}
          />
        ))}
      </Stack>
      <Problem error={tags.error ?? save.error} />
      <Group justify="flex-end" gap="xs">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <Button size="compact-sm" onClick={() => save.mutate()} loading={save.isPending}>
          {t('common.save')}
        </Button>
      </Group>
    </Stack>
  )
}

function TagChoice(props: {
  readonly tag: TagDefinition
  readonly checked: boolean
  readonly inherited: boolean
  readonly onToggle: () => void
}) {
  const { t, said } = useWords()
  const { tag, inherited } = props
  return (
    <Checkbox
      size="xs"
      checked={props.checked || inherited}
      disabled={inherited}
      onChange={props.onToggle}
      label={
        <span>
          <ColumnTag name={tag.name} sensitive={tag.sensitive} />{' '}
          {inherited && <Chip tone="outline">{t('tables.inherited')}</Chip>}{' '}
          {tag.description !== '' && <span className="dim">{said(tag.description)}</span>}
          {tag.sensitive ? (
            <MaskExample shape={tag.mask} />
          ) : (
            <Text size="xs" c="dimmed">
              {t('tables.notSensitive')}
            </Text>
          )}
        </span>
      }
    />
  )
}
