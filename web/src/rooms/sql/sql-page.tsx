// The SQL page: choose a target, write, run, read.

import { Select, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { useEffect } from 'react'
import { targetsQuery } from '../../api/queries.ts'
import { Empty, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { Workbench } from './workbench.tsx'
import './sql.css'

const route = getRouteApi('/sql')
const lastTargetKey = 'sekisho.sql-target'

export function SqlPage() {
  const { t } = useWords()
  const { target: id, table } = route.useSearch()
  const navigate = route.useNavigate()
  const targets = useQuery(targetsQuery)
  const usable = targets.data?.filter(target => !target.disabled)
  const target = usable?.find(one => one.id === id)
  useEffect(() => {
    if (target !== undefined) localStorage.setItem(lastTargetKey, target.id)
    else if (id === undefined && usable !== undefined) {
      // Back to where one was last, or to the only one there is.
      const last = localStorage.getItem(lastTargetKey)
      const next = usable.find(one => one.id === last) ?? (usable.length === 1 ? usable[0] : undefined)
      if (next !== undefined) void navigate({ search: { target: next.id }, replace: true })
    }
  }, [id, target, usable, navigate])
  const picker = (
    <Select
      w={220}
      size="xs"
      aria-label={t('sql.target')}
      placeholder={t('sql.noTarget')}
      data={(usable ?? []).map(one => ({ value: one.id, label: one.name }))}
      value={target?.id ?? null}
      searchable
      allowDeselect={false}
      onChange={next => next !== null && void navigate({ search: { target: next } })}
    />
  )
  if (target !== undefined) return <Workbench key={target.id} target={target} table={table} picker={picker} />
  return (
    <div className="page">
      <VisuallyHidden component="h1">{t('sql.title')}</VisuallyHidden>
      <Problem error={targets.error} onRetry={() => void targets.refetch()} />
      {targets.isSuccess && (
        <Empty
          icon={<IconTerminal2 size={40} stroke={1.4} />}
          title={t('sql.noTarget')}
          text={usable?.length === 0 ? t('targets.emptyUser') : t('sql.noTargetHint')}
        >
          {usable?.length !== 0 && picker}
        </Empty>
      )}
    </div>
  )
}
