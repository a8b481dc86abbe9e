// All targets somebody may reach.

import { Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import IconDatabaseOff from '@tabler/icons-react/dist/esm/icons/IconDatabaseOff.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { lazy, Suspense, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { targetsQuery } from '../../api/queries.ts'
import { CopyText } from '../../parts/copy.tsx'
import { productOf } from '../../format/product.ts'
import { Chip, TargetTags } from '../../parts/chips.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { FirstSteps } from './first-steps.tsx'
import { TargetHealth } from './target-health.tsx'

const TargetForm = lazy(async () => ({ default: (await import('./target-form.tsx')).TargetForm }))

export function TargetsPage() {
  const { t } = useWords()
  const me = useMe()
  const isAdministrator = useIsAdministrator()
  const navigate = useNavigate()
  const targets = useQuery(targetsQuery)
  const [search, setSearch] = useState('')
  const [adding, add] = useDisclosure(false)
  const request = t('targets.askText', {
    name: me.user.name,
    groups: me.user.groups.join(', ') || t('common.none'),
  })
  const addButton = isAdministrator && (
    <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
      {t('targets.add')}
    </Button>
  )
  return (
    <div className="page">
      <PageHead title={t('targets.title')} lead={t('targets.lead')}>
        <SearchField label={t('targets.search')} value={search} onChange={setSearch} />
        {addButton}
      </PageHead>
      <Problem error={targets.error} onRetry={() => void targets.refetch()} />
      {isAdministrator && targets.data !== undefined && (
        <FirstSteps
          targets={targets.data}
          onAdd={
            <Button size="compact-sm" variant="light" onClick={add.open}>
              {t('targets.add')}
            </Button>
          }
        />
      )}
      <div className="card">
        {targets.isPending && <Placeholder rows={4} />}
        {targets.data?.length === 0 && (
          <Empty
            icon={<IconDatabaseOff size={40} stroke={1.4} />}
            title={t('targets.empty')}
            text={isAdministrator ? t('targets.emptyAdmin') : t('targets.emptyUser')}
          >
            {addButton || <CopyText value={request}>{t('targets.askCopy')}</CopyText>}
          </Empty>
        )}
        {targets.data !== undefined && targets.data.length > 0 && (
          <TargetList targets={targets.data.filter(target => matches(target, search))} />
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

function matches(target: TargetRow, search: string): boolean {
  const tags = Object.entries(target.tags).map(([key, value]) => `${key}=${value}`)
  const text = [target.name, target.database, String(target.listenPort), ...tags].join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}

function TargetList({ targets }: { readonly targets: readonly TargetRow[] }) {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  if (targets.length === 0) {
    return (
      <Empty
        icon={<IconDatabaseOff size={40} stroke={1.4} />}
        title={t('common.noMatch')}
        text={t('common.noMatchHint')}
      />
    )
  }
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('common.name')}</th>
          <th>{t('connect.database')}</th>
          <th>{t('targetForm.tags')}</th>
          {isAdministrator && <th>{t('targets.health')}</th>}
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {targets.map(target => (
          <tr key={target.id}>
            <td>
              <Link to="/targets/$id" params={{ id: target.id }}>
                {target.name}
              </Link>
              <div className="dim number" style={{ fontSize: '0.78rem' }}>
                {productOf[target.protocol]} · {t('targets.port', { port: target.listenPort })}
              </div>
            </td>
            <td>{target.database}</td>
            <td>
              <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
                <TargetTags tags={target.tags} />
                {target.disabled && <Chip tone="bad">{t('targets.disabled')}</Chip>}
              </span>
            </td>
            {isAdministrator && (
              <td>
                <TargetHealth target={target} />
              </td>
            )}
            <td style={{ textAlign: 'right' }}>
              <LinkButton
                to="/sql"
                search={{ target: target.id }}
                size="compact-sm"
                variant="light"
                leftSection={<IconTerminal2 size={15} />}
                disabled={target.disabled}
                style={{ fontWeight: 550 }}
              >
                {t('targets.openSql')}
              </LinkButton>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
