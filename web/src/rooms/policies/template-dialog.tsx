// Ready-made policies for the usual kinds of people, each with what it means, to be added to the text.

import { Button, Loader, Modal, NavLink } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyTemplate } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { templatesQuery } from '../../api/queries.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { Meanings } from './policy-meanings.tsx'

export function TemplateDialog(props: {
  readonly opened: boolean
  readonly onAdd: (text: string) => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const templates = useQuery({ ...templatesQuery, enabled: props.opened })
  const [picked, setPicked] = useState<PolicyTemplate['name']>()
  const template = templates.data?.find(one => one.name === picked) ?? templates.data?.[0]
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size={860}
      title={<strong>{t('policies.templates')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="dim">{t('policies.templatesLead')}</p>
      <Problem error={templates.error} onRetry={() => void templates.refetch()} />
      {templates.isPending && <Loader size="sm" aria-label={t('app.loading')} />}
      <div className="templates">
        <nav aria-label={t('policies.templates')}>
          {templates.data?.map(({ name }) => (
            <NavLink
              key={name}
              component="button"
              type="button"
              active={name === template?.name}
              label={t(`policies.template_${name.replace('-', '_') as Underscored}`)}
              onClick={() => setPicked(name)}
            />
          ))}
        </nav>
        {template !== undefined && (
          <Preview
            template={template}
            onAdd={() => {
              props.onAdd(template.text)
              props.onClose()
            }}
          />
        )}
      </div>
    </Modal>
  )
}

type Underscored = 'read_only' | 'analyst' | 'developer' | 'dba' | 'break_glass'

function Preview(props: { readonly template: PolicyTemplate; readonly onAdd: () => void }) {
  const { t, language } = useWords()
  const { text, name } = props.template
  const check = useQuery({
    queryKey: ['policies', 'template', name, language],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call('POST /api/policies/check', { in: { text, language } }),
  })
  return (
    <section aria-label={name}>
      {check.data !== undefined && <Meanings meanings={check.data.meanings} />}
      <pre className="templates__text mono">{text}</pre>
      <Button onClick={props.onAdd}>{t('policies.templateAdd')}</Button>
    </section>
  )
}
