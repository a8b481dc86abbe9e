// One subject of the health page.

import type { ReactNode } from 'react'

export function HealthCard(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card card--padded health__card" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}
