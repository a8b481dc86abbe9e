// The people who may sign in.

import { Button, Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconUserSearch from '@tabler/icons-react/dist/esm/icons/IconUserSearch.mjs'
import { useState } from 'react'
import type { UserRow } from '../../../../src/console/contract.ts'
import { usersQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { NewUserForm } from './new-user-form.tsx'
import { UserPanel } from './user-panel.tsx'

export function UsersPage() {
  return useIsAdministrator() ? <Users /> : <AdministratorsOnly />
}

/** Who is open beside the list. */
type Opened = { readonly kind: 'new' } | { readonly kind: 'user'; readonly id: string }

function Users() {
  const { t } = useWords()
  const users = useQuery(usersQuery)
  const [search, setSearch] = useState('')
  const [opened, setOpened] = useState<Opened>()
  const user = opened?.kind === 'user' ? users.data?.find(one => one.id === opened.id) : undefined
  const close = () => setOpened(undefined)
  return (
    <div className="page">
      <PageHead title={t('users.title')} lead={t('users.lead')}>
        <SearchField label={t('users.search')} value={search} onChange={setSearch} width={280} />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened({ kind: 'new' })}>
          {t('users.add')}
        </Button>
      </PageHead>
      <Problem error={users.error} onRetry={() => void users.refetch()} />
      <div className="card">
        {users.isPending && <Placeholder rows={5} />}
        {users.data !== undefined && (
          <UserList
            users={users.data.filter(one => matches(one, search))}
            onOpen={id => setOpened({ kind: 'user', id })}
          />
        )}
      </div>
      <Drawer
        opened={opened?.kind === 'new' || user !== undefined}
        onClose={close}
        position="right"
        size={440}
        title={<strong>{user === undefined ? t('users.add') : t('users.edit', { name: user.name })}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {opened?.kind === 'new' && <NewUserForm onDone={close} />}
        {user !== undefined && <UserPanel key={user.id} user={user} onDone={close} />}
      </Drawer>
    </div>
  )
}

function matches(user: UserRow, search: string): boolean {
  const text = [user.name, user.displayName, user.email ?? '', ...user.groups].join(' ').toLowerCase()
  return text.includes(search.trim().toLowerCase())
}

function UserList(props: { readonly users: readonly UserRow[]; readonly onOpen: (id: string) => void }) {
  const { t, relative, time } = useWords()
  const me = useMe()
  if (props.users.length === 0) {
    return (
      <Empty
        icon={<IconUserSearch size={40} stroke={1.4} />}
        title={t('common.noMatch')}
        text={t('common.noMatchHint')}
      />
    )
  }
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('users.name')}</th>
          <th>{t('users.role')}</th>
          <th>{t('users.groups')}</th>
          <th>{t('users.status')}</th>
          <th>{t('users.lastSignIn')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.users.map(user => (
          <tr key={user.id}>
            <td>
              <strong>{user.displayName || user.name}</strong>{' '}
              {user.id === me.user.id && <Chip tone="outline">{t('users.you')}</Chip>}
              <div className="dim" style={{ fontSize: '0.78rem' }}>
                {[user.name, user.email].filter(Boolean).join(' · ')}
              </div>
            </td>
            <td>{t(`users.role_${user.role}`)}</td>
            <td>
              <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
                {user.groups.map(group => (
                  <Chip key={group}>{group}</Chip>
                ))}
              </span>
            </td>
            <td>
              <UserState user={user} />
            </td>
            <td
              className="dim"
              title={user.lastSignInAtMs === undefined ? undefined : time(user.lastSignInAtMs)}
            >
              {user.lastSignInAtMs === undefined ? t('common.never') : relative(user.lastSignInAtMs)}
            </td>
            <td style={{ textAlign: 'right' }}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t('users.edit', { name: user.name })}
                onClick={() => props.onOpen(user.id)}
              >
                {t('common.edit')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function UserState({ user }: { readonly user: UserRow }) {
  const { t } = useWords()
  if (user.disabled) return <Chip tone="outline">{t('users.disabled')}</Chip>
  if (user.locked) return <Chip tone="bad">{t('users.locked')}</Chip>
  return <Chip tone="ok">{t('users.active')}</Chip>
}
