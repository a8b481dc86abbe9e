// Puts all selected people into a group, or takes them out of it.

import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/http.ts'
import { groupsQuery, queryClient, usersQuery } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'

export function AddToGroup(props: { readonly names: readonly string[]; readonly onClear: () => void }) {
  const { t, count } = useWords()
  const groups = useQuery(groupsQuery)
  const [id, setId] = useState<string | null>(null)
  const { names } = props
  const act = useMutation({
    mutationFn: (change: 'add' | 'remove') =>
      call('POST /api/groups/:id/members', {
        params: { id: id ?? '' },
        in: { add: change === 'add' ? names : [], remove: change === 'remove' ? names : [] },
      }),
    onSuccess: async group => {
      notifications.show({ message: t('people.grouped', { group: group.name }), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: groupsQuery.queryKey })
      await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
      props.onClear()
    },
  })
  const figures = { count: names.length, replace: { count: count(names.length) } }
  return (
    <div className="list-bulk" role="toolbar" aria-label={t('people.bulk')}>
      <strong>{t('targetList.selected', figures)}</strong>
      <Select
        size="xs"
        w={200}
        aria-label={t('people.group')}
        placeholder={t('people.group')}
        data={(groups.data ?? []).map(group => ({ value: group.id, label: group.name }))}
        value={id}
        searchable
        limit={100}
        nothingFoundMessage={t('groups.empty')}
        onChange={setId}
      />
      <Button
        size="compact-sm"
        disabled={id === null}
        loading={act.isPending}
        onClick={() => act.mutate('add')}
      >
        {t('people.addTo', figures)}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={id === null}
        loading={act.isPending}
        onClick={() => act.mutate('remove')}
      >
        {t('people.removeFrom', figures)}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={props.onClear}>
        {t('targetList.clear')}
      </Button>
      <Problem error={act.error} />
    </div>
  )
}
