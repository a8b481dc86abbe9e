// Fields of the form for people and for places: chosen from what there is, or typed.

import { MultiSelect, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormPerson, FormPlace } from '../../../../src/console/contract.ts'
import { groupsQuery, tablesQuery, tagsQuery, usersQuery } from '../../api/queries.ts'
import { useFoundTargets } from '../../parts/found-targets.ts'
import { useWords } from '../../parts/words.ts'
import { parsePlace, placeWords } from './form-places.ts'

const personKey = ({ kind, name }: FormPerson): string => `${kind}:${name}`

const personFrom = (key: string): FormPerson =>
  key.startsWith('user:')
    ? { kind: 'user', name: key.slice('user:'.length) }
    : { kind: 'group', name: key.slice('group:'.length) }

export function PeopleField(props: {
  readonly label: string
  readonly hideLabel?: boolean
  readonly empty: string
  readonly people: readonly FormPerson[]
  readonly onChange: (people: readonly FormPerson[]) => void
}) {
  const { t } = useWords()
  const groups = useQuery(groupsQuery)
  const users = useQuery(usersQuery)
  const chosen = props.people.map(personKey)
  const known = [
    ...(groups.data ?? []).map(({ name }) => `group:${name}`),
    ...(users.data ?? []).map(({ name }) => `user:${name}`),
  ]
  // What a policy names stays, whether or not it is there.
  const all = [...known, ...chosen.filter(key => !known.includes(key))]
  const items = (kind: FormPerson['kind']) =>
    all.filter(key => key.startsWith(`${kind}:`)).map(key => ({ value: key, label: personFrom(key).name }))
  return (
    <MultiSelect
      {...(props.hideLabel === true ? { 'aria-label': props.label } : { label: props.label })}
      placeholder={props.people.length === 0 ? props.empty : ''}
      searchable
      hidePickedOptions
      limit={100}
      data={[
        { group: t('policyForm.groups'), items: items('group') },
        { group: t('policyForm.users'), items: items('user') },
      ]}
      value={chosen}
      onChange={keys => props.onChange(keys.map(personFrom))}
    />
  )
}

export function PlacesField(props: {
  readonly label: string
  readonly hideLabel?: boolean
  readonly empty: string
  readonly places: readonly FormPlace[]
  readonly onChange: (places: readonly FormPlace[]) => void
}) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const found = useFoundTargets(search)
  const tags = useQuery(tagsQuery)
  // Tables are offered of the target that was named last.
  const last = props.places.findLast(({ type }) => type !== 'Tag')?.path[0]
  const target = useFoundTargets(last ?? '').find(({ name }) => name === last)
  const tables = useQuery({ ...tablesQuery(target?.id ?? ''), enabled: target !== undefined, retry: false })
  const inside = (tables.data ?? []).flatMap(({ schema, table }) => [
    placeWords({ type: 'Schema', path: [last ?? '', schema], exact: false }),
    placeWords({ type: 'Table', path: [last ?? '', schema, table], exact: false }),
  ])
  const offered = [
    ...found.map(({ name }) => name),
    ...(tags.data ?? []).map(({ name }) => `#${name}`),
    ...new Set(inside),
  ]
  return (
    <TagsInput
      {...(props.hideLabel === true ? { 'aria-label': props.label } : { label: props.label })}
      description={props.hideLabel === true ? undefined : t('policyForm.placesHint')}
      placeholder={props.places.length === 0 ? props.empty : ''}
      data={offered}
      limit={100}
      searchValue={search}
      onSearchChange={setSearch}
      value={props.places.map(placeWords)}
      onChange={words =>
        props.onChange(
          words.map(word => props.places.find(place => placeWords(place) === word) ?? parsePlace(word)),
        )
      }
    />
  )
}
