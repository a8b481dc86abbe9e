// Every policy of the text, to be searched, filtered and chosen from.

import { ActionIcon, Menu, Select } from '@mantine/core'
import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs'
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs'
import IconDotsVertical from '@tabler/icons-react/dist/esm/icons/IconDotsVertical.mjs'
import IconPower from '@tabler/icons-react/dist/esm/icons/IconPower.mjs'
import IconTrash from '@tabler/icons-react/dist/esm/icons/IconTrash.mjs'
import { type KeyboardEvent, useMemo } from 'react'
import type { PolicyPart } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { useWords } from '../../parts/words.ts'

export interface PolicyListProps {
  readonly parts: readonly PolicyPart[]
  readonly chosen: PolicyPart | undefined
  readonly query: string
  readonly about: string
  readonly onQuery: (query: string) => void
  readonly onAbout: (about: string) => void
  readonly onChoose: (part: PolicyPart) => void
  readonly onMove: (part: PolicyPart, by: -1 | 1) => void
  readonly onSwitch: (part: PolicyPart) => void
  readonly onRemove: (part: PolicyPart) => void
}

export function PolicyList(props: PolicyListProps) {
  const { t } = useWords()
  const { parts, query, about } = props
  const subjects = useMemo(
    () => ({
      people: sorted(parts.flatMap(part => part.people)),
      targets: sorted(parts.flatMap(part => part.targets)),
    }),
    [parts],
  )
  const shown = parts.filter(part => isAbout(part, about) && matches(part, query))
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    const at = shown.findIndex(part => part === props.chosen)
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))]
    if (next === undefined) return
    event.preventDefault()
    props.onChoose(next)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-current=true]')?.focus())
  }
  return (
    <nav className="policy-list" aria-label={t('policies.list')}>
      <SearchField
        label={t('policies.search')}
        size="xs"
        width="100%"
        value={query}
        onChange={props.onQuery}
      />
      <Select
        size="xs"
        clearable
        searchable
        limit={200}
        aria-label={t('policies.about')}
        placeholder={t('policies.about')}
        data={[
          { group: t('policies.aboutPeople'), items: subjects.people.map(ofPeople) },
          { group: t('policies.aboutTargets'), items: subjects.targets.map(ofTargets) },
        ]}
        value={about === '' ? null : about}
        onChange={value => props.onAbout(value ?? '')}
      />
      <ul onKeyDown={move}>
        {shown.map(part => (
          <Entry key={`${part.start} ${part.name}`} part={part} list={props} />
        ))}
      </ul>
      {shown.length === 0 && <p className="dim">{t('common.noMatch')}</p>}
    </nav>
  )
}

function Entry({ part, list }: { readonly part: PolicyPart; readonly list: PolicyListProps }) {
  const { t } = useWords()
  const name = part.name === '' ? t('policies.nameless') : part.name
  const at = list.parts.indexOf(part)
  return (
    <li data-off={part.disabled || undefined}>
      <button
        type="button"
        className="policy-list__one"
        aria-current={part === list.chosen}
        onClick={() => list.onChoose(part)}
      >
        <span className="policy-list__name">{name}</span>
        <span className="policy-list__marks">
          {part.effect === undefined ? (
            <Chip tone="bad">{t('policies.unreadable')}</Chip>
          ) : (
            <Chip tone={part.effect === 'permit' ? 'ok' : 'bad'}>{t(`policies.${part.effect}`)}</Chip>
          )}
          {part.disabled && <Chip tone="outline">{t('policies.off')}</Chip>}
        </span>
        <span className="policy-list__meaning dim">{part.meaning}</span>
      </button>
      <Menu position="bottom-end" shadow="sm">
        <Menu.Target>
          <ActionIcon
            className="policy-list__menu"
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('policies.more', { name })}
          >
            <IconDotsVertical size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPower size={14} />} onClick={() => list.onSwitch(part)}>
            {t(part.disabled ? 'policies.switchOn' : 'policies.switchOff')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowUp size={14} />}
            disabled={at === 0}
            onClick={() => list.onMove(part, -1)}
          >
            {t('policies.moveUp')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={14} />}
            disabled={at === list.parts.length - 1}
            onClick={() => list.onMove(part, 1)}
          >
            {t('policies.moveDown')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => list.onRemove(part)}>
            {t('policies.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort()
const ofPeople = (name: string) => ({ value: `people:${name}`, label: name })
const ofTargets = (name: string) => ({ value: `target:${name}`, label: name })

/** What names nobody is for everybody, and what names no target for all. */
function isAbout({ people, targets }: PolicyPart, about: string): boolean {
  const name = about.slice(about.indexOf(':') + 1)
  // Other pages lead here with a bare name.
  if (!about.includes(':')) return about === '' || people.includes(name) || targets.includes(name)
  if (about.startsWith('people:')) return people.length === 0 || people.includes(name)
  return about.startsWith('target:') ? targets.length === 0 || targets.includes(name) : true
}

function matches({ name, meaning = '' }: PolicyPart, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/)
  const text = `${name} ${meaning}`.toLowerCase()
  return words.every(word => text.includes(word))
}
