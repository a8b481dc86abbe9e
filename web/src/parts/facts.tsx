// What is known of one thing: names and values, one below the other.

import { Fragment, type ReactNode } from 'react'

export type Fact = readonly [name: string, value: ReactNode]

/** @param isCard  stands on a card of its own */
export function Facts(props: { readonly facts: readonly Fact[]; readonly isCard?: boolean }) {
  return (
    <dl className={props.isCard === true ? 'facts card card--padded' : 'facts'}>
      {props.facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
