// What is asked: about which place or person, and at which time.

import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tablesQuery, usersQuery } from '../../api/queries.ts'
import { TargetPicker } from '../../parts/target-picker.tsx'
import { useWords } from '../../parts/words.ts'
import type { ReachSearch } from './reach-search.ts'

export function ReachControls(props: {
  readonly search: ReachSearch
  readonly onSearch: (search: ReachSearch) => void
}) {
  const { t } = useWords()
  const { search, onSearch } = props
  const { target, schema, table, column, at } = search
  const isWhat = search.ask === 'what'
  const users = useQuery(usersQuery)
  const tables = useQuery({ ...tablesQuery(target ?? ''), enabled: target !== undefined, retry: false })
  const key = (one: { readonly schema: string; readonly table: string }) =>
    JSON.stringify([one.schema, one.table])
  const chosen = schema === undefined || table === undefined ? null : key({ schema, table })
  const columns = tables.data?.find(one => key(one) === chosen)?.columns ?? []
  const { schema: _schema, table: _table, column: _column, ...whole } = search
  const { target: _target, ...nowhere } = whole
  return (
    <div className="reach__controls">
      {isWhat && (
        <Select
          label={t('reach.user')}
          searchable
          limit={100}
          data={(users.data ?? []).map(({ name }) => name)}
          value={search.user ?? null}
          onChange={user => onSearch({ ...search, ...(user === null ? {} : { user }) })}
        />
      )}
      <TargetPicker
        label={t('reach.target')}
        withDisabled
        clearable={isWhat}
        value={target ?? null}
        onChange={picked => onSearch(picked === null ? nowhere : { ...whole, target: picked.id })}
      />
      <Select
        label={t('reach.table')}
        placeholder={t('reach.wholeTarget')}
        clearable
        searchable
        limit={200}
        disabled={target === undefined || (tables.data ?? []).length === 0}
        data={(tables.data ?? []).map(one => ({ value: key(one), label: `${one.schema}.${one.table}` }))}
        value={chosen}
        onChange={value => {
          const picked = tables.data?.find(one => key(one) === value)
          onSearch(picked === undefined ? whole : { ...whole, schema: picked.schema, table: picked.table })
        }}
      />
      {!isWhat && (
        <Select
          label={t('reach.column')}
          placeholder={t('reach.wholeTable')}
          clearable
          searchable
          disabled={columns.length === 0}
          data={columns.map(({ name }) => name)}
          value={column ?? null}
          onChange={value => {
            const { column: _gone, ...others } = search
            onSearch(value === null ? others : { ...others, column: value })
          }}
        />
      )}
      <TextInput
        type="datetime-local"
        label={t('reach.at')}
        value={at === undefined ? '' : localTime(at)}
        max={localTime(Date.now())}
        onChange={event => {
          const { at: _gone, ...others } = search
          const ms = new Date(event.currentTarget.value).getTime()
          onSearch(Number.isNaN(ms) ? others : { ...others, at: ms })
        }}
      />
    </div>
  )
}

/** As the input wants it: `2026-07-01T10:30`, in the time of the reader. */
function localTime(ms: number): string {
  const shifted = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}
