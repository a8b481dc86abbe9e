// Somebody's own account: password, language, appearance.

import { SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { meQuery, queryClient, rememberMe } from '../../api/queries.ts'
import { chooseLanguage, languages } from '../../locales/i18n.ts'
import { Chip } from '../../parts/chips.tsx'
import { PageHead } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'
import { PasswordForm } from '../sign-in/password-form.tsx'
import './profile.css'

const schemes = ['auto', 'light', 'dark'] as const

export function ProfilePage() {
  const { t, language } = useWords()
  const me = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className="page profile">
      <PageHead title={t('profile.title')} lead={t('profile.lead')} />
      <div className="profile__rooms">
        <section className="card card--padded" aria-labelledby="profile-password">
          <h2 id="profile-password">{t('profile.password')}</h2>
          <PasswordForm
            me={me}
            onChanged={changed => {
              queryClient.setQueryData(meQuery.queryKey, rememberMe(changed))
              notifications.show({ message: t('password.changed'), color: 'teal' })
            }}
          />
        </section>
        <Stack gap="lg">
          <section className="card card--padded" aria-labelledby="profile-appearance">
            <h2 id="profile-appearance">{t('profile.appearance')}</h2>
            <Stack gap="md">
              <div>
                <div className="profile__label">{t('profile.language')}</div>
                <SegmentedControl
                  aria-label={t('profile.language')}
                  value={language}
                  data={languages.map(({ value, label }) => ({ value, label }))}
                  onChange={value => void chooseLanguage(value === 'ja' ? 'ja' : 'en')}
                />
              </div>
              <div>
                <div className="profile__label">{t('profile.theme')}</div>
                <SegmentedControl
                  aria-label={t('profile.theme')}
                  value={colorScheme}
                  data={schemes.map(scheme => ({ value: scheme, label: t(`profile.theme_${scheme}`) }))}
                  onChange={setColorScheme}
                />
              </div>
            </Stack>
          </section>
          <section className="card card--padded" aria-labelledby="profile-account">
            <h2 id="profile-account">{t('profile.account')}</h2>
            <dl className="facts">
              <dt>{t('users.name')}</dt>
              <dd>{me.user.name}</dd>
              <dt>{t('users.displayName')}</dt>
              <dd>{me.user.displayName}</dd>
              <dt>{t('users.email')}</dt>
              <dd>{me.user.email ?? t('common.none')}</dd>
              <dt>{t('profile.role')}</dt>
              <dd>{t(`users.role_${me.user.role}`)}</dd>
              <dt>{t('profile.groups')}</dt>
              <dd>
                {me.user.groups.length === 0
                  ? t('common.none')
                  : me.user.groups.map(group => <Chip key={group}>{group}</Chip>)}
              </dd>
            </dl>
          </section>
        </Stack>
      </div>
    </div>
  )
}
