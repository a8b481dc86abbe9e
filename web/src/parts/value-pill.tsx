// One of several chosen values, with a button that says what it takes away.

import { type ComboboxRenderPillInput, Pill } from '@mantine/core'
import { useWords } from './words.ts'

function ValuePill({ option, value, onRemove, disabled }: ComboboxRenderPillInput) {
  const { t } = useWords()
  // A value that is not offered, or not yet, is called by itself.
  const name = option?.label ?? value ?? ''
  return (
    <Pill
      withRemoveButton={disabled !== true}
      {...(onRemove !== undefined && { onRemove })}
      // With the keyboard, values are taken away from within the field.
      removeButtonProps={{ 'aria-label': t('common.takeAway', { name }), 'aria-hidden': false }}
    >
      {name}
    </Pill>
  )
}

export const renderValuePill = (props: ComboboxRenderPillInput) => <ValuePill {...props} />
