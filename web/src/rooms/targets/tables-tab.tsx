// What is in a target: its tables, their columns, and which of them are sensitive.

import { useQuery } from '@tanstack/react-query'
import IconTable from '@tabler/icons-react/dist/esm/icons/IconTable.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { useState } from 'react'
import type { TableRow, TargetRow } from '../../../../src/console/contract.ts'
import { tablesQuery, tagsQuery } from '../../api/queries.ts'
import { Chip, ColumnTag } from '../../parts/chips.tsx'
import { Empty, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { ColumnSight } from './column-sight.tsx'
import { TableList } from './table-list.tsx'
import { tableKey } from './list-tables.ts'
import { TagPicker } from './tag-picker.tsx'

export function TablesTab({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const tables = useQuery(tablesQuery(target.id))
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<string>()
  const table = tables.data?.find(row => tableKey(row) === chosen)
  if (tables.isError) return <Problem error={tables.error} onRetry={() => void tables.refetch()} />
  return (
    <div className="tables card">
      <div className="tables__list">
        <div className="tables__search">
          <SearchField
            size="xs"
            width="100%"
            label={t('tables.search')}
            value={search}
            onChange={setSearch}
          />
        </div>
        {tables.isPending ? (
          <Placeholder rows={10} />
        ) : (
          <TableList tables={tables.data} search={search} chosen={chosen} onChoose={setChosen} />
        )}
      </div>
      <div className="tables__detail">
        {table === undefined ? (
          <Empty
            icon={<IconTable size={40} stroke={1.4} />}
            title={tables.data?.length === 0 ? t('tables.empty') : t('tables.pick')}
            text={tables.data?.length === 0 ? t('tables.emptyHint') : t('tables.pickHint')}
          />
        ) : (
          <TableDetail key={chosen} target={target} table={table} search={search} />
        )}
      </div>
    </div>
  )
}

function TableDetail(props: {
  readonly target: TargetRow
  readonly table: TableRow
  readonly search: string
}) {
  const { t } = useWords()
  const { table, target } = props
  const hidden = table.columns.filter(column => column.hiddenAs !== undefined).length
  return (
    <>
      <header className="tables__head">
        <div>
          <h2>
            <span className="dim">{table.schema}.</span>
            {table.table}
          </h2>
          <p className="dim">
            {t(`tables.kind_${table.kind}`)} · {t('tables.columns', { count: table.columns.length })}
            {table.comment !== undefined && ` · ${table.comment}`}
          </p>
        </div>
        {hidden > 0 && <Chip tone="hidden">{t('tables.hiddenCount', { count: hidden })}</Chip>}
        <LinkButton
          to="/sql"
          search={{ target: target.id, table: `${table.schema}.${table.table}` }}
          size="compact-sm"
          variant="light"
          leftSection={<IconTerminal2 size={15} />}
        >
          {t('tables.openInSql')}
        </LinkButton>
      </header>
      <ColumnTable {...props} />
    </>
  )
}

function ColumnTable(props: {
  readonly target: TargetRow
  readonly table: TableRow
  readonly search: string
}) {
  const { t, said } = useWords()
  const isAdministrator = useIsAdministrator()
  const tags = useQuery(tagsQuery)
  const { table, target } = props
  const word = props.search.trim().toLowerCase()
  const definition = (name: string) => tags.data?.find(tag => tag.name === name)
  return (
    <table className="list-table column-table">
      <thead>
        <tr>
          <th>{t('tables.column')}</th>
          <th>{t('tables.type')}</th>
          <th>{t('tables.tags')}</th>
          <th>{t('tables.seen')}</th>
        </tr>
      </thead>
      <tbody>
        {table.columns.map(column => (
          <tr
            key={column.name}
            data-match={(word !== '' && column.name.toLowerCase().includes(word)) || undefined}
          >
            <td className="mono">{column.name}</td>
            <td className="mono dim" title={column.notNull ? t('tables.notNull') : undefined}>
              {column.type}
              {column.notNull && <span aria-label={t('tables.notNull')}> *</span>}
            </td>
            <td>
              <span className="column-tags">
                {column.tags.map(name => (
                  <ColumnTag
                    key={name}
                    name={name}
                    sensitive={definition(name)?.sensitive ?? true}
                    title={
                      column.inherited.includes(name)
                        ? t('tables.inherited')
                        : said(definition(name)?.description ?? name)
                    }
                  />
                ))}
                {isAdministrator && <TagPicker target={target} table={table} column={column} />}
              </span>
            </td>
            <td>
              <ColumnSight target={target} table={table} column={column} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
