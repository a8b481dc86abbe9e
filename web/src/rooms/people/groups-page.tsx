// Groups: who is meant when a policy names one.

import { Button, Drawer, Group as Row, MultiSelect, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconUsersGroup from '@tabler/icons-react/dist/esm/icons/IconUsersGroup.mjs'
import { useState } from 'react'
import type { GroupRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { groupsQuery, queryClient, usersQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { type VirtualColumn, VirtualTable } from '../../parts/virtual-table.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'

export function GroupsPage() {
  return useIsAdministrator() ? <Groups /> : <AdministratorsOnly />
}

const route = getRouteApi('/groups')
const membersShown = 8

async function refreshPeople(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: groupsQuery.queryKey })
  await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
}

function Groups() {
  const { t } = useWords()
  const groups = useQuery(groupsQuery)
  const { q: search = '' } = route.useSearch()
  const navigate = useNavigate()
  const setSearch = (q: string) =>
    void navigate({ to: '/groups', search: q === '' ? {} : { q }, replace: true })
  const [opened, setOpened] = useState<GroupRow | 'new'>()
  const word = search.trim().toLowerCase()
  const shown = groups.data?.filter(group =>
    [group.name, group.description, ...group.members].join(' ').toLowerCase().includes(word),
  )
  const addButton = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened('new')}>
      {t('groups.add')}
    </Button>
  )
  return (
    <div className="page page--list">
      <PageHead title={t('groups.title')} lead={t('groups.lead')}>
        <SearchField label={t('groups.search')} value={search} onChange={setSearch} width={240} />
        {addButton}
      </PageHead>
      <Problem error={groups.error} onRetry={() => void groups.refetch()} />
      <div className="card">
        {groups.isPending && <Placeholder rows={3} />}
        {shown?.length === 0 && (
          <Empty
            icon={<IconUsersGroup size={40} stroke={1.4} />}
            title={word === '' ? t('groups.empty') : t('common.noMatch')}
            text={word === '' ? t('groups.emptyHint') : t('common.noMatchHint')}
          >
            {word === '' && addButton}
          </Empty>
        )}
        {shown !== undefined && shown.length > 0 && <GroupList groups={shown} onOpen={setOpened} />}
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size={440}
        title={
          <strong>
            {opened === undefined || opened === 'new'
              ? t('groups.add')
              : t('groups.edit', { name: opened.name })}
          </strong>
        }
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {opened !== undefined && (
          <GroupForm group={opened === 'new' ? undefined : opened} onDone={() => setOpened(undefined)} />
        )}
      </Drawer>
    </div>
  )
}

function GroupList(props: {
  readonly groups: readonly GroupRow[]
  readonly onOpen: (group: GroupRow) => void
}) {
  const { t, count } = useWords()
  const { groups, onOpen } = props
  const columns: readonly VirtualColumn[] = [
    { key: 'name', head: t('groups.name'), width: 'minmax(180px, 1.2fr)' },
    { key: 'members', head: t('groups.members'), width: 'minmax(240px, 3fr)' },
    { key: 'actions', head: '', label: t('common.actions'), width: '90px', align: 'end' },
  ]
  const cells = (group: GroupRow) => [
    <div key="name">
      <strong>{group.name}</strong>
      <span className="vtable__under">{group.description}</span>
    </div>,
    <span key="members" className="vtable__chips">
      <Link to="/users" search={{ group: group.name }} className="dim number" tabIndex={-1}>
        {t('groups.membersCount', {
          count: group.members.length,
          replace: { count: count(group.members.length) },
        })}
      </Link>
      {group.members.slice(0, membersShown).map(member => (
        <Chip key={member}>{member}</Chip>
      ))}
    </span>,
    <Button
      key="edit"
      size="compact-sm"
      variant="default"
      aria-label={t('groups.edit', { name: group.name })}
      onClick={() => onOpen(group)}
    >
      {t('common.edit')}
    </Button>,
  ]
  return (
    <VirtualTable
      label={t('groups.title')}
      columns={columns}
      count={groups.length}
      row={index => {
        const group = groups[index]
        return group === undefined
          ? { kind: 'loading', key: String(index) }
          : { kind: 'row', key: group.id, cells: cells(group) }
      }}
      onOpen={index => {
        const group = groups[index]
        if (group !== undefined) onOpen(group)
      }}
    />
  )
}

function GroupForm({ group, onDone }: { readonly group: GroupRow | undefined; readonly onDone: () => void }) {
  const { t } = useWords()
  const users = useQuery(usersQuery)
  const [name, setName] = useState(group?.name ?? '')
  const [description, setDescription] = useState(group?.description ?? '')
  const [members, setMembers] = useState<string[]>([...(group?.members ?? [])])
  const [deleting, setDeleting] = useState(false)
  const done = async () => {
    await refreshPeople()
    notifications.show({ message: t('common.saved'), color: 'teal' })
    onDone()
  }
  const save = useMutation({
    mutationFn: async () => {
      const id = group?.id ?? (await call('POST /api/groups', { in: { name, description } })).id
      await call('PUT /api/groups/:id', { params: { id }, in: { description, members } })
    },
    onSuccess: done,
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE /api/groups/:id', { params: { id: group?.id ?? '' } }),
    onSuccess: done,
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('groups.name')}
          description={t('targetForm.nameHint')}
          data-autofocus
          required
          withAsterisk={false}
          disabled={group !== undefined}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('common.description')}
          value={description}
          onChange={event => setDescription(event.currentTarget.value)}
        />
        <MultiSelect
          label={t('groups.members')}
          placeholder={t('groups.pickMembers')}
          data={(users.data ?? []).map(user => user.name)}
          value={members}
          searchable
          hidePickedOptions
          limit={100}
          nothingFoundMessage={t('common.noMatch')}
          onChange={setMembers}
        />
        <Problem error={save.error} />
        <Row justify="space-between" mt="xs">
          {group === undefined ? (
            <span />
          ) : (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t('common.delete')}
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Row>
      </Stack>
      <Confirm
        opened={deleting}
        title={t('groups.deleteTitle', { name })}
        text={t('groups.deleteText')}
        action={t('common.delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setDeleting(false)}
      />
    </form>
  )
}
