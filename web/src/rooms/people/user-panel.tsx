// One user: what is known of them, and what an administrator can do about their account.

import { Button, Divider, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { UserRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { groupsQuery, queryClient, usersQuery } from '../../api/queries.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'
import { FirstPasswordCard } from './new-user-form.tsx'
import { type UserEntry, UserFields } from './user-fields.tsx'

async function refreshPeople(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
  await queryClient.invalidateQueries({ queryKey: groupsQuery.queryKey })
}

export function UserPanel({ user, onDone }: { readonly user: UserRow; readonly onDone: () => void }) {
  const { t } = useWords()
  const [entry, setEntry] = useState<UserEntry>({ ...user, email: user.email ?? '' })
  const [firstPassword, setFirstPassword] = useState<string>()
  const save = useMutation({
    mutationFn: () => {
      const { displayName, email, role, groups } = entry
      return call('PUT /api/users/:id', {
        params: { id: user.id },
        // An empty one clears what was stored.
        in: { displayName, email: email.trim(), role, groups },
      })
    },
    onSuccess: async () => {
      await refreshPeople()
      notifications.show({ message: t('common.saved'), color: 'teal' })
      onDone()
    },
  })
  if (firstPassword !== undefined) {
    return <FirstPasswordCard name={user.name} password={firstPassword} onDone={onDone} />
  }
  return (
    <Stack gap="sm">
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="sm">
          <UserFields entry={entry} onChange={setEntry} />
          <Problem error={save.error} />
          <Group justify="flex-end" mt="xs">
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
      <Divider my="xs" />
      <AccountActions user={user} onPassword={setFirstPassword} onDone={onDone} />
    </Stack>
  )
}

type Action = 'reset' | 'disable' | 'delete'

function AccountActions(props: {
  readonly user: UserRow
  readonly onPassword: (password: string) => void
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const me = useMe()
  const { user } = props
  const params = { id: user.id }
  const [asked, setAsked] = useState<Action>()
  const isMe = user.id === me.user.id
  const act = useMutation({
    mutationFn: async (action: Action | 'enable' | 'unlock') => {
      if (action === 'reset')
        props.onPassword((await call('POST /api/users/:id/password', { params })).firstPassword)
      if (action === 'unlock') await call('POST /api/users/:id/unlock', { params })
      if (action === 'disable') await call('PUT /api/users/:id', { params, in: { disabled: true } })
      if (action === 'enable') await call('PUT /api/users/:id', { params, in: { disabled: false } })
      if (action === 'delete') await call('DELETE /api/users/:id', { params })
      return action
    },
    onSuccess: async action => {
      setAsked(undefined)
      if (action === 'unlock') {
        notifications.show({ message: t('users.unlocked', { name: user.name }), color: 'teal' })
      }
      if (action === 'delete') props.onDone()
      await refreshPeople()
    },
  })
  const words = {
    reset: { title: t('users.reset'), text: t('users.resetSure') },
    disable: { title: t('users.disable'), text: t('users.disableSure') },
    delete: { title: t('users.deleteTitle', { name: user.name }), text: t('users.deleteText') },
  } as const
  return (
    <Group gap="xs">
      {user.locked && (
        <Button variant="light" size="xs" loading={act.isPending} onClick={() => act.mutate('unlock')}>
          {t('users.unlock')}
        </Button>
      )}
      <Button variant="default" size="xs" onClick={() => setAsked('reset')}>
        {t('users.reset')}
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={isMe}
        onClick={() => (user.disabled ? act.mutate('enable') : setAsked('disable'))}
      >
        {user.disabled ? t('users.enable') : t('users.disable')}
      </Button>
      <Button variant="subtle" color="red" size="xs" disabled={isMe} onClick={() => setAsked('delete')}>
        {t('common.delete')}
      </Button>
      {asked === undefined && <Problem error={act.error} />}
      <Confirm
        opened={asked !== undefined}
        title={asked === undefined ? '' : words[asked].title}
        text={asked === undefined ? '' : words[asked].text}
        action={
          asked === 'delete'
            ? t('common.delete')
            : asked === 'disable'
              ? t('users.disable')
              : t('users.reset')
        }
        busy={act.isPending}
        error={act.error}
        onConfirm={() => asked !== undefined && act.mutate(asked)}
        onClose={() => {
          act.reset()
          setAsked(undefined)
        }}
      />
    </Group>
  )
}
