// What of the policies page stands in the address bar.

export type PolicyView = 'one' | 'text' | 'try' | 'replay' | 'versions' | 'rules'

export interface PolicySearch {
  readonly view?: Exclude<PolicyView, 'one'>
  /** Searched for in the list. */
  readonly q?: string
  /** A group, user or target that policies of the list are for. */
  readonly about?: string
  /** Name of the policy that is worked on. */
  readonly policy?: string
}

const views: readonly string[] = ['text', 'try', 'replay', 'versions', 'rules']

export function parsePolicySearch(search: Readonly<Record<string, unknown>>): PolicySearch {
  const text = (name: 'q' | 'about' | 'policy') =>
    typeof search[name] === 'string' && search[name] !== '' ? { [name]: search[name] } : {}
  const { view } = search
  return {
    ...(typeof view === 'string' && views.includes(view) ? { view: view as 'text' } : {}),
    ...text('q'),
    ...text('about'),
    ...text('policy'),
  }
}
