// The query rules in force, in the order in which they are asked, and a place to try them out.

import { Button, Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { type ReactNode, useState } from 'react'
import type { QueryRule, SavedRules } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, rulesQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { RuleForm } from './rule-form.tsx'
import { PolicyTester } from './policy-tester.tsx'

export function RulesDesk(props: { readonly switch: ReactNode }) {
  const { t } = useWords()
  const saved = useQuery(rulesQuery)
  if (saved.data !== undefined)
    return <Desk key={saved.data.version} saved={saved.data} switch={props.switch} />
  return (
    <div className="page">
      <PageHead title={t('rules.title')} lead={t('rules.lead')}>
        {props.switch}
      </PageHead>
      <Problem error={saved.error} onRetry={() => void saved.refetch()} />
      {saved.isPending && <Placeholder rows={6} />}
    </div>
  )
}

function Desk(props: { readonly saved: SavedRules; readonly switch: ReactNode }) {
  const { t } = useWords()
  const { saved } = props
  const [rules, setRules] = useState(saved.rules)
  const [opened, setOpened] = useState<number>()
  const changed = rules !== saved.rules
  const save = useMutation({
    mutationFn: () => call('PUT /api/rules', { in: { rules, basedOn: saved.version } }),
    onSuccess: async ({ version }) => {
      notifications.show({ message: t('rules.saved', { version }), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey })
    },
  })
  const put = (index: number, rule: QueryRule | undefined) => {
    setRules(rule === undefined ? rules.toSpliced(index, 1) : rules.toSpliced(index, 1, rule))
    setOpened(undefined)
  }
  const raise = (index: number) => {
    const rule = rules[index]
    if (rule !== undefined) setRules(rules.toSpliced(index, 1).toSpliced(index - 1, 0, rule))
  }
  return (
    <div className="page">
      <PageHead title={t('rules.title')} lead={t('rules.lead')}>
        {props.switch}
        {changed && <Chip tone="warn">{t('policies.unsaved')}</Chip>}
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setOpened(rules.length)}
        >
          {t('rules.add')}
        </Button>
        <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </PageHead>
      <Problem error={save.error} />
      <div className="card">
        <RuleTable rules={rules} onOpen={setOpened} onRaise={raise} />
      </div>
      <PolicyTester rules={rules} />
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size={460}
        title={<strong>{t('rules.one')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {opened !== undefined && (
          <RuleForm
            rule={rules[opened]}
            names={rules.filter((_, index) => index !== opened).map(({ name }) => name)}
            onDone={rule => put(opened, rule)}
          />
        )}
      </Drawer>
    </div>
  )
}

function RuleTable(props: {
  readonly rules: readonly QueryRule[]
  readonly onOpen: (index: number) => void
  readonly onRaise: (index: number) => void
}) {
  const { t } = useWords()
  if (props.rules.length === 0) return <p className="rules__none dim">{t('rules.none')}</p>
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('rules.name')}</th>
          <th>{t('rules.verdict')}</th>
          <th>{t('rules.statements')}</th>
          <th>{t('rules.where')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.rules.map((rule, index) => (
          <tr key={rule.name}>
            <td>
              {rule.name}
              <div className="dim">{rule.note}</div>
            </td>
            <td>
              <Chip tone={rule.verdict === 'deny' ? 'bad' : rule.verdict === 'allow' ? 'ok' : 'outline'}>
                {t(`rules.${rule.verdict}`)}
              </Chip>
            </td>
            <td>
              <span className="dim">{t(`rules.${rule.match}`)}</span>
              <code className="rules__value mono">{rule.value}</code>
            </td>
            <td>
              {rule.target ??
                (rule.protocol === undefined ? t('rules.everywhere') : t(`rules.${rule.protocol}`))}
            </td>
            <td className="rules__actions">
              {index > 0 && (
                <Button size="compact-sm" variant="subtle" onClick={() => props.onRaise(index)}>
                  {t('rules.raise')}
                </Button>
              )}
              <Button size="compact-sm" variant="default" onClick={() => props.onOpen(index)}>
                {t('common.edit')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
