// Tags of columns: what each means, whether it hides, and what is left of a value under its mask.

import { Button, Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useState } from 'react'
import type { TagDefinition } from '../../../../src/console/contract.ts'
import { tagsQuery } from '../../api/queries.ts'
import { Chip, ColumnTag } from '../../parts/chips.tsx'
import { AdministratorsOnly, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { MaskExample } from '../targets/column-sight.tsx'
import { TagForm } from './tag-form.tsx'

export function TagsPage() {
  return useIsAdministrator() ? <Tags /> : <AdministratorsOnly />
}

function Tags() {
  const { t } = useWords()
  const tags = useQuery(tagsQuery)
  const [opened, setOpened] = useState<TagDefinition | 'new'>()
  const close = () => setOpened(undefined)
  return (
    <div className="page">
      <PageHead title={t('tags.title')} lead={t('tags.lead')}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened('new')}>
          {t('tags.add')}
        </Button>
      </PageHead>
      <Problem error={tags.error} onRetry={() => void tags.refetch()} />
      <div className="card">
        {tags.isPending && <Placeholder rows={8} />}
        {tags.data !== undefined && <TagList tags={tags.data} onOpen={setOpened} />}
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={close}
        position="right"
        size={440}
        title={
          <strong>
            {opened === undefined || opened === 'new' ? t('tags.add') : t('tags.edit', { name: opened.name })}
          </strong>
        }
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {opened !== undefined && (
          <TagForm
            tag={opened === 'new' ? undefined : opened}
            names={tags.data?.map(tag => tag.name) ?? []}
            onDone={close}
          />
        )}
      </Drawer>
    </div>
  )
}

function TagList(props: {
  readonly tags: readonly TagDefinition[]
  readonly onOpen: (tag: TagDefinition) => void
}) {
  const { t, said } = useWords()
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('tags.name')}</th>
          <th>{t('common.description')}</th>
          <th>{t('tags.effect')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.tags.map(tag => (
          <tr key={tag.name}>
            <td>
              <ColumnTag name={tag.name} sensitive={tag.sensitive} />
            </td>
            <td>{said(tag.description)}</td>
            <td>
              {tag.sensitive ? (
                <>
                  <Chip tone="hidden">{t(`mask.${tag.mask}`)}</Chip>
                  <MaskExample shape={tag.mask} />
                </>
              ) : (
                <span className="dim">{t('tables.notSensitive')}</span>
              )}
            </td>
            <td style={{ textAlign: 'right' }}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t('tags.edit', { name: tag.name })}
                onClick={() => props.onOpen(tag)}
              >
                {t('common.edit')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
