// Puts an earlier version in force again, as a version of its own with a note.

import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyVersion } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { policiesQuery, policyVersionQuery, queryClient } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { DifferenceInWords } from './difference-words.tsx'

export function RollBack(props: {
  readonly version: number
  readonly current: PolicyVersion
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const { version, current } = props
  const earlier = useQuery(policyVersionQuery(version))
  const [note, setNote] = useState(t('policies.rollBackNote', { version }))
  const save = useMutation({
    mutationFn: (text: string) =>
      call('PUT /api/policies', { in: { text, note: note.trim(), basedOn: current.version } }),
    onSuccess: async saved => {
      notifications.show({ message: t('policies.saved', { version: saved.version }), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey })
      props.onDone()
    },
  })
  return (
    <Modal
      opened
      onClose={props.onDone}
      size={640}
      title={<strong>{t('policies.rollBackTitle', { version })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (earlier.data !== undefined) save.mutate(earlier.data.text)
        }}
      >
        <Stack gap="sm">
          <DifferenceInWords before={{ version: current.version }} after={{ version }} />
          <Textarea
            label={t('policies.saveNote')}
            data-autofocus
            autosize
            minRows={2}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <Problem error={save.error ?? earlier.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onDone}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={note.trim() === '' || earlier.data === undefined}
            >
              {t('policies.rollBackDo', { version: current.version + 1 })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
