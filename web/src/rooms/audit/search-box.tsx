// The search line of the audit: chips for fields, free words, and hints for what can be asked. `/` leads here.

import { Combobox, Kbd, Pill, PillsInput, useCombobox } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { usersQuery } from '../../api/queries.ts'
import { useWords } from '../../parts/words.ts'
import { chipsOf, type FieldChip, lineFields, readLine } from './search-line.ts'
import { cleaned, trailGroups, type TrailSearch } from './trail-filter.ts'

const typingMs = 300
const hintsMax = 8

interface Hint {
  /** What stands in the line instead of the last word. */
  readonly text: string
  readonly meaning: string
}

export function SearchBox(props: {
  readonly search: TrailSearch
  readonly onChange: (search: TrailSearch) => void
}) {
  const { t } = useWords()
  const { search, onChange } = props
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.q ?? '')
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  useHotkeys([['/', () => input.current?.focus()]])
  /** The newest search: somebody may type on before the address has followed. */
  const newest = useRef(search)
  const told = useRef<TrailSearch>(undefined)
  useEffect(() => {
    if (told.current === undefined || JSON.stringify(told.current) !== JSON.stringify(search)) {
      // Not what was typed here: somebody chose it elsewhere.
      if (told.current === undefined || search.q !== told.current.q) setTyped(search.q ?? '')
    }
    newest.current = search
    told.current = undefined
  }, [search])
  const tell = (next: TrailSearch) => {
    newest.current = next
    told.current = next
    onChange(next)
  }
  const chips = chipsOf(search)
  const hints = useHints(typed)

  const take = (text: string, whole: boolean) => {
    const read = readLine(text, newest.current, whole)
    setTyped(read.rest)
    return cleaned({ ...read.search, q: read.rest.trim() === '' ? undefined : read.rest.trim() })
  }
  const settle = useDebouncedCallback(
    (q: string | undefined) => tell(cleaned({ ...newest.current, q })),
    typingMs,
  )
  const change = (text: string) => {
    combobox.openDropdown()
    const next = take(text, false)
    if (chipsOf(next).length === chipsOf(newest.current).length && next.kinds === newest.current.kinds)
      settle(next.q)
    else tell(next)
  }
  const choose = (text: string) => {
    const before = typed.replace(/\S*$/, '')
    if (text.endsWith(':')) setTyped(before + text)
    else tell(take(`${before}${text} `, false))
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = chips.at(-1)
    if (event.key === 'Backspace' && typed === '' && last !== undefined) tell(last.without)
    else if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
      tell(take(typed, true))
      combobox.closeDropdown()
    } else if (event.key === 'Escape' && !combobox.dropdownOpened) {
      setTyped('')
      tell(cleaned({ ...newest.current, q: undefined }))
    }
  }
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.DropdownTarget>
        <PillsInput
          size="xs"
          className="search-box"
          leftSection={<IconSearch size={15} />}
          rightSection={typed === '' && chips.length === 0 ? <Kbd size="xs">/</Kbd> : null}
          onClick={() => input.current?.focus()}
        >
          <Pill.Group>
            {chips.map(chip => (
              <FieldPill key={chip.field} chip={chip} onRemove={() => tell(chip.without)} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                ref={input}
                aria-label={t('audit.search')}
                placeholder={chips.length === 0 ? t('audit.search') : ''}
                value={typed}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onChange={event => change(event.currentTarget.value)}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={hints.length === 0}>
        <Combobox.Options aria-label={t('audit.searchHints')}>
          {hints.map(({ text, meaning }) => (
            <Combobox.Option key={text} value={text}>
              <span className="search-hint">
                <code>{text}</code>
                <span>{meaning}</span>
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
        <Combobox.Footer className="search-hint__foot">{t('audit.searchSealed')}</Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function FieldPill({ chip, onRemove }: { readonly chip: FieldChip; readonly onRemove: () => void }) {
  const { t } = useWords()
  const words =
    chip.field === 'verdict'
      ? t(chip.value === 'denied' ? 'audit.denied' : 'audit.allowed')
      : chip.field === 'masked'
        ? t('audit.masked')
        : `${t(`audit.field_${chip.field}`)}: ${chip.value}`
  return (
    <Pill
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{
        'aria-label': t('audit.removeField', { field: words }),
        'aria-hidden': false,
        tabIndex: 0,
      }}
    >
      {words}
    </Pill>
  )
}

/** What the last word could become. */
function useHints(typed: string): readonly Hint[] {
  const { t } = useWords()
  const users = useQuery(usersQuery)
  const word = /\S*$/.exec(typed)?.[0].toLowerCase() ?? ''
  const fields: readonly Hint[] = [
    ...lineFields.map(field => ({ text: `${field}:`, meaning: t(`audit.hint_${field}`) })),
    { text: 'refused', meaning: t('audit.hint_refused') },
    { text: 'masked', meaning: t('audit.maskedOnly') },
  ]
  const begun = word.startsWith('user:')
    ? (users.data ?? []).map(({ name, displayName }) => ({ text: `user:${name}`, meaning: displayName }))
    : word.startsWith('kind:')
      ? trailGroups.map(group => ({ text: `kind:${group}`, meaning: t(`audit.group_${group}`) }))
      : fields
  return begun.filter(({ text }) => text.toLowerCase().startsWith(word)).slice(0, word === '' ? 20 : hintsMax)
}
