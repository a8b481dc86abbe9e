// For a device without a browser: type the code that it shows, look at what it is, and answer.

import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/http.ts'
import { PageHead, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { Told } from './device-authorize-page.tsx'
import { DeviceQuestion } from './device-question.tsx'

export function DeviceCodePage() {
  const { t } = useWords()
  const [userCode, setUserCode] = useState('')
  const look = useMutation({ mutationFn: () => call('POST /api/device/look', { in: { userCode } }) })
  const decide = useMutation({
    mutationFn: (allow: boolean) => call('POST /api/device/decide', { in: { userCode, allow } }),
  })
  if (decide.isSuccess && decide.variables)
    return <Told title={t('devices.allowed')} text={t('devices.allowedHint')} />
  if (decide.isSuccess) return <Told title={t('devices.refused')} text={t('devices.refusedHint')} />
  const found = look.data
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    look.mutate()
  }
  return (
    <div className="page">
      <PageHead
        title={t(found === undefined ? 'devices.codeTitle' : 'devices.allowTitle')}
        lead={t(found === undefined ? 'devices.codeLead' : 'devices.allowLead')}
      />
      <div className="card" style={{ padding: 20, maxWidth: 560 }}>
        {found === undefined ? (
          <form onSubmit={ask}>
            <Stack gap="md" align="flex-start">
              <TextInput
                label={t('devices.code')}
                placeholder="BCDF-GHJK"
                value={userCode}
                onChange={event => setUserCode(event.currentTarget.value)}
                maxLength={32}
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                data-autofocus
              />
              <Problem error={look.error} />
              <Button type="submit" loading={look.isPending} disabled={userCode.trim() === ''}>
                {t('devices.next')}
              </Button>
            </Stack>
          </form>
        ) : (
          <DeviceQuestion
            {...found}
            busy={decide.isPending}
            error={decide.error}
            onAnswer={allow => decide.mutate(allow)}
          />
        )}
      </div>
    </div>
  )
}
