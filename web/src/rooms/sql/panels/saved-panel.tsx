// Saved queries: my own, and those that others share with my groups.

import { ActionIcon, Tooltip } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import IconUsersGroup from '@tabler/icons-react/dist/esm/icons/IconUsersGroup.mjs'
import { useState } from 'react'
import type { SavedQuery } from '../../../../../src/console/contract.ts'
import { call } from '../../../api/http.ts'
import { queryClient } from '../../../api/queries.ts'
import { savedQueriesQuery, targetsOfQuery } from '../../../api/sql-queries.ts'
import { Confirm } from '../../../parts/confirm.tsx'
import { Placeholder, Problem } from '../../../parts/page.tsx'
import { SearchField } from '../../../parts/search-field.tsx'
import { useWords } from '../../../parts/words.ts'
import type { PanelProps } from './side-panel.tsx'

function fits(query: SavedQuery, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  return `${query.name}\n${query.text}\n${query.ownerName}`.toLowerCase().includes(wanted)
}

export function SavedPanel({ target, onOpen }: PanelProps) {
  const { t } = useWords()
  const saved = useQuery(savedQueriesQuery)
  const [search, setSearch] = useState('')
  const [dropped, setDropped] = useState<SavedQuery>()
  const drop = useMutation({
    mutationFn: (id: string) => call('DELETE /api/sql/saved/:id', { params: { id } }),
    onSuccess: () => {
      setDropped(undefined)
      return queryClient.invalidateQueries({ queryKey: savedQueriesQuery.queryKey })
    },
  })
  const meantIds = (saved.data ?? []).flatMap(({ targetId }) => targetId ?? [])
  const { data: targets = [] } = useQuery({ ...targetsOfQuery(meantIds), placeholderData: keepPreviousData })
  const found = (saved.data ?? []).filter(query => fits(query, search))
  const open = (query: SavedQuery) => {
    // Where it is meant for, if that is in reach.
    const meant = targets.find(({ id, disabled }) => id === query.targetId && !disabled)
    onOpen(meant?.id ?? target.id, {
      name: query.name,
      text: query.text,
      ...(query.mine ? { saved: { id: query.id, text: query.text } } : {}),
    })
  }
  return (
    <>
      <div className="side__tools">
        <SearchField
          size="xs"
          width="100%"
          label={t('sqlPanels.searchSaved')}
          value={search}
          onChange={setSearch}
        />
      </div>
      <div className="side__list">
        <Problem error={saved.error} onRetry={() => void saved.refetch()} />
        {saved.isPending && <Placeholder rows={4} />}
        {saved.isSuccess && found.length === 0 && (
          <p className="side__none">{t(search === '' ? 'sqlPanels.noSaved' : 'common.noMatch')}</p>
        )}
        {found.map(query => (
          <div key={query.id} className="side__saved">
            <button
              type="button"
              className="side__entry"
              title={t('sqlPanels.openInTab')}
              onClick={() => open(query)}
            >
              <strong>{query.name}</strong>
              <code>{query.text}</code>
              <SavedFacts query={query} targetName={targets.find(({ id }) => id === query.targetId)?.name} />
            </button>
            {query.mine && (
              <Tooltip label={t('sqlPanels.deleteSaved', { name: query.name })}>
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={t('sqlPanels.deleteSaved', { name: query.name })}
                  onClick={() => setDropped(query)}
                >
                  <IconTrash size={14} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        ))}
      </div>
      <Confirm
        opened={dropped !== undefined}
        title={t('sqlPanels.deleteSaved', { name: dropped?.name ?? '' })}
        text={t('sqlPanels.deleteSavedText')}
        action={t('common.delete')}
        busy={drop.isPending}
        error={drop.error}
        onConfirm={() => dropped !== undefined && drop.mutate(dropped.id)}
        onClose={() => setDropped(undefined)}
      />
    </>
  )
}

function SavedFacts(props: { readonly query: SavedQuery; readonly targetName: string | undefined }) {
  const { t, relative } = useWords()
  const { query } = props
  return (
    <span className="side__facts">
      <span>{query.mine ? t('sqlPanels.mine') : t('sqlPanels.by', { name: query.ownerName })}</span>
      {props.targetName !== undefined && <span>{props.targetName}</span>}
      {query.groups.length > 0 && (
        <span title={t('sqlPanels.shared')}>
          <IconUsersGroup size={13} aria-label={t('sqlPanels.shared')} />
        </span>
      )}
      <span>{relative(query.changedAtMs)}</span>
    </span>
  )
}
