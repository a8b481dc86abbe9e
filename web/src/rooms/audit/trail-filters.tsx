// The filters of the audit; all of them live in the address, so that a view can be sent to somebody.

import { Button, MultiSelect, Select, TextInput } from '@mantine/core'
import { useWords } from '../../parts/words.ts'
import { KeptFilters } from './kept-filters.tsx'
import { SearchBox } from './search-box.tsx'
import {
  cleaned,
  type TrailChange,
  type TrailGroup,
  type TrailRange,
  type TrailSearch,
  trailGroups,
  trailRanges,
} from './trail-filter.ts'

export function TrailFilters(props: {
  readonly search: TrailSearch
  readonly onChange: (search: TrailSearch) => void
}) {
  const { t } = useWords()
  const { search, onChange } = props
  const set = (change: TrailChange) => onChange(cleaned({ ...search, ...change }))
  const { entry: _, figures, ...filters } = search
  return (
    <div className="filters" role="search" aria-label={t('common.search')}>
      <SearchBox search={search} onChange={onChange} />
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
        w={search.kinds === undefined ? 110 : 200}
        aria-label={t('audit.kind')}
        placeholder={search.kinds === undefined ? t('audit.kind') : ''}
        data={trailGroups.map(group => ({ value: group, label: t(`audit.group_${group}`) }))}
        value={[...(search.kinds ?? [])]}
        onChange={value => set({ kinds: value.length === 0 ? undefined : (value as TrailGroup[]) })}
      />
      <KeptFilters search={search} onChange={onChange} />
      {Object.keys(filters).length > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => onChange(figures === undefined ? {} : { figures })}
        >
          {t('audit.clearFilters')}
        </Button>
      )}
    </div>
  )
}

/** The browser's own date fields want local time without a zone. */
function localInput(ms: number | undefined): string {
  if (ms === undefined) return ''
  const date = new Date(ms)
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function Between(props: { readonly search: TrailSearch; readonly set: (change: TrailChange) => void }) {
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
