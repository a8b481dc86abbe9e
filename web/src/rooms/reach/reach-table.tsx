// Rows of people or places, a column for each action; every cell says why.

import { Button, Popover, Select } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { type ReactNode, useState } from 'react'
import type {
  ReachAction,
  ReachCell,
  ReachCells,
  ReachPerson,
  ReachPlace,
  WhatIsReached,
  WhoReaches,
} from '../../../../src/console/contract.ts'
import { toCsv } from '../../format/csv.ts'
import { Chip, ColumnTag } from '../../parts/chips.tsx'
import { CopyText } from '../../parts/copy.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { useWords } from '../../parts/words.ts'
import { ReachWhy } from './reach-why.tsx'
import type { ReachSearch } from './reach-search.ts'

const rowHeightPx = 40

export function ReachTable(props: {
  readonly answer: WhoReaches | WhatIsReached
  readonly search: ReachSearch
  readonly onSearch: (search: ReachSearch) => void
  readonly lead: string
}) {
  const { t, count } = useWords()
  const { answer, search, onSearch } = props
  const { actions } = answer
  const isWho = 'people' in answer
  const all: readonly (ReachPerson | ReachPlace)[] = isWho ? answer.people : answer.places
  const query = (search.q ?? '').toLowerCase()
  const can = actions.find(action => action === search.can)
  const rows = all.filter(
    row => textOf(row).includes(query) && (can === undefined || isPermitted(row.cells[can])),
  )
  const csv = () =>
    toCsv(
      [t(isWho ? 'reach.person' : 'reach.place'), ...(isWho ? [t('reach.groups')] : []), ...actions],
      rows.map(row => [
        row.name,
        ...('groups' in row ? [row.groups.join(' ')] : []),
        ...actions.map(action => wordOf(row.cells[action], state => t(`reach.${state}`))),
      ]),
    )
  return (
    <>
      <div className="reach__filters">
        <SearchField
          label={t('common.search')}
          size="xs"
          width={220}
          value={search.q ?? ''}
          onChange={q => onSearch({ ...search, q })}
        />
        <Select
          size="xs"
          clearable
          aria-label={t(isWho ? 'reach.can' : 'reach.canWhat')}
          placeholder={t(isWho ? 'reach.can' : 'reach.canWhat')}
          data={[...actions]}
          value={can ?? null}
          onChange={value => onSearch({ ...search, can: value ?? '' })}
        />
        <span className="dim" role="status">
          {t(isWho ? 'reach.count_people' : 'reach.count_places', {
            count: rows.length,
            replace: { count: count(rows.length) },
          })}{' '}
          · {props.lead}
        </span>
        <span className="reach__copy">
          <CopyText value={csv()}>{t('reach.csv')}</CopyText>
        </span>
      </div>
      <div className="card reach__table">
        <VirtualTable
          label={t('reach.title')}
          rowHeightPx={rowHeightPx}
          count={rows.length}
          resetKey={`${query} ${can ?? ''}`}
          columns={[
            {
              key: 'name',
              head: t(isWho ? 'reach.person' : 'reach.place'),
              width: 'minmax(190px, 2fr)',
            },
            ...actions.map(action => ({ key: action, head: action, width: 'minmax(64px, 1fr)' })),
          ]}
          row={index => {
            const row = rows[index]
            if (row === undefined) return { kind: 'loading', key: String(index) }
            return {
              kind: 'row',
              key: row.name,
              dim: row.disabled ?? false,
              cells: [
                'groups' in row ? (
                  <PersonName person={row} />
                ) : (
                  <PlaceName place={row} search={search} onSearch={onSearch} />
                ),
                ...actions.map(action => (
                  <Cell key={action} action={action} cells={row.cells} name={row.name} />
                )),
              ],
            }
          }}
        />
      </div>
    </>
  )
}

function PersonName({ person }: { readonly person: ReachPerson }) {
  const { t } = useWords()
  return (
    <span className="reach__name" title={person.groups.join(', ')}>
      <strong>{person.name}</strong>{' '}
      <span className="dim">
        {[person.role === 'administrator' ? t('difference.administrators') : '', ...person.groups]
          .filter(word => word !== '')
          .join(', ')}
      </span>
      {person.disabled && <Chip tone="bad">{t('reach.disabled')}</Chip>}
    </span>
  )
}

function PlaceName(props: {
  readonly place: ReachPlace
  readonly search: ReachSearch
  readonly onSearch: (search: ReachSearch) => void
}) {
  const { t } = useWords()
  const { place, search, onSearch } = props
  const { can: _can, q: _q, ...others } = search
  const inside: ReachSearch | undefined =
    place.kind === 'target'
      ? { ...others, target: place.targetId }
      : place.kind === 'table' && place.schema !== undefined && place.table !== undefined
        ? { ...others, schema: place.schema, table: place.table }
        : undefined
  return (
    <span className="reach__name">
      {inside === undefined ? (
        <strong>{place.name}</strong>
      ) : (
        <Button
          size="compact-sm"
          variant="subtle"
          rightSection={<IconChevronRight size={13} />}
          aria-label={t('reach.open', { name: place.name })}
          onClick={() => onSearch(inside)}
        >
          {place.name}
        </Button>
      )}
      {place.tags?.map(tag => (
        <ColumnTag key={tag} name={tag} sensitive={place.mask !== undefined} />
      ))}
      {place.disabled === true && <Chip tone="bad">{t('reach.disabled')}</Chip>}
    </span>
  )
}

const signs: Readonly<Record<ReachCell['state'], ReactNode>> = {
  always: '●',
  sometimes: '◐',
  partly: '◍',
  never: '·',
}

function Cell(props: { readonly action: ReachAction; readonly cells: ReachCells; readonly name: string }) {
  const { t } = useWords()
  const [opened, setOpened] = useState(false)
  const { action, cells, name } = props
  const cell = cells[action]
  if (cell === undefined) return null
  const state = t(`reach.${cell.state}`)
  return (
    <Popover opened={opened} onChange={setOpened} width={320} withArrow trapFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className="reach__cell"
          data-state={cell.state}
          aria-label={`${name}, ${t('reach.cell', { action, state })}`}
          title={t('reach.cell', { action, state })}
          onClick={() => setOpened(!opened)}
        >
          {signs[cell.state]}
        </button>
      </Popover.Target>
      <Popover.Dropdown>{opened && <ReachWhy action={action} cell={cell} name={name} />}</Popover.Dropdown>
    </Popover>
  )
}

const isPermitted = (cell: ReachCell | undefined): boolean => cell !== undefined && cell.state !== 'never'

const textOf = (row: ReachPerson | ReachPlace): string =>
  [row.name, ...('groups' in row ? [row.displayName, ...row.groups] : (row.tags ?? []))]
    .join(' ')
    .toLowerCase()

function wordOf(cell: ReachCell | undefined, stateWord: (state: ReachCell['state']) => string): string {
  if (cell === undefined) return ''
  const names = cell.decidedBy.map(({ name }) => name).join(' ')
  const some = cell.some === undefined ? '' : ` ${cell.some.permitted}/${cell.some.of}`
  return `${stateWord(cell.state)}${some}${names === '' ? '' : ` (${names})`}`
}
