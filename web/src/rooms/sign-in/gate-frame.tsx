// The frame of the pages before the gate: what this is on one side, the form on the other.

import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import { Mark } from '../../identity/mark.tsx'
import { chooseLanguage, languages } from '../../locales/i18n.ts'
import { useWords } from '../../parts/words.ts'
import './sign-in.css'

export function GateFrame({ children }: { readonly children: ReactNode }) {
  const { t, language } = useWords()
  return (
    <div className="gate">
      <div className="gate__words">
        <div className="brand">
          <Mark size={32} />
          <span>
            Sekisho <small lang="ja">関所</small>
          </span>
        </div>
        <div>
          <h1>{t('app.tagline')}</h1>
          <p>{t('signIn.promiseMask')}</p>
          <p>{t('signIn.promiseAudit')}</p>
        </div>
        <div className="gate__art" aria-hidden="true">
          <Mark size={420} />
        </div>
        <span />
      </div>
      <main className="gate__form">
        <div className="gate__top">
          <SegmentedControl
            size="xs"
            aria-label={t('profile.language')}
            value={language}
            onChange={value => void chooseLanguage(value === 'ja' ? 'ja' : 'en')}
            data={languages.map(({ value, label }) => ({ value, label }))}
          />
        </div>
        {children}
      </main>
    </div>
  )
}
