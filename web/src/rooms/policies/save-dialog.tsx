// Saving policies asks for a note: the next reader wants to know why.

import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'

export function SaveDialog(props: {
  readonly opened: boolean
  readonly version: number
  readonly busy: boolean
  readonly error: unknown
  readonly onSave: (note: string) => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const [note, setNote] = useState('')
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<strong>{t('policies.saveTitle', { version: props.version })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          props.onSave(note.trim())
        }}
      >
        <Stack gap="sm">
          <Textarea
            label={t('policies.saveNote')}
            description={t('policies.saveNoteHint')}
            data-autofocus
            autosize
            minRows={2}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <Problem error={props.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={props.busy} disabled={note.trim() === ''}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
