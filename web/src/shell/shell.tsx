// The frame around all pages: the rail with the rooms, and the page beside it.

import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useHotkeys, useLocalStorage } from '@mantine/hooks'
import { Link, Outlet } from '@tanstack/react-router'
import IconChecklist from '@tabler/icons-react/dist/esm/icons/IconChecklist.mjs'
import IconDatabase from '@tabler/icons-react/dist/esm/icons/IconDatabase.mjs'
import IconDeviceLaptop from '@tabler/icons-react/dist/esm/icons/IconDeviceLaptop.mjs'
import IconHeartbeat from '@tabler/icons-react/dist/esm/icons/IconHeartbeat.mjs'
import IconHome from '@tabler/icons-react/dist/esm/icons/IconHome.mjs'
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs'
import IconKeyboard from '@tabler/icons-react/dist/esm/icons/IconKeyboard.mjs'
import IconLayoutSidebarLeftCollapse from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftCollapse.mjs'
import IconLayoutSidebarLeftExpand from '@tabler/icons-react/dist/esm/icons/IconLayoutSidebarLeftExpand.mjs'
import IconListSearch from '@tabler/icons-react/dist/esm/icons/IconListSearch.mjs'
import IconLogout from '@tabler/icons-react/dist/esm/icons/IconLogout.mjs'
import IconMapOff from '@tabler/icons-react/dist/esm/icons/IconMapOff.mjs'
import IconPlugConnected from '@tabler/icons-react/dist/esm/icons/IconPlugConnected.mjs'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import IconScale from '@tabler/icons-react/dist/esm/icons/IconScale.mjs'
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs'
import IconTags from '@tabler/icons-react/dist/esm/icons/IconTags.mjs'
import IconTerminal2 from '@tabler/icons-react/dist/esm/icons/IconTerminal2.mjs'
import IconUser from '@tabler/icons-react/dist/esm/icons/IconUser.mjs'
import IconUserCircle from '@tabler/icons-react/dist/esm/icons/IconUserCircle.mjs'
import IconUsersGroup from '@tabler/icons-react/dist/esm/icons/IconUsersGroup.mjs'
import IconZoomExclamation from '@tabler/icons-react/dist/esm/icons/IconZoomExclamation.mjs'
import { type ComponentProps, lazy, Suspense, useState } from 'react'
import { call } from '../api/http.ts'
import { useQuery } from '@tanstack/react-query'
import { forgetSession, waitingQuery } from '../api/queries.ts'
import { Mark } from '../identity/mark.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Empty } from '../parts/page.tsx'
import { useWords } from '../parts/words.ts'
import { commandKey } from './command-key.ts'
import { useIsAdministrator, useMe } from './me.ts'

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))

const rooms = {
  work: [
    { to: '/', word: 'home', Icon: IconHome },
    { to: '/targets', word: 'targets', Icon: IconDatabase },
    { to: '/sql', word: 'sql', Icon: IconTerminal2 },
    { to: '/requests', word: 'requests', Icon: IconChecklist },
    { to: '/sessions', word: 'sessions', Icon: IconPlugConnected },
  ],
  administration: [
    { to: '/audit', word: 'audit', Icon: IconListSearch },
    { to: '/policies', word: 'policies', Icon: IconScale },
    { to: '/reach', word: 'reach', Icon: IconRoute },
    { to: '/tags', word: 'tags', Icon: IconTags },
    { to: '/users', word: 'users', Icon: IconUser },
    { to: '/groups', word: 'groups', Icon: IconUsersGroup },
    { to: '/health', word: 'health', Icon: IconHeartbeat },
  ],
  own: [
    { to: '/tokens', word: 'tokens', Icon: IconKey },
    { to: '/devices', word: 'devices', Icon: IconDeviceLaptop },
    { to: '/profile', word: 'profile', Icon: IconUserCircle },
  ],
} as const

type Section = keyof typeof rooms

