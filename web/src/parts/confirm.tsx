// Asks once more before something that cannot be taken back.

import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from './page.tsx'
import { useWords } from './words.ts'

export function Confirm(props: {
  readonly opened: boolean
  readonly title: string
  readonly text: ReactNode
  readonly action: string
  readonly busy: boolean
  readonly error?: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<strong>{props.title}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm" mb="md">
        {props.text}
      </Text>
      <Problem error={props.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          color="red.8"
          autoContrast={false}
          onClick={props.onConfirm}
          loading={props.busy}
          data-autofocus
        >
          {props.action}
        </Button>
      </Group>
    </Modal>
  )
}
