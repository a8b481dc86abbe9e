// All policies as one text, with what they mean beside it.

import { Button, Loader } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { EditorView } from '@codemirror/view'
import { lazy, Suspense, useRef } from 'react'
import { call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { Meanings, Problems } from './policy-meanings.tsx'
import type { DraftState } from './use-draft.ts'

const CedarEditor = lazy(() => import('../../editor/cedar-editor.tsx'))

export function AsOneText({ draft }: { readonly draft: DraftState }) {
  const { t } = useWords()
  const { text, setText, problems, check } = draft
  const view = useRef<EditorView>(undefined)
  const format = useMutation({
    mutationFn: () => call('POST /api/policies/format', { in: { text } }),
    onSuccess: formatted => setText(formatted.text),
  })
  return (
    <>
      <Problem error={format.error} />
      <div className="policy-text">
        <section className="card policy-text__editor" aria-label={t('policies.editor')}>
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
        <div className="policy-text__side">
          <div className="policy-text__panel">
            <Button
              size="xs"
              mb="sm"
              variant="default"
              loading={format.isPending}
              onClick={() => format.mutate()}
            >
              {t('policies.format')}
            </Button>
            <Problems problems={problems} checking={draft.isChecking} view={view} />
            <Problem error={check.error} />
            {check.data !== undefined && <Meanings meanings={check.data.meanings} />}
          </div>
        </div>
      </div>
    </>
  )
}
