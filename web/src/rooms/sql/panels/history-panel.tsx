// What I ran, on every device and with every program: searched at the server, opened with a click.

import { Button, Switch } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { HistoryRow } from '../../../../../src/console/contract.ts'
import { historyQuery } from '../../../api/sql-queries.ts'
import { Chip } from '../../../parts/chips.tsx'
import { Placeholder, Problem } from '../../../parts/page.tsx'
import { SearchField } from '../../../parts/search-field.tsx'
import { useWords } from '../../../parts/words.ts'
import type { PanelProps } from './side-panel.tsx'

const searchDelayMs = 250

export function HistoryPanel({ target, onOpen }: PanelProps) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search.trim(), searchDelayMs)
  const [here, setHere] = useState(true)
  const history = useInfiniteQuery(historyQuery(wanted, here ? target.id : ''))
  const rows = history.data?.pages.flat() ?? []
  return (
    <>
      <div className="side__tools">
        <SearchField
          size="xs"
          width="100%"
          label={t('sqlPanels.searchHistory')}
          value={search}
          onChange={setSearch}
        />
        <Switch
          size="xs"
          label={t('sqlPanels.onlyHere')}
          checked={here}
          onChange={event => setHere(event.currentTarget.checked)}
        />
      </div>
      <div className="side__list">
        <Problem error={history.error} onRetry={() => void history.refetch()} />
        {history.isPending && <Placeholder rows={6} />}
        {history.isSuccess && rows.length === 0 && (
          <p className="side__none">{t(wanted === '' ? 'sqlPanels.noHistory' : 'common.noMatch')}</p>
        )}
        {rows.map(row => (
          <Entry key={row.id} row={row} onOpen={() => onOpen(target.id, { text: row.text })} />
        ))}
        {history.hasNextPage && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={history.isFetchingNextPage}
            onClick={() => void history.fetchNextPage()}
          >
            {t('sqlPanels.older')}
          </Button>
        )}
      </div>
    </>
  )
}

function Entry({ row, onOpen }: { readonly row: HistoryRow; readonly onOpen: () => void }) {
  const { t, shortTime, count, duration } = useWords()
  const failed = row.result !== undefined && row.result !== 'ok'
  return (
    <button type="button" className="side__entry" title={t('sqlPanels.openInTab')} onClick={onOpen}>
      <code>{row.text}</code>
      <span className="side__facts number">
        <span>{shortTime(row.atMs)}</span>
        <span>{row.targetName}</span>
        {row.verdict === 'denied' && <Chip tone="bad">{t('sql.refused')}</Chip>}
        {row.verdict === 'allowed' && failed && <Chip tone="warn">{t('sql.failed')}</Chip>}
        {row.rows !== undefined && !failed && (
          <span>{t('sql.rows', { count: row.rows, replace: { count: count(row.rows) } })}</span>
        )}
        {row.durationMs !== undefined && <span>{duration(row.durationMs)}</span>}
        <span>{row.program}</span>
      </span>
    </button>
  )
}
