// All targets somebody may reach: searched, filtered, sorted and grouped at the server; its state is the address.

import { Button, Drawer } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import IconDatabaseOff from '@tabler/icons-react/dist/esm/icons/IconDatabaseOff.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { queryClient, targetPageQuery } from '../../api/queries.ts'
import { CopyText } from '../../parts/copy.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FirstSteps } from './first-steps.tsx'
import { TargetFilters } from './target-filters.tsx'
import { targetFilter, type TargetSearch } from './target-search.ts'
import { TargetsTable } from './targets-table.tsx'
import { useTargetPages } from './use-target-pages.ts'

const TargetForm = lazy(async () => ({ default: (await import('./target-form.tsx')).TargetForm }))

const route = getRouteApi('/targets')
const typingMs = 200
/** As many as the server changes at once. */
const selectedMax = 1_000

export function TargetsPage() {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  const navigate = useNavigate()
  const search = route.useSearch()
  const filter = useMemo(() => targetFilter(search), [search])
  const pages = useTargetPages(filter)
  const [typed, setTyped] = useState(search.q ?? '')
  // Whoever comes from the palette wants to add one at once.
  const [adding, add] = useDisclosure(location.hash === '#add')
  const [selected, setSelected] = useState<ReadonlyMap<string, TargetRow>>(new Map())
  const look = (change: Partial<Record<keyof TargetSearch, unknown>>) => {
    const next = { ...search, ...change } as TargetSearch
    void navigate({ to: '/targets', search: next, replace: true })
  }
  const lookFor = useDebouncedCallback((q: string) => look({ q: q === '' ? undefined : q }), typingMs)
  const select = (targets: readonly TargetRow[], on: boolean) => {
    const next = new Map(selected)
    for (const target of targets) {
      if (on && next.size < selectedMax) next.set(target.id, target)
      else if (!on) next.delete(target.id)
    }
    setSelected(next)
  }
  const selectAll = async (on: boolean) => {
    if (on) select(await firstOf(filter), true)
    else setSelected(new Map())
  }
  const addButton = isAdministrator && (
    <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
      {t('targets.add')}
    </Button>
  )
  const { head } = pages
  const isEmpty = head?.all === 0
  return (
    <div className="page page--list">
      <PageHead title={t('targets.title')} lead={t('targets.lead')}>
        <SearchField
          label={t('targets.search')}
          value={typed}
          onChange={value => {
            setTyped(value)
            lookFor(value)
          }}
        />
        {addButton}
      </PageHead>
      <Problem error={pages.error} onRetry={pages.refetch} />
      {isAdministrator && head !== undefined && head.all < 2 && (
        <FirstSteps
          targets={head.targets}
          onAdd={
            <Button size="compact-sm" variant="light" onClick={add.open}>
              {t('targets.add')}
            </Button>
          }
        />
      )}
      {head !== undefined && !isEmpty && <TargetFilters search={search} page={head} onLook={look} />}
      <div className="card">
        {pages.isPending && <Placeholder rows={4} />}
        {isEmpty && <NoTargets addButton={addButton} />}
        {selected.size > 0 && <BulkBar selected={selected} onClear={() => setSelected(new Map())} />}
        {head !== undefined && !isEmpty && head.total === 0 && (
          <Empty
            icon={<IconDatabaseOff size={40} stroke={1.4} />}
            title={t('common.noMatch')}
            text={t('common.noMatchHint')}
          >
            <Button
              variant="default"
              onClick={() => {
                setTyped('')
                void navigate({ to: '/targets', search: {}, replace: true })
              }}
            >
              {t('targetList.showAll')}
            </Button>
          </Empty>
        )}
        {head !== undefined && head.total > 0 && (
          <TargetsTable
            pages={pages}
            search={search}
            onSort={sort => look({ sort })}
            selected={selected}
            onSelect={select}
            onSelectAll={on => void selectAll(on)}
          />
        )}
      </div>
      <Drawer
        opened={adding}
        onClose={add.close}
        position="right"
        size={460}
        title={<strong>{t('targetForm.newTitle')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Suspense fallback={<Placeholder />}>
          <TargetForm
            target={undefined}
            onSaved={target => void navigate({ to: '/targets/$id', params: { id: target.id } })}
          />
        </Suspense>
      </Drawer>
    </div>
  )
}

/** What a click on the head selects: the first of the list, as many as can be changed at once. */
async function firstOf(filter: ReturnType<typeof targetFilter>): Promise<readonly TargetRow[]> {
  const found: TargetRow[] = []
  for (let page = 0; found.length < selectedMax; page += 1) {
    const { targets, total } = await queryClient.fetchQuery(targetPageQuery(filter, page))
    found.push(...targets)
    if (targets.length === 0 || found.length >= total) break
  }
  return found
}

function NoTargets({ addButton }: { readonly addButton: ReactNode }) {
  const { t } = useWords()
  const me = useMe()
  const isAdministrator = useIsAdministrator()
  const request = t('targets.askText', {
    name: me.user.name,
    groups: me.user.groups.join(', ') || t('common.none'),
  })
  return (
    <Empty
      icon={<IconDatabaseOff size={40} stroke={1.4} />}
      title={t('targets.empty')}
      text={isAdministrator ? t('targets.emptyAdmin') : t('targets.emptyUser')}
    >
      {addButton || <CopyText value={request}>{t('targets.askCopy')}</CopyText>}
    </Empty>
  )
}
