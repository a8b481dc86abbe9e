// Saving policies asks for a note: the next reader wants to know why. It says what the change means, too.

import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { DifferenceInWords } from './difference-words.tsx'

export function SaveDialog(props: {
  readonly version: number
  /** The version that it is compared with. */
  readonly before: number
  readonly text: string
  readonly busy: boolean
  readonly error: unknown
  readonly onSave: (note: string) => void
  readonly onReplay: () => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const [note, setNote] = useState('')
  return (
    <Modal
      opened
      onClose={props.onClose}
      size={640}
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
          <div>
            <p className="field-label">{t('difference.title')}</p>
            <DifferenceInWords before={{ version: props.before }} after={{ text: props.text }} />
          </div>
          <Problem error={props.error} />
          <Group justify="flex-end">
            <Button variant="subtle" mr="auto" onClick={props.onReplay}>
              {t('policies.replayFirst')}
            </Button>
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
