// The policies in force: their text, what it means in plain words, the versions before; and the query rules beside them.

import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { policiesQuery } from '../../api/queries.ts'
import { AdministratorsOnly, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { PolicyDesk } from './policy-desk.tsx'
import { RulesDesk } from './rules-desk.tsx'
import './policies.css'

export function PoliciesPage() {
  return useIsAdministrator() ? <PoliciesAndRules /> : <AdministratorsOnly />
}

function PoliciesAndRules() {
  const { t } = useWords()
  const [shown, setShown] = useState<'policies' | 'rules'>('policies')
  const choose = (
    <SegmentedControl
      aria-label={t('rules.switch')}
      value={shown}
      onChange={value => setShown(value === 'rules' ? 'rules' : 'policies')}
      data={[
        { value: 'policies', label: t('policies.title') },
        { value: 'rules', label: t('rules.title') },
      ]}
    />
  )
  // The text in the editor outlives a look at the rules.
  return (
    <>
      <div hidden={shown !== 'policies'} className="page-part">
        <Policies switch={choose} />
      </div>
      {shown === 'rules' && <RulesDesk switch={choose} />}
    </>
  )
}

function Policies(props: { readonly switch: ReactNode }) {
  const policies = useQuery(policiesQuery)
  if (policies.data !== undefined) {
    const { current, versions } = policies.data
    return <PolicyDesk current={current} versions={versions} switch={props.switch} />
  }
  return (
    <div className="page">
      <Problem error={policies.error} onRetry={() => void policies.refetch()} />
      {policies.isPending && <Placeholder rows={12} />}
    </div>
  )
}
