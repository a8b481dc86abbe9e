// A JSON value as a tree to open and close. Long lists are shown in part until more is asked for.

import { Button } from '@mantine/core'
import IconChevronRight from '@tabler/icons-react/dist/esm/icons/IconChevronRight.mjs'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../parts/words.ts'

const membersShown = 100
const levelsOpen = 2

export function JsonTree({ value }: { readonly value: unknown }) {
  return (
    <div className="json-tree">
      <Node name={undefined} value={value} level={0} />
    </div>
  )
}

function Node(props: { readonly name: string | undefined; readonly value: unknown; readonly level: number }) {
  const { name, value, level } = props
  const label: ReactNode = name === undefined ? null : <span className="json-tree__name">{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-tree__leaf">
        {label}
        <Leaf value={value} />
      </div>
    )
  }
  return <Branch label={label} value={value} level={level} />
}

function Leaf({ value }: { readonly value: unknown }) {
  const kind = value === null ? 'null' : typeof value
  return <span className={`json-tree__${kind}`}>{JSON.stringify(value)}</span>
}

function Branch(props: { readonly label: ReactNode; readonly value: object; readonly level: number }) {
  const { t } = useWords()
  const { value, level } = props
  const [open, setOpen] = useState(level < levelsOpen)
  const [shown, setShown] = useState(membersShown)
  const members = Object.entries(value)
  const isList = Array.isArray(value)
  return (
    <div>
      <button type="button" className="json-tree__branch" aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} className={open ? 'tree__chevron open' : 'tree__chevron'} />
        {props.label}
        <span className="dim">{isList ? `[${members.length}]` : `{${members.length}}`}</span>
      </button>
      {open && (
        <div className="json-tree__members">
          {members.slice(0, shown).map(([name, member]) => (
            <Node key={name} name={name} value={member} level={level + 1} />
          ))}
          {members.length > shown && (
            <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + membersShown * 10)}>
              {t('sqlResults.more')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
