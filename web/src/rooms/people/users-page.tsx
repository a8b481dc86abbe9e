// The people who may sign in: found, filtered, and put into groups several at a time.

import { Button, Checkbox, Drawer, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconUserSearch from '@tabler/icons-react/dist/esm/icons/IconUserSearch.mjs'
import { useMemo, useState } from 'react'
import type { UserRow } from '../../../../src/console/contract.ts'
import { groupsQuery, usersQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { type VirtualColumn, VirtualTable } from '../../parts/virtual-table.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator, useMe } from '../../shell/me.ts'
import { AddToGroup } from './add-to-group.tsx'
import { NewUserForm } from './new-user-form.tsx'
import { findUsers, type PeopleSearch } from './people-search.ts'
import { UserPanel } from './user-panel.tsx'
import { UserState } from './user-state.tsx'

const route = getRouteApi('/users')

export function UsersPage() {
  return useIsAdministrator() ? <Users /> : <AdministratorsOnly />
}

/** Who is open beside the list. */
type Opened = { readonly kind: 'new' } | { readonly kind: 'user'; readonly id: string }
type Look = (change: Partial<Record<keyof PeopleSearch, unknown>>) => void

function Users() {
  const { t } = useWords()
  const users = useQuery(usersQuery)
  const search = route.useSearch()
  const navigate = useNavigate()
  const [opened, setOpened] = useState<Opened>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const found = useMemo(() => findUsers(users.data ?? [], search), [users.data, search])
  const user = opened?.kind === 'user' ? users.data?.find(one => one.id === opened.id) : undefined
  const close = () => setOpened(undefined)
  const look: Look = change =>
    void navigate({ to: '/users', search: { ...search, ...change } as PeopleSearch, replace: true })
  return (
    <div className="page page--list">
      <PageHead title={t('users.title')} lead={t('users.lead')}>
        <SearchField
          label={t('users.search')}
          value={search.q ?? ''}
          onChange={q => look({ q: q === '' ? undefined : q })}
          width={280}
        />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened({ kind: 'new' })}>
          {t('users.add')}
        </Button>
      </PageHead>
      <Problem error={users.error} onRetry={() => void users.refetch()} />
      {users.data !== undefined && (
        <UserFilters search={search} shown={found.length} all={users.data.length} onLook={look} />
      )}
      <div className="card">
        {users.isPending && <Placeholder rows={5} />}
        {selected.size > 0 && (
          <AddToGroup
            names={(users.data ?? []).filter(one => selected.has(one.id)).map(one => one.name)}
            onClear={() => setSelected(new Set())}
          />
        )}
        {users.data !== undefined && found.length === 0 && (
          <Empty
            icon={<IconUserSearch size={40} stroke={1.4} />}
            title={t('common.noMatch')}
            text={t('common.noMatchHint')}
          >
            <Button
              variant="default"
              onClick={() => void navigate({ to: '/users', search: {}, replace: true })}
            >
              {t('people.showAll')}
            </Button>
          </Empty>
        )}
        {found.length > 0 && (
          <UserTable
            users={found}
            search={search}
            onLook={look}
            selected={selected}
            onSelect={setSelected}
            onEdit={id => setOpened({ kind: 'user', id })}
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

function UserFilters(props: {
  readonly search: PeopleSearch
  readonly shown: number
  readonly all: number
  readonly onLook: Look
}) {
  const { t, count } = useWords()
  const { search, onLook } = props
  const groups = useQuery(groupsQuery)
  const shared = {
    size: 'xs',
    w: 170,
    clearable: true,
    clearButtonProps: { 'aria-label': t('common.clear') },
  } as const
  return (
    <div className="list-tools">
      <Select
        {...shared}
        aria-label={t('users.role')}
        placeholder={t('people.anyRole')}
        data={(['administrator', 'user'] as const).map(role => ({
          value: role,
          label: t(`users.role_${role}`),
        }))}
        value={search.role ?? null}
        onChange={role => onLook({ role: role ?? undefined })}
      />
      <Select
        {...shared}
        searchable
        limit={100}
        aria-label={t('users.groups')}
        placeholder={t('people.anyGroup')}
        data={[
          { value: '-', label: t('people.noGroup') },
          ...(groups.data ?? []).map(({ name }) => ({ value: name, label: name })),
        ]}
        value={search.group ?? null}
        onChange={group => onLook({ group: group ?? undefined })}
      />
      <Select
        {...shared}
        aria-label={t('users.status')}
        placeholder={t('people.anyStatus')}
        data={[
          ...(['active', 'locked', 'disabled'] as const).map(status => ({
            value: status,
            label: t(`users.${status}`),
          })),
          { value: 'never', label: t('people.neverSignedIn') },
        ]}
        value={search.status ?? null}
        onChange={status => onLook({ status: status ?? undefined })}
      />
      <span className="dim" style={{ fontSize: '0.8rem' }}>
        {t('people.manyHint')}
      </span>
      <span className="list-tools__count" role="status">
        {props.shown === props.all
          ? t('people.count', { count: props.all, replace: { count: count(props.all) } })
          : t('targetList.countOf', { shown: count(props.shown), all: count(props.all) })}
      </span>
    </div>
  )
}

function UserTable(props: {
  readonly users: readonly UserRow[]
  readonly search: PeopleSearch
  readonly onLook: Look
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: ReadonlySet<string>) => void
  readonly onEdit: (id: string) => void
}) {
  const { t, relative, time } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { users, search, selected, onSelect } = props
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onSelect(next)
  }
  const cells = (user: UserRow) => [
    <Checkbox
      key="select"
      size="xs"
      tabIndex={-1}
      aria-label={t('targetList.select', { name: user.name })}
      checked={selected.has(user.id)}
      onChange={() => toggle(user.id)}
    />,
    <div key="name">
      <Link className="strong" to="/users/$id" params={{ id: user.id }} tabIndex={-1}>
        {user.displayName || user.name}
      </Link>{' '}
      {user.id === me.user.id && <Chip tone="outline">{t('users.you')}</Chip>}
      <span className="vtable__under">
        {[user.name === user.displayName ? '' : user.name, user.email].filter(Boolean).join(' · ')}
      </span>
    </div>,
    t(`users.role_${user.role}`),
    <span key="groups" className="vtable__chips" title={user.groups.join(', ')}>
      {user.groups.map(group => (
        <Chip key={group}>{group}</Chip>
      ))}
    </span>,
    <UserState key="state" user={user} />,
    <span
      key="seen"
      className="dim"
      title={user.lastSignInAtMs === undefined ? undefined : time(user.lastSignInAtMs)}
    >
      {user.lastSignInAtMs === undefined ? t('common.never') : relative(user.lastSignInAtMs)}
    </span>,
    <Button
      key="edit"
      size="compact-sm"
      variant="default"
      aria-label={t('users.edit', { name: user.name })}
      onClick={() => props.onEdit(user.id)}
    >
      {t('common.edit')}
    </Button>,
  ]
  return (
    <VirtualTable
      label={t('users.title')}
      columns={useColumns(props)}
      count={users.length}
      resetKey={JSON.stringify(search)}
      row={index => {
        const user = users[index]
        if (user === undefined) return { kind: 'loading', key: String(index) }
        return {
          kind: 'row',
          key: user.id,
          cells: cells(user),
          selected: selected.has(user.id),
          dim: user.disabled,
        }
      }}
      onOpen={index => {
        const user = users[index]
        if (user !== undefined) void navigate({ to: '/users/$id', params: { id: user.id } })
      }}
      onToggle={index => {
        const user = users[index]
        if (user !== undefined) toggle(user.id)
      }}
    />
  )
}

function useColumns(props: Parameters<typeof UserTable>[0]): readonly VirtualColumn[] {
  const { t } = useWords()
  const { users, search, selected, onSelect, onLook } = props
  const sortable = (by: string) => {
    const sort = search.sort ?? 'name'
    const sorted = sort === by ? 'up' : sort === `-${by}` ? 'down' : null
    return { sorted, onSort: () => onLook({ sort: sorted === 'up' ? `-${by}` : by }) } as const
  }
  const all = (
    <Checkbox
      size="xs"
      aria-label={t('targetList.selectAll')}
      checked={selected.size > 0 && selected.size >= users.length}
      indeterminate={selected.size > 0 && selected.size < users.length}
      onChange={event => onSelect(new Set(event.currentTarget.checked ? users.map(user => user.id) : []))}
    />
  )
  return [
    { key: 'select', head: all, label: t('targetList.selectAll'), width: '40px' },
    { key: 'name', head: t('users.name'), width: 'minmax(200px, 2fr)', ...sortable('name') },
    { key: 'role', head: t('users.role'), width: '120px', ...sortable('role') },
    { key: 'groups', head: t('users.groups'), width: 'minmax(140px, 2fr)' },
    { key: 'state', head: t('users.status'), width: '100px' },
    { key: 'seen', head: t('users.lastSignIn'), width: '150px', ...sortable('seen') },
    { key: 'actions', head: '', label: t('common.actions'), width: '90px', align: 'end' },
  ]
}
