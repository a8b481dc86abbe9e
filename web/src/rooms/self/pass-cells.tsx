// The cells that every list of what lets somebody in has: since when, until when, when last, and taking it back.

import { Button } from '@mantine/core'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'

export function SinceCell(props: { readonly ms: number }) {
  const { time, relative } = useWords()
  return (
    <td className="dim" title={time(props.ms)}>
      {relative(props.ms)}
    </td>
  )
}

export function UntilCell(props: { readonly ms: number }) {
  const { t, time, relative } = useWords()
  return (
    <td title={time(props.ms)}>
      {props.ms < Date.now() ? <Chip tone="bad">{t('tokens.expired')}</Chip> : relative(props.ms)}
    </td>
  )
}

export function LastUsedCell(props: { readonly ms: number | undefined }) {
  const { t, time, relative } = useWords()
  return (
    <td className="dim" title={props.ms === undefined ? undefined : time(props.ms)}>
      {props.ms === undefined ? t('common.never') : relative(props.ms)}
    </td>
  )
}

/** @param action  the word on the button  @param name  of what is taken back, for those who do not see the row */
export function RevokeCell(props: {
  readonly action: string
  readonly name: string
  readonly onRevoke: () => void
}) {
  return (
    <td style={{ textAlign: 'right' }}>
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        aria-label={`${props.action}: ${props.name}`}
        onClick={props.onRevoke}
      >
        {props.action}
      </Button>
    </td>
  )
}
