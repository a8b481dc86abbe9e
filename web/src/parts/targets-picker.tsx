// Chooses several of very many targets: what is typed is searched for at the server.

import { Loader, MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { namedTargetsQuery, targetSearchQuery } from '../api/queries.ts'
import { useWords } from './words.ts'

const debounceMs = 150

export interface TargetsPickerProps
  extends Omit<MultiSelectProps, 'data' | 'value' | 'onChange' | 'searchable' | 'filter'> {
  /** Their ids. */
  readonly value: readonly string[]
  readonly onChange: (ids: string[]) => void
}

export function TargetsPicker({ value, onChange, ...rest }: TargetsPickerProps) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, debounceMs)
  const found = useQuery({ ...targetSearchQuery(asked), placeholderData: keepPreviousData })
  const chosen = useQuery({ ...namedTargetsQuery(value), placeholderData: keepPreviousData })
  const offered = new Map([...(chosen.data ?? []), ...(found.data ?? [])].map(one => [one.id, one.name]))
  return (
    <MultiSelect
      {...rest}
      data={[...offered].map(([id, name]) => ({ value: id, label: name }))}
      value={[...value]}
      searchable
      // The server has filtered already.
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage={t('common.noMatch')}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      onChange={onChange}
    />
  )
}
