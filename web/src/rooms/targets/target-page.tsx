// One target: how to connect, what is in it, and for administrators how it is set up.

import { Button, Tabs } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, targetQuery, targetsKey } from '../../api/queries.ts'
import { productOf } from '../../format/product.ts'
import { Chip, TargetTags } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import type { TargetTab } from '../../router.tsx'
import { useIsAdministrator } from '../../shell/me.ts'
import { ConnectTab } from './connect-tab.tsx'
import { StateTab } from './state-tab.tsx'
import { TablesTab } from './tables-tab.tsx'
import { TargetForm } from './target-form.tsx'
import './targets.css'

const route = getRouteApi('/targets/$id')

export function TargetPage() {
  const { t } = useWords()
  const { id } = route.useParams()
  const { tab = 'connect' } = route.useSearch()
  const navigate = route.useNavigate()
  const isAdministrator = useIsAdministrator()
  const target = useQuery(targetQuery(id))
  if (target.isError || target.isPending) {
    return (
      <div className="page">
        <Problem error={target.error} onRetry={() => void target.refetch()} />
        {target.isPending && <Placeholder />}
      </div>
    )
  }
  return (
    <div className={`page${tab === 'tables' ? ' page--full' : ''}`}>
      <TargetHead target={target.data} />
      <Tabs
        value={tab}
        onChange={next => void navigate({ search: { tab: next as TargetTab }, replace: true })}
        keepMounted={false}
        className={tab === 'tables' ? 'target-tabs target-tabs--full' : 'target-tabs'}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="connect">{t('targets.tabConnect')}</Tabs.Tab>
          <Tabs.Tab value="tables">{t('targets.tabTables')}</Tabs.Tab>
          {isAdministrator && <Tabs.Tab value="state">{t('targetList.tab')}</Tabs.Tab>}
          {isAdministrator && <Tabs.Tab value="settings">{t('targets.tabSettings')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="connect">
          <ConnectTab target={target.data} />
        </Tabs.Panel>
        <Tabs.Panel value="tables" className="target-tabs__tables">
          <TablesTab target={target.data} />
        </Tabs.Panel>
        {isAdministrator && (
          <Tabs.Panel value="state">
            <StateTab target={target.data} />
          </Tabs.Panel>
        )}
        {isAdministrator && (
          <Tabs.Panel value="settings">
            <Settings target={target.data} />
          </Tabs.Panel>
        )}
      </Tabs>
    </div>
  )
}

function TargetHead({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  return (
    <PageHead
      title={
        <span style={{ display: 'inline-flex', gap: 10, alignItems: 'center', flexWrap: 'wrap' }}>
          {target.name}
          <span style={{ display: 'inline-flex', gap: 4, fontWeight: 400, letterSpacing: 0 }}>
            <TargetTags tags={target.tags} />
            {target.disabled && <Chip tone="bad">{t('targets.disabled')}</Chip>}
          </span>
        </span>
      }
      lead={`${productOf[target.protocol]} · ${target.database}`}
    >
      {isAdministrator && (
        <LinkButton to="/reach" search={{ target: target.id }} variant="default">
          {t('reach.show')}
        </LinkButton>
      )}
      <LinkButton
        to="/sql"
        search={{ target: target.id }}
        leftSection={<IconTerminal2 size={16} />}
        disabled={target.disabled}
      >
        {t('targets.openSql')}
      </LinkButton>
    </PageHead>
  )
}

function Settings({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const remove = useMutation({
    mutationFn: () => call('DELETE /api/targets/:id', { params: { id: target.id } }),
    onSuccess: async () => {
      await navigate({ to: '/targets' })
      await queryClient.invalidateQueries({ queryKey: targetsKey })
    },
  })
  return (
    <div style={{ maxWidth: 520 }}>
      <div className="card card--padded">
        <TargetForm
          key={target.id}
          target={target}
          onSaved={() => notifications.show({ message: t('common.saved'), color: 'teal' })}
        />
      </div>
      <Button
        mt="md"
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => setDeleting(true)}
      >
        {t('targetForm.delete')}
      </Button>
      <Confirm
        opened={deleting}
        title={t('targets.deleteTitle', { name: target.name })}
        text={t('targets.deleteText')}
        action={t('common.delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setDeleting(false)}
      />
    </div>
  )
}