export function Shell() {
  const { t } = useWords()
  const [narrow, setNarrow] = useLocalStorage({
    key: 'sekisho.rail-narrow',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const [keysOpen, setKeysOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  useHotkeys([['shift+?', () => setKeysOpen(true)]])
  // Also while somebody types.
  useHotkeys([['mod+K', () => setPaletteOpen(true)]], [], true)
  return (
    <div className="shell" data-narrow={narrow || undefined}>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Rail
        narrow={narrow}
        onNarrow={() => setNarrow(!narrow)}
        onKeys={() => setKeysOpen(true)}
        onPalette={() => setPaletteOpen(true)}
      />
      <main id="content" className="shell__page" tabIndex={-1}>
        <Outlet />
      </main>
      {paletteOpen && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      {keysOpen && (
        <Suspense fallback={null}>
          <KeysHelp opened onClose={() => setKeysOpen(false)} />
        </Suspense>
      )}
    </div>
  )
}

function Rail(props: {
  readonly narrow: boolean
  readonly onNarrow: () => void
  readonly onKeys: () => void
  readonly onPalette: () => void
}) {
  const { t } = useWords()
  const sections: readonly Section[] = useIsAdministrator()
    ? ['work', 'administration', 'own']
    : ['work', 'own']
  return (
    <div className="rail">
      <Link to="/" className="rail__brand" aria-label={props.narrow ? t('app.name') : undefined}>
        <Mark size={26} />
        {!props.narrow && (
          <span>
            Sekisho<small lang="ja">関所</small>
          </span>
        )}
      </Link>
      <Tooltip label={t('nav.palette')} position="right" disabled={!props.narrow}>
        <button
          type="button"
          className="rail__search"
          aria-label={props.narrow ? t('nav.palette') : undefined}
          onClick={props.onPalette}
        >
          <IconSearch size={16} stroke={1.7} />
          {!props.narrow && (
            <>
              <span>{t('nav.palette')}</span>
              <kbd>{commandKey} K</kbd>
            </>
          )}
        </button>
      </Tooltip>
      <nav aria-label={t('nav.label')} className="rail__nav">
        {sections.map(section => (
          <RailSection key={section} section={section} narrow={props.narrow} />
        ))}
      </nav>
      <RailFoot {...props} />
    </div>
  )
}

function RailSection({ section, narrow }: { readonly section: Section; readonly narrow: boolean }) {
  const { t } = useWords()
  return (
    <section aria-label={t(`nav.${section}`)}>
      {!narrow && section !== 'work' && <h2>{t(`nav.${section}`)}</h2>}
      {rooms[section].map(({ to, word, Icon }) => (
        <Tooltip key={to} label={t(`nav.${word}`)} position="right" disabled={!narrow}>
          <Link
            to={to}
            className="rail__link"
            activeOptions={{ exact: to === '/' }}
            aria-label={narrow ? t(`nav.${word}`) : undefined}
          >
            <Icon size={18} stroke={1.7} />
            {!narrow && t(`nav.${word}`)}
            {word === 'requests' && <WaitingCount />}
          </Link>
        </Tooltip>
      ))}
    </section>
  )
}

/** Requests that wait for whoever looks. */
function WaitingCount() {
  const { t, count } = useWords()
  const { data = 0 } = useQuery(waitingQuery)
  if (data === 0) return null
  const label = t('nav.requestsWaiting', { count: data, replace: { count: count(data) } })
  return (
    <span className="rail__count number" role="status" aria-label={label} title={label}>
      {data > 99 ? '99+' : data}
    </span>
  )
}

async function signOut(): Promise<void> {
  await call('POST /api/sign-out').catch(() => undefined)
  forgetSession()
}

function RailButton(props: ComponentProps<typeof ActionIcon<'button'>> & { readonly label: string }) {
  const { label, ...rest } = props
  return (
    <Tooltip label={label} position="top">
      <ActionIcon variant="subtle" color="gray" aria-label={label} {...rest} />
    </Tooltip>
  )
}

function RailFoot(props: {
  readonly narrow: boolean
  readonly onNarrow: () => void
  readonly onKeys: () => void
}) {
  const { t } = useWords()
  const me = useMe()
  return (
    <footer className="rail__foot">
      {!props.narrow && (
        <div className="rail__who" title={t('nav.version', { version: me.version })}>
          <strong>{me.user.displayName || me.user.name}</strong>
          <span>{me.user.name}</span>
        </div>
      )}
      <div className="rail__buttons">
        <RailButton label={props.narrow ? t('nav.widen') : t('nav.narrow')} onClick={props.onNarrow}>
          {props.narrow ? (
            <IconLayoutSidebarLeftExpand size={17} />
          ) : (
            <IconLayoutSidebarLeftCollapse size={17} />
          )}
        </RailButton>
        <RailButton label={t('nav.keys')} onClick={props.onKeys}>
          <IconKeyboard size={17} />
        </RailButton>
        <RailButton label={t('nav.signOut')} onClick={() => void signOut()}>
          <IconLogout size={17} />
        </RailButton>
      </div>
    </footer>
  )
}

export function NotFound() {
  const { t } = useWords()
  return (
    <div className="page">
      <Empty
        icon={<IconMapOff size={40} stroke={1.4} />}
        title={t('app.notFound')}
        text={t('app.notFoundHint')}
      >
        <LinkButton to="/" variant="default">
          {t('app.goHome')}
        </LinkButton>
      </Empty>
    </div>
  )
}

export function Crashed() {
  const { t } = useWords()
  return (
    <div className="page">
      <Empty
        icon={<IconZoomExclamation size={40} stroke={1.4} />}
        title={t('app.crashed')}
        text={t('app.crashedHint')}
      >
        <Button variant="default" onClick={() => location.reload()}>
          {t('app.reload')}
        </Button>
      </Empty>
    </div>
  )
}
