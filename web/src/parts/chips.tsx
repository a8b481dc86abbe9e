// Small labels: tags of targets and columns, verdicts, and the lock of what is hidden.

import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs'
import type { ReactNode } from 'react'

export type ChipTone = 'plain' | 'hidden' | 'ok' | 'bad' | 'warn' | 'outline'

export function Chip(props: {
  readonly tone?: ChipTone
  readonly title?: string | undefined
  readonly mono?: boolean
  readonly children: ReactNode
}) {
  const tone = props.tone ?? 'plain'
  return (
    <span className={`chip chip--${tone}${props.mono === true ? ' chip--key' : ''}`} title={props.title}>
      {props.children}
    </span>
  )
}

export function ColumnTag(props: {
  readonly name: string
  readonly sensitive: boolean
  readonly title?: string
}) {
  return (
    <Chip tone={props.sensitive ? 'hidden' : 'plain'} title={props.title} mono>
      {props.name}
    </Chip>
  )
}

/** Tags of a target; production stands out, so that nobody mistakes it. */
export function TargetTags({ tags }: { readonly tags: Readonly<Record<string, string>> }) {
  return Object.entries(tags).map(([key, value]) => (
    <Chip key={key} mono tone={key === 'env' && value.startsWith('prod') ? 'warn' : 'plain'}>
      {key}={value}
    </Chip>
  ))
}

export function Lock({ label, size = 13 }: { readonly label: string; readonly size?: number }) {
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      style={{ display: 'inline-flex', color: 'var(--s-hidden-ink)' }}
    >
      <IconLock size={size} stroke={2} aria-hidden />
    </span>
  )
}
