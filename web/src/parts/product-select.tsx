// Chooses which product's targets a list shows.

import { Select } from '@mantine/core'
import { productOf } from '../format/product.ts'
import { useWords } from './words.ts'

export function ProductSelect(props: {
  readonly value: string | undefined
  readonly onChange: (protocol: string | undefined) => void
}) {
  const { t } = useWords()
  return (
    <Select
      size="xs"
      w={170}
      aria-label={t('targetForm.product')}
      placeholder={t('targetList.anyProduct')}
      data={Object.entries(productOf).map(([value, label]) => ({ value, label }))}
      value={props.value ?? null}
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      onChange={protocol => props.onChange(protocol ?? undefined)}
    />
  )
}
