// Where policies are written: editor on one side, their meaning and problems on the other.

import { ActionIcon, Button, Loader, Tabs, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { EditorView } from '@codemirror/view'
import IconArrowBackUp from '@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import type { PolicyCheck, PolicyVersion } from '../../../../src/console/contract.ts'
import { ConsoleError, call } from '../../api/http.ts'
import { policiesQuery, queryClient } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { PageHead, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { Meanings, Problems } from './policy-meanings.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { TemplateDialog } from './template-dialog.tsx'
import { VersionList } from './version-list.tsx'

const CedarEditor = lazy(() => import('../../editor/cedar-editor.tsx'))
const typingMs = 350
const noProblems: PolicyCheck['problems'] = []

export function PolicyDesk(props: {
  readonly current: PolicyVersion
  readonly versions: readonly Omit<PolicyVersion, 'text'>[]
  /** Leads to the query rules. */
  readonly switch: ReactNode
}) {
  const { t, language } = useWords()
  const { current, versions } = props
  const [basis, setBasis] = useState(current)
  const [text, setText] = useState(current.text)
  const [saving, setSaving] = useState(false)
  const [adding, setAdding] = useState(false)
  const [settled] = useDebouncedValue(text, typingMs)
  const view = useRef<EditorView>(undefined)
  const changed = text !== basis.text
  // Somebody else saved while nothing was changed here: show what is in force.
  if (basis.version !== current.version && !changed) {
    setBasis(current)
    setText(current.text)
  }
  const check = useQuery({
    queryKey: ['policies', 'check', settled, language],
    placeholderData: keepPreviousData,
    queryFn: () => call('POST /api/policies/check', { in: { text: settled, language } }),
  })
  const format = useMutation({
    mutationFn: () => call('POST /api/policies/format', { in: { text } }),
    onSuccess: formatted => setText(formatted.text),
  })
  const save = useMutation({
    mutationFn: (note: string) => call('PUT /api/policies', { in: { text, note, basedOn: basis.version } }),
    onSuccess: async saved => {
      setBasis(saved)
      setSaving(false)
      notifications.show({ message: t('policies.saved', { version: saved.version }), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: policiesQuery.queryKey })
    },
    onError: async error => {
      // The text stays; what it is based on becomes what is in force, for somebody who has compared.
      if (!(error instanceof ConsoleError) || error.code !== 'conflict') return
      const fresh = await queryClient.fetchQuery({ ...policiesQuery, staleTime: 0 })
      setBasis(fresh.current)
      setSaving(false)
      notifications.show({
        message: t('policies.conflict', { version: fresh.current.version }),
        color: 'yellow',
        autoClose: false,
      })
    },
  })
  const problems = check.data?.problems ?? noProblems
  const wrong = problems.some(problem => problem.severity === 'error')
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
                onClick={() => setText(basis.text)}
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
        <Button variant="default" loading={format.isPending} onClick={() => format.mutate()}>
          {t('policies.format')}
        </Button>
        <Button disabled={!changed || wrong || settled !== text} onClick={() => setSaving(true)}>
          {t('policies.save')}
        </Button>
      </PageHead>
      <Problem error={format.error} />
      <div className="desk">
        <section className="card desk__editor" aria-label={t('policies.editor')}>
          <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
            <CedarEditor
              label={t('policies.editor')}
              text={text}
              problems={problems}
              onChange={setText}
              onView={created => {
                view.current = created
              }}
            />
          </Suspense>
        </section>
        <Tabs defaultValue="meanings" className="desk__side" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="meanings">{t('policies.meanings')}</Tabs.Tab>
            <Tabs.Tab value="versions">{t('policies.versions')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="meanings" className="desk__panel">
            <Problems problems={problems} checking={check.isFetching || settled !== text} view={view} />
            <Problem error={check.error} />
            {check.data !== undefined && <Meanings meanings={check.data.meanings} />}
          </Tabs.Panel>
          <Tabs.Panel value="versions" className="desk__panel">
            <VersionList versions={versions} inForce={current.version} onRestore={setText} />
          </Tabs.Panel>
        </Tabs>
      </div>
      <TemplateDialog
        opened={adding}
        onAdd={added => setText(`${text.trimEnd()}\n\n${added}`)}
        onClose={() => setAdding(false)}
      />
      <SaveDialog
        opened={saving}
        version={basis.version + 1}
        busy={save.isPending}
        error={save.error}
        onSave={note => save.mutate(note)}
        onClose={() => setSaving(false)}
      />
    </div>
  )
}
