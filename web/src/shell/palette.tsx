// The command palette: pages, targets, people, saved queries and what one can do, by a few letters and the keyboard alone.

import { Modal, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { call } from '../api/http.ts'
import { forgetSession } from '../api/queries.ts'
import { chooseLanguage, languages } from '../locales/i18n.ts'
import { useWords } from '../parts/words.ts'
import { useIsAdministrator } from './me.ts'
import { bestMatches } from './palette-match.ts'
import './palette.css'

const recentKey = 'sekisho.palette-recent'
const recentMost = 8
const shownMost = 14
const typingMs = 120
const foundMost = 6

interface Command {
  readonly id: string
  readonly name: string
  /** What else it is found by, in every language. */
  readonly also?: string
  /** What kind of thing it is. */
  readonly kind: string
  readonly run: () => void
}

function readRecent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(recentKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(id => typeof id === 'string').slice(0, recentMost) : []
  } catch {
    return []
  }
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const [recent] = useState(readRecent)
  const list = useRef<HTMLUListElement>(null)
  const fixed = useFixedCommands()
  const found = useFoundCommands(typed)
  const commands = bestMatches([...fixed, ...found], typed, recent, shownMost)
  useEffect(() => setActive(0), [typed])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    const kept = [command.id, ...recent.filter(id => id !== command.id)].slice(0, recentMost)
    localStorage.setItem(recentKey, JSON.stringify(kept))
    onClose()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setActive((active + step + commands.length) % Math.max(1, commands.length))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(commands[active])
    else return
    event.preventDefault()
  }
  return (
    <Modal
      opened
      centered={false}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12dvh"
      transitionProps={{ duration: 0 }}
      aria-label={t('palette.title')}
    >
      <input
        ref={focusNow}
        className="palette__input"
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={commands.length === 0 ? undefined : `palette-${active}`}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ul
        ref={list}
        id="palette-list"
        className="palette__list"
        role="listbox"
        aria-label={t('palette.title')}
      >
        {commands.map((command, index) => (
          <li
            key={command.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseMove={() => setActive(index)}
            onClick={() => run(command)}
          >
            <span>{command.name}</span>
            <small>{command.kind}</small>
          </li>
        ))}
      </ul>
      {commands.length === 0 && (
        <p className="palette__none" role="status">
          {t('palette.none')}
        </p>
      )}
    </Modal>
  )
}

/** Whoever opened it types on at once. */
const focusNow = (input: HTMLInputElement | null): void => input?.focus()

const pages = ['/', '/targets', '/sql', '/requests', '/sessions', '/tokens', '/devices', '/profile'] as const
const administratorPages = ['/audit', '/policies', '/reach', '/tags', '/users', '/groups', '/health'] as const

type PageWord =
  | 'home'
  | 'targets'
  | 'sql'
  | 'requests'
  | 'sessions'
  | 'tokens'
  | 'devices'
  | 'profile'
  | 'audit'
  | 'policies'
  | 'reach'
  | 'tags'
  | 'users'
  | 'groups'
  | 'health'

function useFixedCommands(): readonly Command[] {
  const { t } = useWords()
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const isAdministrator = useIsAdministrator()
  const page = t('palette.page')
  const action = t('palette.action')
  const act = (id: string, name: string, run: () => void): Command => ({
    id,
    name,
    also: id,
    kind: action,
    run,
  })
  return [
    ...[...pages, ...(isAdministrator ? administratorPages : [])].map((to): Command => {
      const word = (to === '/' ? 'home' : to.slice(1)) as PageWord
      return { id: to, name: t(`nav.${word}`), also: word, kind: page, run: () => void navigate({ to }) }
    }),
    ...(isAdministrator
      ? [
          act('new-target', t('palette.newTarget'), () => void navigate({ to: '/targets', hash: 'add' })),
          act('new-policy', t('palette.newPolicy'), () => void navigate({ to: '/policies' })),
          act(
            'refused',
            t('palette.refused'),
            () => void navigate({ to: '/audit', search: { verdict: 'denied' } }),
          ),
        ]
      : []),
    act('new-token', t('palette.newToken'), () => void navigate({ to: '/tokens' })),
    act('theme-light', t('palette.themeLight'), () => setColorScheme('light')),
    act('theme-dark', t('palette.themeDark'), () => setColorScheme('dark')),
    act('theme-auto', t('palette.themeAuto'), () => setColorScheme('auto')),
    ...languages.map(({ value, label }) =>
      act(`language-${value}`, t('palette.language', { language: label }), () => void chooseLanguage(value)),
    ),
    act('tour', t('palette.tour'), () => void navigate({ to: '/', search: { tour: true } })),
    act('sign-out', t('nav.signOut'), () => {
      void call('POST /api/sign-out')
        .catch(() => undefined)
        .then(forgetSession)
    }),
  ]
}

/** What the server knows by that name. */
function useFoundCommands(typed: string): readonly Command[] {
  const { t } = useWords()
  const navigate = useNavigate()
  const isAdministrator = useIsAdministrator()
  const [search] = useDebouncedValue(typed.trim(), typingMs)
  const targets = useQuery({
    queryKey: ['palette', 'targets', search],
    enabled: search !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('GET /api/targets', { in: { search, limit: foundMost }, signal }),
  })
  const users = useQuery({
    queryKey: ['palette', 'users'],
    enabled: isAdministrator && search !== '',
    staleTime: 60_000,
    queryFn: () => call('GET /api/users'),
  })
  const saved = useQuery({
    queryKey: ['palette', 'saved'],
    enabled: search !== '',
    staleTime: 60_000,
    retry: false,
    queryFn: () => call('GET /api/sql/saved').catch(() => []),
  })
  if (search === '') return []
  return [
    ...(targets.data?.targets ?? []).flatMap((target): Command[] => [
      {
        id: `sql-${target.id}`,
        name: target.name,
        kind: t('palette.openSql'),
        run: () => void navigate({ to: '/sql', search: { target: target.id } }),
      },
      {
        id: `target-${target.id}`,
        name: target.name,
        kind: t('palette.target'),
        run: () => void navigate({ to: '/targets/$id', params: { id: target.id } }),
      },
    ]),
    ...(users.data ?? []).map(
      (user): Command => ({
        id: `user-${user.id}`,
        name:
          user.displayName === '' || user.displayName === user.name
            ? user.name
            : `${user.name} (${user.displayName})`,
        kind: t('palette.person'),
        run: () => void navigate({ to: '/users/$id', params: { id: user.id } }),
      }),
    ),
    ...(saved.data ?? []).map(
      (query): Command => ({
        id: `saved-${query.id}`,
        name: query.name,
        kind: t('palette.saved'),
        run: () =>
          void navigate({
            to: '/sql',
            search: { saved: query.id, ...(query.targetId === undefined ? {} : { target: query.targetId }) },
          }),
      }),
    ),
  ]
}
