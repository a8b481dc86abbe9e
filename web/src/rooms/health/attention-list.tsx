// What needs an administrator, most urgent first, each with the way to where something can be done about it.

import { Link } from '@tanstack/react-router'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs'
import type { ReactNode } from 'react'
import type { AttentionExample, AttentionItem, AttentionKind } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import './health.css'

const icons = { urgent: IconAlertTriangle, soon: IconClock, notice: IconInfoCircle } as const
const examplesShown = 5

export function AttentionList({ items }: { readonly items: readonly AttentionItem[] }) {
  const { t } = useWords()
  if (items.length === 0) {
    return (
      <p className="attention__none" role="status">
        <IconCircleCheck size={20} />
        {t('attention.none')}
      </p>
    )
  }
  return (
    <ul className="attention">
      {items.map(item => (
        <Item key={item.kind} item={item} />
      ))}
    </ul>
  )
}

function Item({ item }: { readonly item: AttentionItem }) {
  const { t, count } = useWords()
  const Icon = icons[item.level]
  const figures = { count: item.count, replace: { count: count(item.count) } }
  // Names alone stand side by side.
  const isPlain = item.examples.every(({ detail, atMs }) => detail === undefined && atMs === undefined)
  const more = item.count - Math.min(item.examples.length, examplesShown)
  return (
    <li data-level={item.level}>
      <Icon size={18} stroke={1.8} role="img" aria-label={t(`attention.level_${item.level}`)} />
      <div>
        <strong>{t(`attention.${item.kind}`, figures)}</strong>
        <p className="dim">{t(`attention.next_${item.kind}`)}</p>
        <ul className="attention__examples" data-plain={isPlain || undefined}>
          {item.examples.slice(0, examplesShown).map(example => (
            <Example key={`${example.id ?? ''} ${example.name}`} kind={item.kind} example={example} />
          ))}
          {more > 0 && item.examples.length > 0 && (
            <li className="dim">{t('targetList.andMore', { count: more })}</li>
          )}
        </ul>
      </div>
      <Where kind={item.kind} />
    </li>
  )
}

function Example({ kind, example }: { readonly kind: AttentionKind; readonly example: AttentionExample }) {
  const { t, relative, time, said } = useWords()
  const { id, detail, atMs } = example
  const name = example.name === 'targetPorts' ? t('health.limit_targetPorts') : example.name
  if (name === '') return null
  return (
    <li>
      {linked(kind, id, name)}
      {atMs !== undefined && (
        <span className="dim" title={time(atMs)}>
          {relative(atMs)}
        </span>
      )}
      {detail !== undefined && detail !== name && <span className="dim">{said(detail)}</span>}
    </li>
  )
}

function linked(kind: AttentionKind, id: string | undefined, name: string): ReactNode {
  if (id === undefined) return <span>{name}</span>
  if (kind === 'target.unreachable') {
    return (
      <Link to="/targets/$id" params={{ id }} search={{ tab: 'state' }}>
        {name}
      </Link>
    )
  }
  if (kind === 'request.waiting') {
    return (
      <Link to="/requests" search={{ request: Number(id) }}>
        {name}
      </Link>
    )
  }
  return (
    <Link to="/users/$id" params={{ id }}>
      {name}
    </Link>
  )
}

/** The page that shows them all. */
function Where({ kind }: { readonly kind: AttentionKind }) {
  const { t } = useWords()
  const className = 'attention__where'
  switch (kind) {
    case 'target.unreachable':
      return (
        <Link className={className} to="/targets" search={{ state: 'unreachable' }}>
          {t('nav.targets')}
        </Link>
      )
    case 'user.no-group':
      return (
        <Link className={className} to="/users" search={{ group: '-' }}>
          {t('nav.users')}
        </Link>
      )
    case 'user.locked':
      return (
        <Link className={className} to="/users" search={{ status: 'locked' }}>
          {t('nav.users')}
        </Link>
      )
    case 'request.waiting':
      return (
        <Link className={className} to="/requests">
          {t('nav.requests')}
        </Link>
      )
    case 'tag.no-policy':
      return (
        <Link className={className} to="/policies">
          {t('nav.policies')}
        </Link>
      )
    case 'token.ending':
      return <span />
    default:
      return (
        <Link className={className} to="/health">
          {t('nav.health')}
        </Link>
      )
  }
}
