// Chooses one of very many targets: what is typed is searched for at the server.

import { Loader, Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TargetRow } from '../../../src/console/contract.ts'
import { targetQuery, targetSearchQuery } from '../api/queries.ts'
import { useWords } from './words.ts'

const debounceMs = 150

export interface TargetPickerProps
  extends Omit<SelectProps, 'data' | 'value' | 'onChange' | 'searchable' | 'filter'> {
  /** Its id. */
  readonly value: string | null
  readonly onChange: (target: TargetRow | null) => void
  /** Whether those that are disabled are offered too. */
  readonly withDisabled?: boolean
}

export function TargetPicker({ value, onChange, withDisabled = false, ...rest }: TargetPickerProps) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, debounceMs)
  const chosen = useQuery({ ...targetQuery(value ?? ''), enabled: value !== null })
  // What is shown as chosen is not what somebody searches for.
  const word = asked === chosen.data?.name ? '' : asked
  const found = useQuery({ ...targetSearchQuery(word), placeholderData: keepPreviousData })
  const offered = (found.data ?? []).filter(one => withDisabled || !one.disabled)
  const rows =
    chosen.data === undefined || offered.some(one => one.id === chosen.data.id)
      ? offered
      : [chosen.data, ...offered]
  return (
    <Select
      {...rest}
      data={rows.map(one => ({ value: one.id, label: one.name }))}
      value={value}
      searchable
      // The server has filtered already.
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage={t('common.noMatch')}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      onChange={id => onChange(rows.find(one => one.id === id) ?? null)}
    />
  )
}
