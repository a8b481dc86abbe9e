// Tries statements out as anybody, with policies and rules that need not be saved. Nothing is sent to the target.

import { Button, SegmentedControl, Select, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { QueryRule, TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { targetSearchQuery, usersQuery } from '../../api/queries.ts'
import { splitStatements } from '../../editor/text/sql-statements.ts'
import { Problem } from '../../parts/page.tsx'
import { TargetPicker } from '../../parts/target-picker.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'
import { TurnedAway, TrialView } from './trial-view.tsx'

export function PolicyTester(props: {
  /** Text of policies that are not saved; `undefined`: those in force are all there is. */
  readonly draft?: string | undefined
  readonly rules?: readonly QueryRule[]
  /** Wrong text cannot be tried. */
  readonly isWrong?: boolean
}) {
  const { t } = useWords()
  const me = useMe()
  const users = useQuery(usersQuery)
  const [picked, setPicked] = useState<TargetRow>()
  const targets = useQuery(targetSearchQuery(''))
  const target = picked ?? targets.data?.[0]
  const [userName, setUserName] = useState(me.user.name)
  const [text, setText] = useState('')
  const [under, setUnder] = useState<'draft' | 'inForce'>('draft')
  const { draft, rules } = props
  const statements =
    target === undefined ? [] : splitStatements(text, target.protocol).map(one => one.text.trim())
  const whole = statements.filter(one => one !== '')
  const test = useMutation({
    mutationFn: async (targetId: string) => ({
      statements: whole,
      result: await call('POST /api/policies/try', {
        in: {
          targetId,
          userName,
          statements: whole,
          ...(draft !== undefined && under === 'draft' && { policies: draft }),
          ...(rules !== undefined && { rules }),
        },
      }),
    }),
  })
  const tried = test.data?.statements ?? []
  const isReady = target !== undefined && whole.length > 0
  const submit = () => {
    if (target !== undefined && isReady) test.mutate(target.id)
  }
  return (
    <section className="card tester" aria-label={t('tester.title')}>
      <h2>{t('tester.title')}</h2>
      <p className="dim">{t('tester.lead')}</p>
      <form
        onSubmit={event => {
          event.preventDefault()
          submit()
        }}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            submit()
          }
        }}
      >
        <div className="tester__who">
          <Select
            label={t('tester.user')}
            allowDeselect={false}
            searchable
            limit={100}
            data={(users.data ?? [{ name: me.user.name }]).map(({ name }) => name)}
            value={userName}
            onChange={value => value !== null && setUserName(value)}
          />
          <TargetPicker
            label={t('tester.target')}
            value={target?.id ?? null}
            onChange={chosen => setPicked(chosen ?? undefined)}
          />
          {draft !== undefined && (
            <SegmentedControl
              aria-label={t('tester.under')}
              value={under}
              onChange={value => setUnder(value === 'draft' ? 'draft' : 'inForce')}
              data={[
                { value: 'draft', label: t('tester.draft') },
                { value: 'inForce', label: t('tester.inForce') },
              ]}
            />
          )}
        </div>
        <Textarea
          mt="xs"
          label={t('tester.statements')}
          description={t('tester.hint')}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <Button
          mt="sm"
          type="submit"
          loading={test.isPending}
          disabled={!isReady || (props.isWrong === true && under === 'draft')}
        >
          {t('tester.run')}
        </Button>
      </form>
      <Problem error={test.error} />
      <div role="status" aria-label={t('tester.result')}>
        {test.data?.result.kind === 'turned-away' && <TurnedAway result={test.data.result} />}
        {test.data?.result.kind === 'tried' &&
          test.data.result.trials.map((trial, index) => (
            <TrialView key={index} trial={trial} statement={tried[index] ?? ''} />
          ))}
      </div>
    </section>
  )
}
