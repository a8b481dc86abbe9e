// What would happen to a statement of somebody, under the rules as they stand on the page.

import { Button, Group, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { QueryRule, RuleTrial } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { targetsQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'

export function RuleTester({ rules }: { readonly rules: readonly QueryRule[] }) {
  const { t } = useWords()
  const targets = useQuery(targetsQuery)
  const [picked, setPicked] = useState<string>()
  const [userName, setUserName] = useState('')
  const [text, setText] = useState('')
  const targetId = picked ?? targets.data?.[0]?.id
  const test = useMutation({
    mutationFn: (id: string) =>
      call('POST /api/rules/test', {
        in: { targetId: id, text, rules, ...(userName.trim() === '' ? {} : { userName: userName.trim() }) },
      }),
  })
  return (
    <section className="card rules__tester" aria-label={t('rules.tester')}>
      <h2>{t('rules.tester')}</h2>
      <p className="dim">{t('rules.testerLead')}</p>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (targetId !== undefined && text.trim() !== '') test.mutate(targetId)
        }}
      >
        <Group align="flex-end" gap="sm">
          <Select
            label={t('rules.testTarget')}
            allowDeselect={false}
            value={targetId ?? null}
            data={(targets.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={value => setPicked(value ?? undefined)}
          />
          <TextInput
            label={t('rules.testUser')}
            placeholder={t('rules.testSelf')}
            value={userName}
            onChange={event => setUserName(event.currentTarget.value)}
          />
        </Group>
        <Textarea
          mt="xs"
          label={t('rules.testText')}
          autosize
          minRows={2}
          className="mono"
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <Button mt="sm" type="submit" loading={test.isPending} disabled={text.trim() === ''}>
          {t('rules.test')}
        </Button>
      </form>
      <Problem error={test.error} />
      {test.data !== undefined && <Outcome trial={test.data} />}
    </section>
  )
}

function Outcome({ trial }: { readonly trial: RuleTrial }) {
  const { t, said } = useWords()
  const isPassed = trial.verdict === 'passed'
  return (
    <dl className="rules__outcome" role="status">
      <dt>{t('rules.outcome')}</dt>
      <dd>
        <Chip tone={isPassed ? 'ok' : 'bad'}>{t(isPassed ? 'rules.passed' : 'rules.stopped')}</Chip>{' '}
        {trial.message !== undefined && said(trial.message)}
        {trial.isCounted && t('rules.counted')}
        {trial.approvers.length > 0 && t('rules.approval', { names: trial.approvers.join(', ') })}
      </dd>
      <dt>{t('rules.decides')}</dt>
      <dd>
        {trial.rule === undefined
          ? t('rules.noRule')
          : `${trial.rule.name} (${t(`rules.${trial.rule.verdict}`)})`}
      </dd>
      <dt>{t('rules.shape')}</dt>
      <dd>
        <code className="mono">{trial.shape}</code>
      </dd>
      {trial.text !== undefined && (
        <>
          <dt>{t('rules.sent')}</dt>
          <dd>
            <code className="rules__value mono">{trial.text}</code>
          </dd>
        </>
      )}
      {trial.hidden.length > 0 && (
        <>
          <dt>{t('rules.hidden')}</dt>
          <dd>{trial.hidden.join(', ')}</dd>
        </>
      )}
      {trial.decidedBy.length > 0 && (
        <>
          <dt>{t('rules.by')}</dt>
          <dd>{trial.decidedBy.map(({ name }) => name).join(', ')}</dd>
        </>
      )}
    </dl>
  )
}
