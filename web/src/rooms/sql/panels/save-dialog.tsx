// Keeps the text of a tab as a saved query, and says with whom it is shared.

import { Button, Checkbox, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/http.ts'
import { queryClient } from '../../../api/queries.ts'
import { savedQueriesQuery } from '../../../api/sql-queries.ts'
import { Problem } from '../../../parts/page.tsx'
import { useWords } from '../../../parts/words.ts'
import { useMe } from '../../../shell/me.ts'
import type { SqlTab } from '../kept-tabs.ts'
import { useTabName } from '../tab-name.ts'
import type { Workspace } from '../workspace.ts'

const nameCharsMax = 100

export function SaveDialog(props: {
  readonly workspace: Workspace
  readonly tab: SqlTab
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const nameOf = useTabName()
  const { tab, workspace } = props
  const { data: saved } = useQuery(savedQueriesQuery)
  const before = saved?.find(({ id, mine }) => id === tab.saved?.id && mine)
  const groups = useOwnGroups()
  const [name, setName] = useState(nameOf(tab))
  const [shared, setShared] = useState<readonly string[]>()
  const [asNew, setAsNew] = useState(false)
  const save = useMutation({
    mutationFn: () => {
      const input = {
        name: name.trim(),
        text: tab.text,
        targetId: tab.targetId,
        groups: shared ?? before?.groups ?? [],
      }
      return before === undefined || asNew
        ? call('POST /api/sql/saved', { in: input })
        : call('PUT /api/sql/saved/:id', { params: { id: before.id }, in: input })
    },
    onSuccess: query => {
      workspace.change(tab.id, { name: query.name, saved: { id: query.id, text: query.text } })
      notifications.show({ message: t('common.saved') })
      props.onClose()
      return queryClient.invalidateQueries({ queryKey: savedQueriesQuery.queryKey })
    },
  })
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<strong>{t('sqlPanels.saveTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() !== '') save.mutate()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('common.name')}
            data-autofocus
            maxLength={nameCharsMax}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          {groups.length > 0 && (
            <MultiSelect
              label={t('sqlPanels.shareWith')}
              description={t('sqlPanels.shareHint')}
              data={groups}
              value={[...(shared ?? before?.groups ?? [])]}
              onChange={setShared}
            />
          )}
          {before !== undefined && (
            <Checkbox
              label={t('sqlPanels.asNew')}
              checked={asNew}
              onChange={event => setAsNew(event.currentTarget.checked)}
            />
          )}
          <Problem error={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={name.trim() === '' || tab.text.trim() === ''}
            >
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Groups that a query can be shared with: those that one is in. */
function useOwnGroups(): readonly string[] {
  return useMe().user.groups
}
