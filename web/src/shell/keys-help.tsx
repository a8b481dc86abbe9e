// The list of keyboard shortcuts.

import { Kbd, Modal } from '@mantine/core'
import { Fragment } from 'react'
import { useWords } from '../parts/words.ts'
import { commandKey } from './command-key.ts'

export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useWords()
  const keys = [
    [`${commandKey} + K`, t('keys.palette')],
    ['/', t('keys.search')],
    [`${commandKey} + Enter`, t('keys.run')],
    [`${commandKey} + .`, t('keys.stop')],
    [`${commandKey} + C`, t('keys.copyCells')],
    ['Esc', t('keys.close')],
    [t('keys.leaveEditorKeys'), t('keys.leaveEditor')],
    ['?', t('keys.help')],
  ] as const
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<strong>{t('keys.title')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <dl className="facts">
        {keys.map(([key, meaning]) => (
          <Fragment key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  )
}
