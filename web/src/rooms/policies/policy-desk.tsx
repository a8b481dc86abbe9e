// Where policies are worked on: one by one, as one text, tried out, replayed, and compared with earlier versions.

import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import { type ReactNode, useState } from 'react'
import type { PolicyVersion } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { PageHead } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { AsOneText } from './as-one-text.tsx'
import { OneByOne } from './one-by-one.tsx'
import { appended } from './policy-pieces.ts'
import type { PolicySearch, PolicyView } from './policy-search.ts'
import { PolicyTester } from './policy-tester.tsx'
import { ReplayView } from './replay-view.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { TemplateDialog } from './template-dialog.tsx'
import { useDraft } from './use-draft.ts'
import { VersionList } from './version-list.tsx'

const views = ['one', 'text', 'try', 'replay', 'versions'] as const

export function PolicyDesk(props: {
  readonly current: PolicyVersion
  readonly versions: readonly Omit<PolicyVersion, 'text'>[]
  readonly search: PolicySearch
  readonly onSearch: (search: PolicySearch) => void
  /** Leads to the query rules. */
  readonly switch: ReactNode
}) {
  const { t } = useWords()
  const { current, versions, search, onSearch } = props
  const [adding, setAdding] = useState(false)
  const draft = useDraft(current)
  const { text, basis, changed } = draft
  const view: PolicyView = search.view ?? 'one'
  const show = (next: PolicyView) => {
    const { view: _, ...others } = search
    onSearch(next === 'one' ? others : { ...others, view: next })
  }
  const maySave = changed && !draft.isWrong && !draft.isChecking
  useHotkeys([['mod+S', () => maySave && draft.setSaving(true)]], [], true)
  return (
    <div className="page page--full">
      <PageHead title={t('policies.title')} lead={t('policies.lead')}>
        {props.switch}
        {changed ? (
          <>
            <Chip tone="warn">{t('policies.unsaved')}</Chip>
            <Tooltip label={t('policies.discard')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('policies.discard')}
                onClick={() => draft.setText(basis.text)}
              >
                <IconArrowBackUp size={18} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : (
          <Chip tone="ok">{t('policies.inForce', { version: basis.version })}</Chip>
        )}
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('policies.addTemplate')}
        </Button>
        <Button disabled={!maySave} onClick={() => draft.setSaving(true)}>
          {t('policies.save')}
        </Button>
      </PageHead>
      <SegmentedControl
        className="policy-views"
        size="xs"
        aria-label={t('policies.views')}
        value={view}
        onChange={value => show(views.find(one => one === value) ?? 'one')}
        data={views.map(one => ({ value: one, label: t(`policies.view_${one === 'one' ? 'single' : one}`) }))}
      />
      {view === 'one' && <OneByOne draft={draft} search={search} onSearch={onSearch} />}
      {view === 'text' && <AsOneText draft={draft} />}
      {/* What was found outlives a look at the text. */}
      <div className="policy-part" hidden={view !== 'try'}>
        <PolicyTester draft={text} isWrong={draft.isWrong} />
      </div>
      <div className="policy-part" hidden={view !== 'replay'}>
        <ReplayView text={text} isWrong={draft.isWrong} isChanged={changed} />
      </div>
      {view === 'versions' && (
        <div className="policy-part">
          <VersionList versions={versions} current={current} basis={basis} onRestore={draft.setText} />
        </div>
      )}
      <TemplateDialog
        opened={adding}
        onAdd={added => draft.setText(appended(text, added))}
        onClose={() => setAdding(false)}
      />
      {draft.saving && (
        <SaveDialog
          version={basis.version + 1}
          before={basis.version}
          text={text}
          busy={draft.save.isPending}
          error={draft.save.error}
          onSave={note => draft.save.mutate(note)}
          onReplay={() => {
            draft.setSaving(false)
            show('replay')
          }}
          onClose={() => draft.setSaving(false)}
        />
      )}
    </div>
  )
}
