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
    [`${commandKey} + C`, t('keys.copyCells')],
    ['Esc', t('keys.close')],
    [t('keys.leaveEditorKeys'), t('keys.leaveEditor')],
    ['?', t('keys.help')],
  ] as const
  const sqlKeys = [
    [`${commandKey} + Enter`, t('sqlKeys.run')],
    [`${commandKey} + Shift + Enter`, t('sqlKeys.runAll')],
    [`${commandKey} + .`, t('sqlKeys.stop')],
    [`${commandKey} + Shift + E`, t('sqlKeys.explain')],
    [`${commandKey} + Shift + F`, t('sqlKeys.format')],
    ['Ctrl + Space', t('sqlKeys.complete')],
    [`${commandKey} + S`, t('sqlKeys.save')],
    ['Alt + N', t('sqlKeys.newTab')],
    ['Alt + W', t('sqlKeys.closeTab')],
    ['Alt + 1 – 9, PgUp, PgDn', t('sqlKeys.switchTab')],
    ['Alt + Shift + C', t('sqlKeys.commit')],
    ['Alt + Shift + R', t('sqlKeys.rollback')],
    ['Alt + H, S, J', t('sqlKeys.panels')],
    ['F6', t('sqlKeys.places')],
    ['Enter', t('sqlKeys.cell')],
    ['F4', t('sqlKeys.openRows')],
  ] as const
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={<strong>{t('keys.title')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <KeyList keys={keys} />
      <h3 className="field-label" style={{ margin: '18px 0 8px' }}>
        {t('sqlKeys.title')}
      </h3>
      <KeyList keys={sqlKeys} />
    </Modal>
  )
}

function KeyList({ keys }: { readonly keys: readonly (readonly [key: string, meaning: string])[] }) {
  return (
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
  )
}
