// My connections: one click to the editor, and what one's own program needs. Those used last come first.

import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import IconDatabase from '@tabler/icons-react/dist/esm/icons/IconDatabase.mjs'
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { lazy, Suspense, useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { productOf } from '../../format/product.ts'
import { TargetTags } from '../../parts/chips.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Empty, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'

// What is opened by a click is loaded by it.
const CopyMenu = lazy(async () => ({ default: (await import('./copy-menu.tsx')).CopyMenu }))
const TokenDialog = lazy(async () => ({
  default: (await import('../self/token-dialog.tsx')).TokenDialog,
}))

const shown = 8
const typingMs = 200

export function Connections() {
  const { t, count } = useWords()
  const isAdministrator = useIsAdministrator()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), typingMs)
  const page = useQuery({
    queryKey: ['targets', 'home', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('GET /api/targets', {
        in: { limit: shown, disabled: false, ...(search === '' ? {} : { search }) },
        signal,
      }),
  })
  const all = page.data?.all ?? 0
  return (
    <section className="card home__connections" aria-labelledby="home-connections">
      <header>
        <h2 id="home-connections">{t('targets.title')}</h2>
        {all > shown && (
          <TextInput
            size="xs"
            type="search"
            aria-label={t('home.searchConnections')}
            placeholder={t('home.searchConnections')}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
          />
        )}
        <LinkButton to="/targets" size="compact-xs" variant="subtle">
          {t('home.showAll', { count: all, replace: { count: count(all) } })}
        </LinkButton>
      </header>
      <Problem error={page.error} onRetry={() => void page.refetch()} />
      {page.isPending && <Placeholder rows={5} />}
      {page.data !== undefined && page.data.targets.length === 0 && (
        <Empty
          icon={<IconDatabase size={36} stroke={1.4} />}
          title={search === '' ? t('home.noConnections') : t('home.noneFound')}
          text={
            search !== ''
              ? t('home.noneFoundHint')
              : isAdministrator
                ? t('home.noConnectionsAdministrator')
                : t('home.noConnectionsHint')
          }
        >
          {isAdministrator && search === '' && (
            <LinkButton to="/targets" variant="default">
              {t('home.toTargets')}
            </LinkButton>
          )}
        </Empty>
      )}
      {page.data !== undefined && page.data.targets.length > 0 && (
        <ul>
          {page.data.targets.map(target => (
            <Connection key={target.id} target={target} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Connection({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const [making, make] = useDisclosure(false)
  return (
    <li>
      <div className="home__target">
        <Link to="/targets/$id" params={{ id: target.id }}>
          {target.name}
        </Link>
        <span className="dim">
          {productOf[target.protocol]} · {target.database}
        </span>
        <span className="home__tags">
          <TargetTags tags={target.tags} />
        </span>
      </div>
      <LinkButton
        to="/sql"
        search={{ target: target.id }}
        size="compact-sm"
        variant="light"
        leftSection={<IconTerminal2 size={15} />}
        aria-label={t('home.openEditorAt', { name: target.name })}
      >
        {t('home.openEditor')}
      </LinkButton>
      {target.listenPort !== undefined && <Copying target={target} />}
      <Tooltip label={t('home.makeToken', { name: target.name })}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('home.makeToken', { name: target.name })}
          onClick={make.open}
        >
          <IconKey size={16} />
        </ActionIcon>
      </Tooltip>
      {making && (
        <Suspense fallback={null}>
          <TokenDialog opened onClose={make.close} target={target} />
        </Suspense>
      )}
    </li>
  )
}

function Copying({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const [opened, setOpened] = useState(false)
  const label = t('home.copyFor', { name: target.name })
  const button = (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <IconCopy size={16} />
      </ActionIcon>
    </Tooltip>
  )
  if (!opened) return button
  return (
    <Suspense fallback={button}>
      <CopyMenu target={target} onClose={() => setOpened(false)}>
        {button}
      </CopyMenu>
    </Suspense>
  )
}
