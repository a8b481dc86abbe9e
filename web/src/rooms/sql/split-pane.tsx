// Two panes, one above the other, with a bar between them to drag or to move with the arrow keys.

import { useLocalStorage } from '@mantine/hooks'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'

const sharePercent = { min: 15, max: 85, first: 42, step: 4 }

const clamp = (percent: number) => Math.min(sharePercent.max, Math.max(sharePercent.min, percent))

export function SplitPane(props: {
  readonly label: string
  readonly top: ReactNode
  readonly bottom: ReactNode
}) {
  const [percent, setPercent] = useLocalStorage({
    key: 'sekisho.sql-split',
    defaultValue: sharePercent.first,
    getInitialValueInEffect: false,
  })
  const host = useRef<HTMLDivElement>(null)
  const drag = (event: PointerEvent) => {
    const box = host.current?.getBoundingClientRect()
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    setPercent(clamp(((event.clientY - box.top) / box.height) * 100))
  }
  const step = (event: KeyboardEvent) => {
    const by =
      event.key === 'ArrowUp' ? -sharePercent.step : event.key === 'ArrowDown' ? sharePercent.step : 0
    if (by !== 0) setPercent(clamp(percent + by))
  }
  return (
    <div ref={host} className="split">
      <div className="split__pane" style={{ height: `${percent}%` }}>
        {props.top}
      </div>
      <div
        className="split__bar"
        role="separator"
        aria-orientation="horizontal"
        aria-label={props.label}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={sharePercent.min}
        aria-valuemax={sharePercent.max}
        tabIndex={0}
        onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={step}
      />
      <div className="split__pane" style={{ flex: 1 }}>
        {props.bottom}
      </div>
    </div>
  )
}
