// The search of a page: `/` focuses it from anywhere, Esc empties it.

import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { useRef } from 'react'
import { useWords } from './words.ts'

export function SearchField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly size?: 'xs' | 'sm'
  readonly width?: number | string
}) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => input.current?.focus()]])
  return (
    <TextInput
      ref={input}
      type="search"
      size={props.size ?? 'sm'}
      w={props.width ?? 320}
      aria-label={props.label}
      placeholder={props.label}
      leftSection={<IconSearch size={15} />}
      rightSection={
        props.value === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => props.onChange('')} />
        )
      }
      value={props.value}
      onChange={event => props.onChange(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        props.onChange('')
        event.currentTarget.blur()
      }}
    />
  )
}
