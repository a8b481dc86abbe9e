// My connections: one click to the editor, and what one's own program needs. Those used last come first.

import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import IconDatabase from '@tabler/icons-react/dist/esm/icons/IconDatabase.mjs'
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import { useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { jdbcUrl, mariadbCommand, mariadbJdbcUrl, mysqlDsn, psqlCommand } from '../../format/connection.ts'
import { productOf } from '../../format/product.ts'
import { TargetTags } from '../../parts/chips.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Empty, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { TokenDialog } from '../self/token-dialog.tsx'
import { connectionFacts } from '../targets/connect-tab.tsx'

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
      <CopyMenu target={target} />
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
      {making && <TokenDialog opened onClose={make.close} target={target} />}
    </li>
  )
}

/** The same connection as each program wants it. */
function CopyMenu({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const me = useMe()
  const facts = connectionFacts(target, me.user.name)
  if (facts === undefined) return null
  const isMysql = target.protocol === 'mysql'
  const ways = isMysql
    ? ([
        ['mariadb', mariadbCommand(facts)],
        ['JDBC, DBeaver', mariadbJdbcUrl(facts)],
        ['DSN', mysqlDsn(facts)],
      ] as const)
    : ([
        ['psql', psqlCommand(facts)],
        ['JDBC, DBeaver', jdbcUrl(facts)],
      ] as const)
  const copy = (value: string) => {
    void navigator.clipboard
      ?.writeText(value)
      .then(() => notifications.show({ message: t('common.copied'), color: 'teal' }))
  }
  return (
    <Menu position="bottom-end" shadow="md" width={320}>
      <Menu.Target>
        <Tooltip label={t('home.copyFor', { name: target.name })}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('home.copyFor', { name: target.name })}>
            <IconCopy size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(([name, value]) => (
          <Menu.Item key={name} onClick={() => copy(value)}>
            {name}
            <div className="home__way mono dim">{value}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
