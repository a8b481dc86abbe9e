// Defining a tag: its meaning, whether it hides, and the shape of its mask.

import { Alert, Button, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { MaskShape, TagDefinition } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, tagsQuery, targetsKey } from '../../api/queries.ts'
import { maskShapes } from '../../format/mask-example.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { MaskExample } from '../targets/column-sight.tsx'

const blank: TagDefinition = { name: '', description: '', sensitive: true, mask: 'null' }

/** As the server takes them: words with dots between them. */
const isTagName = (name: string) => name.length <= 64 && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)

export function TagForm(props: {
  readonly tag: TagDefinition | undefined
  readonly names: readonly string[]
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const { tag } = props
  const [entry, setEntry] = useState(tag ?? blank)
  const set = (change: Partial<TagDefinition>) => setEntry({ ...entry, ...change })
  const isTaken = tag === undefined && props.names.includes(entry.name)
  const isFit = isTagName(entry.name) && !isTaken
  const save = useMutation({
    mutationFn: () => {
      const { name, ...definition } = entry
      return call('PUT /api/tags/:name', { params: { name }, in: definition })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey })
      // What is hidden in the tables of every target follows.
      await queryClient.invalidateQueries({ queryKey: targetsKey })
      notifications.show({ message: t('tags.saved', { name: entry.name }), color: 'teal' })
      props.onDone()
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isFit) save.mutate()
      }}
    >
      <Stack gap="sm">
        {tag === undefined && (
          <TextInput
            label={t('tags.name')}
            description={t('tags.nameHint')}
            data-autofocus
            value={entry.name}
            error={isTaken ? t('tags.taken') : entry.name !== '' && !isFit && t('tags.nameHint')}
            onChange={event => set({ name: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={t('common.description')}
          maxLength={1000}
          value={entry.description}
          onChange={event => set({ description: event.currentTarget.value })}
        />
        <Switch
          mt={4}
          label={t('tags.sensitive')}
          description={t('tags.sensitiveHint')}
          checked={entry.sensitive}
          onChange={event => set({ sensitive: event.currentTarget.checked })}
        />
        {tag?.sensitive === true && !entry.sensitive && (
          <Alert color="yellow" variant="light">
            {t('tags.revealWarning')}
          </Alert>
        )}
        {entry.sensitive && <MaskField shape={entry.mask} onChange={mask => set({ mask })} />}
        <Problem error={save.error} />
        <Group justify="flex-end" mt="xs">
          <Button type="submit" loading={save.isPending} disabled={!isFit}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function MaskField(props: { readonly shape: MaskShape; readonly onChange: (shape: MaskShape) => void }) {
  const { t } = useWords()
  return (
    <div>
      <Select
        label={t('tags.mask')}
        data={maskShapes.map(shape => ({ value: shape, label: t(`mask.${shape}`) }))}
        value={props.shape}
        allowDeselect={false}
        onChange={value => props.onChange(value as MaskShape)}
      />
      <p className="dim" style={{ margin: '6px 0 2px', fontSize: '0.85rem' }}>
        {t(`maskKeeps.${props.shape}`)}
      </p>
      <MaskExample shape={props.shape} />
    </div>
  )
}
