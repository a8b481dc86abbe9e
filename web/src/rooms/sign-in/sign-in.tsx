// Signing in.

import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/http.ts'
import { meQuery, queryClient, rememberMe } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { GateFrame } from './gate-frame.tsx'

export function SignIn() {
  const { t } = useWords()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => call('POST /api/sign-in', { in: { name: name.trim(), password } }),
    onSuccess: me => queryClient.setQueryData(meQuery.queryKey, rememberMe(me)),
  })
  return (
    <GateFrame>
      <form
        onSubmit={event => {
          event.preventDefault()
          signIn.mutate()
        }}
      >
        <h2>{t('signIn.title')}</h2>
        <p className="lead">{t('signIn.welcome')}</p>
        <Stack gap="sm">
          <TextInput
            label={t('signIn.name')}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            withAsterisk={false}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          />
          <Button type="submit" mt="xs" fullWidth loading={signIn.isPending}>
            {t('signIn.submit')}
          </Button>
          <Problem error={signIn.error} />
          <span className="dim" style={{ fontSize: '0.8rem' }}>
            {t('signIn.firstTime')}
          </span>
        </Stack>
      </form>
    </GateFrame>
  )
}
