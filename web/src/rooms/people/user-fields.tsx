// The fields of a user that an administrator fills in.

import { MultiSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Role } from '../../../../src/console/contract.ts'
import { groupsQuery } from '../../api/queries.ts'
import { useWords } from '../../parts/words.ts'

export interface UserEntry {
  readonly displayName: string
  readonly email: string
  readonly role: Role
  readonly groups: readonly string[]
}

export function UserFields(props: {
  readonly entry: UserEntry
  readonly onChange: (entry: UserEntry) => void
}) {
  const { t } = useWords()
  const groups = useQuery(groupsQuery)
  const { entry } = props
  const set = (change: Partial<UserEntry>) => props.onChange({ ...entry, ...change })
  return (
    <>
      <TextInput
        label={t('users.displayName')}
        value={entry.displayName}
        onChange={event => set({ displayName: event.currentTarget.value })}
      />
      <TextInput
        type="email"
        label={t('users.email')}
        description={t('common.optional')}
        value={entry.email}
        onChange={event => set({ email: event.currentTarget.value })}
      />
      <div>
        <div className="field-label">{t('users.role')}</div>
        <SegmentedControl
          aria-label={t('users.role')}
          value={entry.role}
          onChange={value => set({ role: value === 'administrator' ? 'administrator' : 'user' })}
          data={[
            { value: 'user', label: t('users.role_user') },
            { value: 'administrator', label: t('users.role_administrator') },
          ]}
        />
      </div>
      <MultiSelect
        label={t('users.groups')}
        description={t('users.groupsHint')}
        data={(groups.data ?? []).map(group => group.name)}
        value={[...entry.groups]}
        searchable
        hidePickedOptions
        limit={100}
        onChange={value => set({ groups: value })}
      />
    </>
  )
}
