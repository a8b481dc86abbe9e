// The policies in force: their text, what it means in plain words, and the versions before.

import { useQuery } from '@tanstack/react-query'
import { AdministratorsOnly, Placeholder, Problem } from '../../parts/page.tsx'
import { useIsAdministrator } from '../../shell/me.ts'
import { policiesQuery } from '../../api/queries.ts'
import { PolicyDesk } from './policy-desk.tsx'
import './policies.css'

export function PoliciesPage() {
  return useIsAdministrator() ? <Policies /> : <AdministratorsOnly />
}

function Policies() {
  const policies = useQuery(policiesQuery)
  if (policies.data !== undefined) {
    return <PolicyDesk current={policies.data.current} versions={policies.data.versions} />
  }
  return (
    <div className="page">
      <Problem error={policies.error} onRetry={() => void policies.refetch()} />
      {policies.isPending && <Placeholder rows={12} />}
    </div>
  )
}
