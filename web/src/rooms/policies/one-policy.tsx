// One policy as a form, as Cedar, and in plain words: whatever is changed, the others follow.

import { Alert, Loader, ScrollArea } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { EditorView } from '@codemirror/view'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { PolicyCheck, PolicyForm, PolicyPart } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { isWhole } from './form-words.ts'
import { PolicyFormFields } from './policy-form.tsx'
import { Problems } from './policy-meanings.tsx'
import { type Cut, placeIn, withPolicy } from './policy-pieces.ts'

const CedarEditor = lazy(() => import('../../editor/cedar-editor.tsx'))
const writeMs = 120

export function OnePolicy(props: {
  readonly cut: Cut
  readonly part: PolicyPart | undefined
  /** Of the whole text, and the text that they are about. */
  readonly problems: PolicyCheck['problems']
  readonly checked: string
  readonly isChecking: boolean
  readonly onBody: (body: string) => void
}) {
  const { t } = useWords()
  const { cut, part, problems, checked, onBody } = props
  const { body } = cut
  const view = useRef<EditorView>(undefined)
  const own = useMemo(
    () =>
      problems.flatMap(problem => {
        const place = placeIn(checked, cut, problem.line, problem.column)
        return place === undefined ? [] : [{ ...problem, ...place }]
      }),
    // What is before and after does not change while this policy is worked on.
    [problems, checked, cut],
  )
  return (
    <div className="one-policy">
      <section className="one-policy__meaning" aria-label={t('policies.meanings')} aria-live="polite">
        {part?.meaning !== undefined && <p>{part.meaning}</p>}
        <Problems problems={own} checking={props.isChecking} view={view} />
      </section>
      <section className="one-policy__form card" aria-label={t('policyForm.title')}>
        <h2>{t('policyForm.title')}</h2>
        <FormSide body={body} onBody={onBody} />
      </section>
      <section className="one-policy__text card" aria-label={t('policies.cedar')}>
        <h2>{t('policies.cedar')}</h2>
        <div className="one-policy__editor">
          <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
            <CedarEditor
              label={t('policies.oneEditor')}
              text={body}
              problems={own}
              onChange={text => {
                if (text !== body) onBody(text)
              }}
              onView={created => {
                view.current = created
              }}
            />
          </Suspense>
        </div>
      </section>
    </div>
  )
}

/** The form of the text; while it is filled in, it leads and the text follows. */
function FormSide({ body, onBody }: { readonly body: string; readonly onBody: (body: string) => void }) {
  const { t } = useWords()
  const [filled, setFilled] = useState<{ readonly form: PolicyForm; readonly body: string }>()
  const latest = useRef(body)
  latest.current = body
  const [error, setError] = useState<unknown>()
  const leads = filled !== undefined && filled.body === body
  const reading = useQuery({
    queryKey: ['policies', 'form', body],
    enabled: !leads,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    placeholderData: previous => previous,
    queryFn: () => call('POST /api/policies/form', { in: { text: body } }),
  })
  const write = useDebouncedCallback(async (form: PolicyForm) => {
    try {
      const { text } = await call('POST /api/policies/write', { in: { form: wholeOf(form) } })
      const written = withPolicy(latest.current, text)
      setError(undefined)
      setFilled(last => (last === undefined ? last : { ...last, body: written }))
      onBody(written)
    } catch (failure) {
      setError(failure)
    }
  }, writeMs)
  useEffect(() => () => write.flush(), [write])
  const form = leads ? filled.form : reading.data?.kind === 'form' ? reading.data.form : undefined
  if (form !== undefined)
    return (
      <ScrollArea className="one-policy__scroll" type="hover" scrollbarSize={8}>
        <PolicyFormFields
          form={form}
          onChange={changed => {
            setFilled({ form: changed, body })
            write(changed)
          }}
        />
        <Problem error={error} />
      </ScrollArea>
    )
  if (reading.data?.kind === 'only-as-text')
    return (
      <Alert color="gray" variant="light" title={t('policyForm.onlyAsText')}>
        {t(`policyForm.why_${reading.data.why}`)}
      </Alert>
    )
  return (
    <>
      <Problem error={reading.error} />
      {reading.isPending && <Loader size="sm" aria-label={t('app.loading')} />}
    </>
  )
}

/** What is not filled in yet is left out of the text. */
function wholeOf(form: PolicyForm): PolicyForm {
  return {
    ...form,
    conditions: form.conditions.filter(isWhole),
    exceptions: form.exceptions.map(block => block.filter(isWhole)).filter(block => block.length > 0),
  }
}
