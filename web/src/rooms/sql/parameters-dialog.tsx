// Asks for the values of the parameters of a statement; those of last time stand there already.

import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../parts/words.ts'

export type ParameterValues = Readonly<Record<string, string | null>>

export function ParametersDialog(props: {
  readonly keys: readonly string[]
  readonly values: ParameterValues
  readonly onRun: (values: ParameterValues) => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const [values, setValues] = useState<ParameterValues>(() =>
    Object.fromEntries(
      props.keys.map(key => [key, props.values[key] === undefined ? '' : props.values[key]]),
    ),
  )
  const set = (key: string, value: string | null) => setValues({ ...values, [key]: value })
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<strong>{t('sqlRun.parameters')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          props.onRun(values)
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('sqlRun.parametersLead')}
          </Text>
          {props.keys.map((key, index) => (
            <div key={key} className="parameter">
              <label htmlFor={`parameter-${index}`}>
                <code>{key}</code>
              </label>
              <TextInput
                id={`parameter-${index}`}
                data-autofocus={index === 0 || undefined}
                value={values[key] ?? ''}
                disabled={values[key] === null}
                placeholder={values[key] === null ? t('sql.nullWord') : ''}
                onChange={event => set(key, event.currentTarget.value)}
              />
              <Checkbox
                label={t('sql.nullWord')}
                aria-label={t('sqlRun.parameterNull', { key })}
                checked={values[key] === null}
                onChange={event => set(key, event.currentTarget.checked ? null : '')}
              />
            </div>
          ))}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit">{t('sql.run')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
