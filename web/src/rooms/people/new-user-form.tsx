// Adding a user, and their first password, once.

import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/http.ts'
import { queryClient, usersQuery } from '../../api/queries.ts'
import { SecretOnce } from '../../parts/copy.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { type UserEntry, UserFields } from './user-fields.tsx'

export function NewUserForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useWords()
  const [name, setName] = useState('')
  const [entry, setEntry] = useState<UserEntry>({ displayName: '', email: '', role: 'user', groups: [] })
  const create = useMutation({
    mutationFn: () => {
      const { email, ...rest } = entry
      const given = email.trim() === '' ? {} : { email: email.trim() }
      return call('POST /api/users', { in: { name: name.trim(), ...rest, ...given } })
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
  if (create.data !== undefined) {
    return (
      <FirstPasswordCard name={create.data.user.name} password={create.data.firstPassword} onDone={onDone} />
    )
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('users.name')}
          description={t('users.nameHint')}
          data-autofocus
          required
          withAsterisk={false}
          autoCapitalize="none"
          spellCheck={false}
          autoComplete="off"
          value={name}
          onChange={event => setName(event.currentTarget.value.toLowerCase())}
        />
        <UserFields entry={entry} onChange={setEntry} />
        <Problem error={create.error} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('users.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export function FirstPasswordCard(props: {
  readonly name: string
  readonly password: string
  readonly onDone: () => void
}) {
  const { t } = useWords()
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {t('users.firstPasswordFor', { name: props.name })}
      </Text>
      <SecretOnce value={props.password} label={t('users.firstPassword')} />
      <Text size="sm" c="dimmed">
        {t('users.firstPasswordHint')}
      </Text>
      <Group justify="flex-end">
        <Button onClick={props.onDone}>{t('common.done')}</Button>
      </Group>
    </Stack>
  )
}
