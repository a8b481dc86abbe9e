// The first thing after a first sign-in: a password that only its owner knows.

import type { Me } from '../../../../src/console/contract.ts'
import { meQuery, queryClient, rememberMe } from '../../api/queries.ts'
import { useWords } from '../../parts/words.ts'
import { GateFrame } from './gate-frame.tsx'
import { PasswordForm } from './password-form.tsx'

export function FirstPassword({ me }: { readonly me: Me }) {
  const { t } = useWords()
  return (
    <GateFrame>
      <div style={{ width: 'min(360px, 100%)', margin: 'auto' }}>
        <h2>{t('password.changeTitle')}</h2>
        <p className="lead">{t('password.changeLead')}</p>
        <PasswordForm
          me={me}
          onChanged={changed => queryClient.setQueryData(meQuery.queryKey, rememberMe(changed))}
        />
      </div>
    </GateFrame>
  )
}
