// Choosing a new password, with its rules in sight.

import { Button, PasswordInput, Stack, VisuallyHidden } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconPointFilled from '@tabler/icons-react/dist/esm/icons/IconPointFilled.mjs'
import { useState } from 'react'
import type { Me } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { checkPassword } from './password-rules.ts'

export function PasswordForm({ me, onChanged }: { readonly me: Me; readonly onChanged: (me: Me) => void }) {
  const { t } = useWords()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const rules = checkPassword({ name: me.user.name, current, next, again })
  const change = useMutation({
    mutationFn: () => call('POST /api/password', { in: { current, next } }),
    onSuccess: changed => {
      setCurrent('')
      setNext('')
      setAgain('')
      onChanged(changed)
    },
  })
  const toggle = { 'aria-label': t('signIn.showPassword') }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack gap="sm">
        <PasswordInput
          label={t('password.current')}
          autoComplete="current-password"
          value={current}
          onChange={event => setCurrent(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle}
        />
        <PasswordInput
          label={t('password.next')}
          autoComplete="new-password"
          aria-describedby="password-rules"
          value={next}
          onChange={event => setNext(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle}
        />
        <PasswordInput
          label={t('password.again')}
          autoComplete="new-password"
          value={again}
          onChange={event => setAgain(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle}
        />
        <ul className="rules" id="password-rules">
          {rules.map(({ rule, met }) => (
            <li key={rule} data-met={met || undefined}>
              {met ? <IconCheck size={14} aria-hidden /> : <IconPointFilled size={14} aria-hidden />}
              {t(`password.${rule}`)}
              <VisuallyHidden>{met ? t('password.met') : t('password.notMet')}</VisuallyHidden>
            </li>
          ))}
        </ul>
        <span className="dim" style={{ fontSize: '0.8rem' }}>
          {t('password.rulesHint')}
        </span>
        <Button
          type="submit"
          loading={change.isPending}
          disabled={current === '' || rules.some(rule => !rule.met)}
        >
          {t('password.submit')}
        </Button>
        <Problem error={change.error} />
      </Stack>
    </form>
  )
}
