// What can be done with all selected targets at once, each time with a question that says how many they are.

import { Alert, Button, Group, Modal, Stack, TagsInput, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { BulkChange, BulkResult, TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, targetsKey } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { isTag, parseTags } from './target-input.ts'

type Kind = BulkChange['kind']

const plainKinds = ['enable', 'disable', 'expose', 'hide', 'delete'] as const
const namesShown = 5

export function BulkBar(props: {
  readonly selected: ReadonlyMap<string, TargetRow>
  readonly onClear: () => void
}) {
  const { t, count } = useWords()
  const [asked, setAsked] = useState<Kind>()
  const number = count(props.selected.size)
  return (
    <div className="list-bulk" role="toolbar" aria-label={t('targetList.bulk')}>
      <strong>{t('targetList.selected', { count: props.selected.size, replace: { count: number } })}</strong>
      <Button size="compact-sm" variant="default" onClick={() => setAsked('tag')}>
        {t('targetList.bulk_tag')}
      </Button>
      {plainKinds.map(kind => (
        <Button
          key={kind}
          size="compact-sm"
          variant="default"
          {...(kind === 'delete' && { c: 'var(--s-bad-ink)' })}
          onClick={() => setAsked(kind)}
        >
          {t(`targetList.bulk_${kind}`)}
        </Button>
      ))}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={props.onClear}>
        {t('targetList.clear')}
      </Button>
      {asked !== undefined && (
        <BulkDialog
          key={asked}
          kind={asked}
          selected={props.selected}
          onClose={() => setAsked(undefined)}
          onDone={props.onClear}
        />
      )}
    </div>
  )
}

function BulkDialog(props: {
  readonly kind: Kind
  readonly selected: ReadonlyMap<string, TargetRow>
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { t, count } = useWords()
  const { kind, selected } = props
  const [set, setSet] = useState<string[]>([])
  const [remove, setRemove] = useState<string[]>([])
  const [result, setResult] = useState<BulkResult>()
  const figures = { count: selected.size, replace: { count: count(selected.size) } }
  const act = useMutation({
    mutationFn: () => {
      const change: BulkChange = kind === 'tag' ? { kind, set: parseTags(set), remove } : { kind }
      return call('POST /api/targets/bulk', { in: { ids: [...selected.keys()], change } })
    },
    onSuccess: async found => {
      await queryClient.invalidateQueries({ queryKey: targetsKey })
      if (found.problems.length > 0) {
        setResult(found)
        return
      }
      const message = t('targetList.done', { count: found.done, replace: { count: count(found.done) } })
      notifications.show({ message, color: 'teal' })
      props.onClose()
      props.onDone()
    },
  })
  const names = [...selected.values()].slice(0, namesShown).map(target => target.name)
  const isWrong = kind === 'tag' && (!set.every(isTag) || (set.length === 0 && remove.length === 0))
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<strong>{t(`targetList.ask_${kind}`, figures)}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {names.join(', ')}
          {selected.size > names.length &&
            ` ${t('targetList.andMore', { count: selected.size - names.length })}`}
        </Text>
        {kind === 'tag' ? (
          <TagFields set={set} remove={remove} selected={selected} onSet={setSet} onRemove={setRemove} />
        ) : (
          <Text size="sm">{t(`targetList.means_${kind}`)}</Text>
        )}
        {result !== undefined && <Failures result={result} />}
        <Problem error={act.error} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={result === undefined ? props.onClose : props.onDone}>
            {result === undefined ? t('common.cancel') : t('common.close')}
          </Button>
          {result === undefined && (
            <Button
              {...(kind === 'delete' && { color: 'red.8', autoContrast: false })}
              loading={act.isPending}
              disabled={isWrong}
              onClick={() => act.mutate()}
            >
              {t(`targetList.do_${kind}`, figures)}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

function TagFields(props: {
  readonly set: string[]
  readonly remove: string[]
  readonly selected: ReadonlyMap<string, TargetRow>
  readonly onSet: (tags: string[]) => void
  readonly onRemove: (keys: string[]) => void
}) {
  const { t } = useWords()
  const keys = new Set([...props.selected.values()].flatMap(target => Object.keys(target.tags)))
  return (
    <>
      <TagsInput
        label={t('targetList.tagsSet')}
        description={t('targetForm.tagsHint')}
        placeholder="env=prod"
        splitChars={[',', ' ']}
        acceptValueOnBlur
        data-autofocus
        value={props.set}
        error={props.set.every(isTag) ? undefined : t('targetForm.invalidTag')}
        onChange={props.onSet}
      />
      <TagsInput
        label={t('targetList.tagsRemove')}
        placeholder="env"
        splitChars={[',', ' ']}
        acceptValueOnBlur
        data={[...keys].sort()}
        openOnFocus={false}
        value={props.remove}
        onChange={props.onRemove}
      />
    </>
  )
}

function Failures({ result }: { readonly result: BulkResult }) {
  const { t, said, count } = useWords()
  const title = t('targetList.someFailed', {
    done: count(result.done),
    count: result.problems.length,
    replace: { count: count(result.problems.length) },
  })
  return (
    <Alert color="red" variant="light" title={title} role="alert">
      <ul style={{ margin: 0, paddingLeft: 18, maxHeight: 180, overflow: 'auto' }}>
        {result.problems.map(({ id, name, message }) => (
          <li key={id}>
            <strong>{name || id}</strong>: {said(message)}
          </li>
        ))}
      </ul>
    </Alert>
  )
}
