// Approving for a time, or refusing, with a word to the one who asked.

import { Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { DecisionInput, RequestRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { refreshRequests } from './request-panel.tsx'

const durations = ['15', '60', '480', 'once'] as const
type Duration = (typeof durations)[number]
const onceMinutes = 480

export function DecideForm({ request }: { readonly request: RequestRow }) {
  const { t } = useWords()
  const { number } = request
  const [duration, setDuration] = useState<Duration>('15')
  const [note, setNote] = useState('')
  const decide = useMutation({
    mutationFn: (decision: DecisionInput) =>
      call('POST /api/requests/:number/decide', { params: { number: String(number) }, in: decision }),
    onSuccess: async (_, { kind }) => {
      await refreshRequests()
      const message =
        kind === 'approve' ? t('requests.approved', { number }) : t('requests.refused', { number })
      notifications.show({ message, color: 'teal' })
    },
  })
  const approve = () =>
    decide.mutate({
      kind: 'approve',
      minutes: duration === 'once' ? onceMinutes : Number(duration),
      once: duration === 'once',
      note: note.trim(),
    })
  return (
    <form
      className="card card--padded"
      onSubmit={event => {
        event.preventDefault()
        approve()
      }}
    >
      <Stack gap="sm">
        <div>
          <div className="field-label" id="approve-for">
            {t('requests.duration')}
          </div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="approve-for"
            data={durations.map(value => ({ value, label: t(`requests.duration_${value}`) }))}
            value={duration}
            onChange={value => setDuration(durations.find(one => one === value) ?? '15')}
          />
        </div>
        <TextInput
          label={t('requests.note')}
          placeholder={t('requests.noteHint')}
          maxLength={500}
          value={note}
          onChange={event => setNote(event.currentTarget.value)}
        />
        <Problem error={decide.error} />
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={decide.isPending}
            onClick={() => decide.mutate({ kind: 'refuse', note: note.trim() })}
          >
            {t('requests.refuse')}
          </Button>
          <Button type="submit" loading={decide.isPending}>
            {t('requests.approve')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
