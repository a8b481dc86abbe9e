// The policies in force: one by one or as one text, tried out and replayed, the versions before; and the query rules beside them.

import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { policiesQuery } from '../../api/queries.ts'
import { AdministratorsOnly, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { PolicyDesk } from './policy-desk.tsx'
import type { PolicySearch } from './policy-search.ts'
import { RulesDesk } from './rules-desk.tsx'
import './policies.css'

const route = getRouteApi('/policies')

export function PoliciesPage() {
  return useIsAdministrator() ? <PoliciesAndRules /> : <AdministratorsOnly />
}

function PoliciesAndRules() {
  const { t } = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onSearch = (next: PolicySearch) => {
    const filled = Object.entries(next).filter(([, value]) => value !== undefined && value !== '')
    void navigate({ search: Object.fromEntries(filled), replace: true })
  }
  const isRules = search.view === 'rules'
  const choose = (
    <SegmentedControl
      aria-label={t('rules.switch')}
      value={isRules ? 'rules' : 'policies'}
      onChange={value => onSearch(value === 'rules' ? { view: 'rules' } : {})}
      data={[
        { value: 'policies', label: t('policies.title') },
        { value: 'rules', label: t('rules.title') },
      ]}
    />
  )
  // The text in the editor outlives a look at the rules.
  return (
    <>
      <div hidden={isRules} className="page-part">
        <Policies switch={choose} search={search} onSearch={onSearch} />
      </div>
      {isRules && <RulesDesk switch={choose} />}
    </>
  )
}

function Policies(props: {
  readonly switch: ReactNode
  readonly search: PolicySearch
  readonly onSearch: (search: PolicySearch) => void
}) {
  const policies = useQuery(policiesQuery)
  if (policies.data !== undefined) {
    const { current, versions } = policies.data
    return <PolicyDesk current={current} versions={versions} {...props} />
  }
  return (
    <div className="page">
      <Problem error={policies.error} onRetry={() => void policies.refetch()} />
      {policies.isPending && <Placeholder rows={12} />}
    </div>
  )
}
