// Policies one by one: the list, and the one that is worked on.

import { ActionIcon, Button, Group, Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import IconLayoutSidebarLeftCollapse from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftCollapse.mjs'
import IconLayoutSidebarLeftExpand from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftExpand.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useMemo, useState } from 'react'
import type { PolicyPart } from '../../../../src/console/contract.ts'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { OnePolicy } from './one-policy.tsx'
import { PolicyList } from './policy-list.tsx'
import {
  appended,
  type Cut,
  cutAt,
  freeName,
  isDisabled,
  joined,
  swapped,
  switched,
  without,
} from './policy-pieces.ts'
import type { PolicySearch } from './policy-search.ts'
import type { DraftState } from './use-draft.ts'

const noParts: readonly PolicyPart[] = []

export function OneByOne(props: {
  readonly draft: DraftState
  readonly search: PolicySearch
  readonly onSearch: (search: PolicySearch) => void
}) {
  const { t } = useWords()
  const { draft, search, onSearch } = props
  const { text, setText, settled, check } = draft
  const parts = check.data?.parts ?? noParts
  const [listShown, setListShown] = useLocalStorage({ key: 'sekisho.policy-list', defaultValue: true })
  // Places hold for the text that was checked; while somebody types, for the cut that they type into.
  const [typed, setTyped] = useState<Cut>()
  const isTyped = typed !== undefined && joined(typed) === text
  const chosen = isTyped
    ? (parts.find(part => part.end > typed.before.length) ?? parts.at(-1))
    : (parts.find(({ name }) => name === search.policy) ?? parts[0])
  const cut = useMemo(() => {
    if (isTyped) return typed
    return chosen === undefined || settled !== text ? undefined : cutAt(text, chosen)
  }, [isTyped, typed, chosen, settled, text])
  const choose = (name: string) => {
    setTyped(undefined)
    onSearch({ ...search, policy: name })
  }
  /** Changes of whole policies need the places of now. */
  const whole = (change: (text: string) => string, said?: string) => {
    if (settled !== text) return
    const before = text
    setTyped(undefined)
    setText(change(text))
    if (said === undefined) return
    const id = notifications.show({
      message: (
        <Group justify="space-between" wrap="nowrap">
          <span>{said}</span>
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => {
              setText(before)
              notifications.hide(id)
            }}
          >
            {t('policies.undo')}
          </Button>
        </Group>
      ),
    })
  }
  const add = () => {
    const name = freeName('new-policy', new Set(parts.map(part => part.name)))
    const policy = `@id("${name}")\npermit (\n  principal in Group::"analysts",\n  action in [Action::"connect", Action::"select"],\n  resource\n);\n`
    whole(before => appended(before, policy))
    onSearch({ policy: name })
  }
  const replace = (part: PolicyPart, body: (body: string) => string) => (before: string) => {
    const at = cutAt(before, part)
    return joined({ ...at, body: body(at.body) })
  }
  return (
    <div className="one-by-one" data-list={listShown ? 'shown' : 'hidden'}>
      <div className="one-by-one__side" hidden={!listShown}>
        <div className="one-by-one__tools">
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {t('policies.add')}
          </Button>
          <ListSwitch shown onSwitch={() => setListShown(false)} />
        </div>
        <PolicyList
          parts={parts}
          chosen={chosen}
          query={search.q ?? ''}
          about={search.about ?? ''}
          onQuery={q => onSearch({ ...search, q })}
          onAbout={about => onSearch({ ...search, about })}
          onChoose={part => choose(part.name)}
          onMove={(part, by) => {
            const other = parts[parts.indexOf(part) + by]
            if (other === undefined) return
            const [first, second] = by === 1 ? [part, other] : [other, part]
            whole(before => swapped(before, first, second))
            choose(part.name)
          }}
          onSwitch={part =>
            whole(
              replace(part, body => switched(body, isDisabled(body))),
              t(part.disabled ? 'policies.switchedOn' : 'policies.switchedOff', { name: part.name }),
            )
          }
          onRemove={part =>
            whole(before => without(before, part), t('policies.removedOne', { name: part.name }))
          }
        />
      </div>
      <div className="one-by-one__main">
        {!listShown && (
          <div className="one-by-one__folded">
            <ListSwitch shown={false} onSwitch={() => setListShown(true)} />
            <strong>{chosen?.name}</strong>
          </div>
        )}
        <Problem error={check.error} />
        {check.data === undefined && check.isPending && <Placeholder rows={8} />}
        {check.data !== undefined && parts.length === 0 && (
          <p className="dim">{t('policies.emptyMeanings')}</p>
        )}
        {cut !== undefined && (
          <OnePolicy
            key={cut.before.length}
            cut={cut}
            part={chosen}
            problems={draft.problems}
            checked={settled ?? text}
            isChecking={draft.isChecking}
            onBody={body => {
              const next = { ...cut, body }
              setTyped(next)
              setText(joined(next))
            }}
          />
        )}
      </div>
    </div>
  )
}

/** Gives the room of the list to the policy, or takes it back. */
function ListSwitch(props: { readonly shown: boolean; readonly onSwitch: () => void }) {
  const { t } = useWords()
  const label = t(props.shown ? 'policies.hideList' : 'policies.showList')
  const Icon = props.shown ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand
  return (
    <Tooltip label={label}>
      <ActionIcon size={30} variant="default" aria-label={label} onClick={props.onSwitch}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}
