// The filters of the audit; all of them live in the address, so that a view can be sent to somebody.

import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { targetsQuery, usersQuery } from '../../api/queries.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'
import {
  type TrailGroup,
  type TrailRange,
  type TrailSearch,
  trailGroups,
  trailRanges,
} from './trail-filter.ts'

const typingMs = 300

interface FiltersProps {
  readonly search: TrailSearch
  readonly onChange: (search: TrailSearch) => void
}

/** The search without the fields that are not given. */
function cleaned(search: { readonly [Key in keyof TrailSearch]: TrailSearch[Key] | undefined }): TrailSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as TrailSearch
}

export function TrailFilters({ search, onChange }: FiltersProps) {
  const { t } = useWords()
  const users = useQuery(usersQuery)
  const targets = useQuery(targetsQuery)
  const set = (change: Parameters<typeof cleaned>[0]) => onChange(cleaned({ ...search, ...change }))
  const { entry: _, ...filters } = search
  return (
    <div className="filters" role="search" aria-label={t('common.search')}>
      <WordSearch search={search} onChange={onChange} />
      <Select
        size="xs"
        w={128}
        aria-label={t('audit.time')}
        data={trailRanges.map(range => ({ value: range, label: t(`audit.range_${range}`) }))}
        value={search.range ?? 'all'}
        allowDeselect={false}
        onChange={value => set({ range: value === 'all' ? undefined : (value as TrailRange) })}
      />
      {search.range === 'custom' && <Between search={search} set={set} />}
      <MultiSelect
        size="xs"
        w={search.kinds === undefined ? 120 : 220}
        aria-label={t('audit.kind')}
        placeholder={search.kinds === undefined ? t('audit.kind') : ''}
        data={trailGroups.map(group => ({ value: group, label: t(`audit.group_${group}`) }))}
        value={[...(search.kinds ?? [])]}
        onChange={value => set({ kinds: value.length === 0 ? undefined : (value as TrailGroup[]) })}
      />
      <Select
        size="xs"
        w={116}
        aria-label={t('audit.user')}
        placeholder={t('audit.user')}
        data={(users.data ?? []).map(user => user.name)}
        value={search.user ?? null}
        searchable
        clearable
        onChange={value => set({ user: value ?? undefined })}
      />
      <Select
        size="xs"
        w={116}
        aria-label={t('audit.target')}
        placeholder={t('audit.target')}
        data={(targets.data ?? []).map(target => target.name)}
        value={search.target ?? null}
        searchable
        clearable
        onChange={value => set({ target: value ?? undefined })}
      />
      <Select
        size="xs"
        w={105}
        aria-label={t('audit.verdict')}
        placeholder={t('audit.verdict')}
        data={[
          { value: 'allowed', label: t('audit.allowed') },
          { value: 'denied', label: t('audit.denied') },
        ]}
        value={search.verdict ?? null}
        clearable
        onChange={value => set({ verdict: value === 'allowed' || value === 'denied' ? value : undefined })}
      />
      <Checkbox
        size="xs"
        label={t('audit.masked')}
        title={t('audit.maskedOnly')}
        checked={search.masked === true}
        onChange={event => set({ masked: event.currentTarget.checked ? true : undefined })}
      />
      {Object.keys(filters).length > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({})}>
          {t('audit.clearFilters')}
        </Button>
      )}
    </div>
  )
}

/** Goes into the address when typing pauses. */
function WordSearch({ search, onChange }: FiltersProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState(search.q ?? '')
  useEffect(() => setTyped(search.q ?? ''), [search.q])
  const settle = useDebouncedCallback((value: string) => {
    onChange(cleaned({ ...search, q: value.trim() === '' ? undefined : value.trim() }))
  }, typingMs)
  return (
    <SearchField
      size="xs"
      width={236}
      label={t('audit.search')}
      value={typed}
      onChange={value => {
        setTyped(value)
        settle(value)
      }}
    />
  )
}

/** The browser's own date fields want local time without a zone. */
function localInput(ms: number | undefined): string {
  if (ms === undefined) return ''
  const date = new Date(ms)
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function Between(props: {
  readonly search: TrailSearch
  readonly set: (change: { readonly from?: number | undefined; readonly to?: number | undefined }) => void
}) {
  const { t } = useWords()
  const parse = (value: string) => (value === '' ? undefined : new Date(value).getTime())
  return (
    <>
      <TextInput
        size="xs"
        type="datetime-local"
        aria-label={t('audit.from')}
        value={localInput(props.search.from)}
        onChange={event => props.set({ from: parse(event.currentTarget.value) })}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        aria-label={t('audit.to')}
        value={localInput(props.search.to)}
        onChange={event => props.set({ to: parse(event.currentTarget.value) })}
      />
    </>
  )
}
