// Rows that were kept before and after a statement. That there are some is in the audit; opening them is an act of its own.

import { Button, Stack, Tooltip } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type {
  AuditEntry,
  SnapshotCell,
  SnapshotRow,
  SnapshotShown,
} from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { meQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { CopyText } from '../../parts/copy.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { restoreText } from './restore-text.ts'

/** More rows at once are hard to look at; all of them are in the statements that restore. */
const rowsShown = 50

export function SnapshotView({ entry }: { readonly entry: AuditEntry }) {
  const { t, said } = useWords()
  const { data: me } = useQuery(meQuery)
  const { sessionId } = entry
  const isChange = entry.kind === 'statement' && entry.verdict === 'allowed' && entry.result !== undefined
  const { data: events = [] } = useQuery({
    queryKey: ['snapshot', entry.id],
    enabled: isChange && sessionId !== undefined,
    queryFn: async () => {
      const filter = {
        kinds: ['statement.snapshot'],
        search: entry.id,
        ...(sessionId && { sessionId }),
      } as const
      return (await call('GET /api/audit', { in: filter })).filter(({ object }) => object === entry.id)
    },
  })
  const opened = useMutation({
    mutationFn: () => call('GET /api/audit/:id/snapshot', { params: { id: entry.id } }),
  })
  if (events.length === 0) return null
  const before = events.find(({ what }) => what === 'before')
  const hasAfter = events.some(({ what }) => what === 'after')
  const count = Number(before?.fields?.['rows']?.[1] ?? 0)
  return (
    <section className="entry__part">
      <h3>{t('snapshot.title')}</h3>
      <Stack gap="xs" align="flex-start">
        {before && <span>{t(hasAfter ? 'snapshot.keptBoth' : 'snapshot.kept', { count })}</span>}
        {events
          .filter(({ what, reason }) => what === 'none' && reason !== undefined)
          .map(({ id, reason }) => (
            <span key={id} className="dim">
              {said(reason ?? '')}
            </span>
          ))}
        {before && me?.user.role === 'administrator' && opened.data === undefined && (
          <Tooltip label={t('snapshot.openHint')} multiline w={260}>
            <Button
              variant="default"
              size="xs"
              loading={opened.isPending}
              disabled={opened.isPending}
              onClick={() => opened.mutate()}
            >
              {t('snapshot.open')}
            </Button>
          </Tooltip>
        )}
        <Problem error={opened.error} />
        {opened.data && <Rows shown={opened.data} isDelete={(entry.verb ?? '').startsWith('DELETE')} />}
      </Stack>
    </section>
  )
}

function Rows({ shown, isDelete }: { readonly shown: SnapshotShown; readonly isDelete: boolean }) {
  const { t } = useWords()
  const restore = restoreText(shown, isDelete)
  const left = shown.rows.length - rowsShown
  return (
    <>
      {shown.rows.slice(0, rowsShown).map((row, at) => (
        // Rows have no names of their own, and their order is fixed.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is all there is
        <Row key={at} row={row} number={at + 1} shown={shown} isDelete={isDelete} />
      ))}
      {left > 0 && <span className="dim">{t('snapshot.more', { count: left })}</span>}
      {restore !== '' && (
        <>
          <CopyText value={restore}>{t('snapshot.restore')}</CopyText>
          <span className="dim">{t('snapshot.restoreHint')}</span>
        </>
      )}
    </>
  )
}

interface RowProps {
  readonly row: SnapshotRow
  readonly number: number
  readonly shown: SnapshotShown
  readonly isDelete: boolean
}

function Row({ row, number, shown, isDelete }: RowProps) {
  const { t } = useWords()
  const without = t(isDelete || shown.hasAfter ? 'snapshot.gone' : 'snapshot.notKept')
  return (
    <table className="list-table entry__fields" aria-label={t('snapshot.row', { number })}>
      <thead>
        <tr>
          <th>{t('snapshot.column')}</th>
          <th>{t('snapshot.before')}</th>
          <th>{t('snapshot.after')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.columns.map(({ name, isKey }, place) => (
          <tr key={name} data-changed={row.changed.includes(place) || undefined}>
            <td>{isKey ? <strong>{name}</strong> : name}</td>
            <td className="mono">
              <Cell cell={row.before?.[place]} without={t('snapshot.notKept')} />
            </td>
            <td className="mono">
              {row.changed.includes(place) ? (
                <mark>
                  <Cell cell={row.after?.[place]} without={without} />
                </mark>
              ) : (
                <Cell cell={row.after?.[place]} without={without} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ cell, without }: { readonly cell: SnapshotCell | undefined; readonly without: string }) {
  const { t } = useWords()
  if (cell === undefined) return <span className="dim">{without}</span>
  if (cell === null) return <span className="dim">NULL</span>
  if (typeof cell !== 'string') return <Chip tone="hidden">{t('snapshot.hidden')}</Chip>
  return <>{cell}</>
}
