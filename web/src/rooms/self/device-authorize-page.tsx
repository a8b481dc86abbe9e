// Where the user agent sends the browser of its own computer: allow this device, and go back to it.

import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/http.ts'
import { PageHead } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { DeviceQuestion } from './device-question.tsx'

const route = getRouteApi('/device/authorize')

export function DeviceAuthorizePage() {
  const { t } = useWords()
  const asked = route.useSearch()
  const [refused, setRefused] = useState(false)
  const allow = useMutation({
    mutationFn: () => call('POST /api/device/authorize', { in: asked }),
    onSuccess: ({ redirect }) => window.location.assign(redirect),
  })
  const isWhole = Object.values(asked).every(value => value !== '')
  if (!isWhole) return <Told title={t('devices.allowTitle')} text={t('devices.broken')} />
  if (refused) return <Told title={t('devices.refused')} text={t('devices.refusedHint')} />
  if (allow.isSuccess) return <Told title={t('devices.allowed')} text={t('devices.allowedHint')} />
  return (
    <div className="page">
      <PageHead title={t('devices.allowTitle')} lead={t('devices.allowLead')} />
      <div className="card" style={{ padding: 20, maxWidth: 560 }}>
        <DeviceQuestion
          name={asked.name}
          system={asked.system}
          address={undefined}
          busy={allow.isPending}
          error={allow.error}
          onAnswer={yes => (yes ? allow.mutate() : setRefused(true))}
        />
      </div>
    </div>
  )
}

export function Told(props: { readonly title: string; readonly text: string }) {
  return (
    <div className="page" role="status">
      <PageHead title={props.title} lead={props.text} />
    </div>
  )
}
