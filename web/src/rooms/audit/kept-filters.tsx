// Filters that are kept: mine, and those that administrators share.

import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconBookmark from '@tabler/icons-react/dist/esm/icons/IconBookmark.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { useState } from 'react'
import type { KeptFilter } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { cleaned, parseTrailFilter, type TrailSearch } from './trail-filter.ts'

const key = ['audit', 'filters']
const again = () => void queryClient.invalidateQueries({ queryKey: key })

/** What was kept may come from an older page, or have been changed by hand: it is read like an address. */
function searchOf(filter: KeptFilter): TrailSearch {
  try {
    return parseTrailFilter(JSON.parse(filter.search) as Record<string, unknown>)
  } catch {
    return {}
  }
}

export function KeptFilters(props: {
  readonly search: TrailSearch
  readonly onChange: (search: TrailSearch) => void
}) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const kept = useQuery({ queryKey: key, queryFn: () => call('GET /api/audit/filters'), enabled: open })
  const remove = useMutation({
    mutationFn: (id: string) => call('DELETE /api/audit/filters/:id', { params: { id } }),
    onSuccess: again,
  })
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={320} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBookmark size={14} />}
          onClick={() => setOpen(!open)}
        >
          {t('audit.kept')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {kept.data?.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('audit.keptNone')}
            </Text>
          )}
          {kept.data !== undefined && kept.data.length > 0 && (
            <ul className="kept-filters">
              {kept.data.map(filter => (
                <li key={filter.id}>
                  <button
                    type="button"
                    onClick={() => {
                      props.onChange(searchOf(filter))
                      setOpen(false)
                    }}
                  >
                    {filter.name}
                    {filter.shared && <small>{t('audit.keptShared')}</small>}
                  </button>
                  {filter.mine && (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('audit.keptRemove', { name: filter.name })}
                      onClick={() => remove.mutate(filter.id)}
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  )}
                </li>
              ))}
            </ul>
          )}
          <Problem error={kept.error ?? remove.error} />
          <Keep search={props.search} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Keep({ search }: { readonly search: TrailSearch }) {
  const { t } = useWords()
  const mayShare = useIsAdministrator()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const keep = useMutation({
    mutationFn: () =>
      call('POST /api/audit/filters', {
        in: {
          name: name.trim(),
          search: JSON.stringify(cleaned({ ...search, entry: undefined })),
          shared: shared && mayShare,
        },
      }),
    onSuccess: () => {
      setName('')
      setShared(false)
      again()
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (name.trim() !== '') keep.mutate()
      }}
    >
      <Stack gap="xs">
        <TextInput
          size="xs"
          label={t('audit.keepAs')}
          maxLength={100}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        {mayShare && (
          <Checkbox
            size="xs"
            label={t('audit.keepShared')}
            checked={shared}
            onChange={event => setShared(event.currentTarget.checked)}
          />
        )}
        <Problem error={keep.error} />
        <Group justify="flex-end">
          <Button type="submit" size="xs" disabled={name.trim() === ''} loading={keep.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
