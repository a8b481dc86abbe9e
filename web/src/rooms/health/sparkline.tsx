// The course of one figure over the last hour, small: its last value in words beside it.

import { useId } from 'react'

const width = 240
const height = 44

export function Sparkline(props: {
  readonly values: readonly number[]
  readonly label: string
  /** At least so much is the full height, so that small changes do not look like mountains. */
  readonly least: number
}) {
  const id = useId()
  const { values } = props
  const top = Math.max(props.least, ...values)
  const step = values.length < 2 ? width : width / (values.length - 1)
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${heightOf(value, top)}`)
  if (points.length === 1) points.push(`${width},${heightOf(values[0] ?? 0, top)}`)
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-labelledby={id}
    >
      <title id={id}>{props.label}</title>
      <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} className="spark__area" />
      <polyline points={points.join(' ')} className="spark__line" />
    </svg>
  )
}

const heightOf = (value: number, top: number): string =>
  (height - 3 - (value / Math.max(top, 1e-9)) * (height - 6)).toFixed(1)
