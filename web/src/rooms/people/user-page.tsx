// One person: what they are, their tokens and devices, where they are inside now, and what they did last.

import { Button, Drawer, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Token, UserRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, sessionsQuery, usersQuery, userTokensQuery } from '../../api/queries.ts'
import { type Fact, Facts } from '../../parts/facts.tsx'
import { Chip } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { AdministratorsOnly, Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { kindKey, kindTone, subjectOf } from '../audit/kind-words.ts'
import { UserPanel } from './user-panel.tsx'
import { UserState } from './user-state.tsx'
import './people.css'

const route = getRouteApi('/users/$id')

export function UserPage() {
  return useIsAdministrator() ? <Person /> : <AdministratorsOnly />
}

function Person() {
  const { t } = useWords()
  const { id } = route.useParams()
  const users = useQuery(usersQuery)
  const user = users.data?.find(one => one.id === id)
  const [editing, edit] = useDisclosure(false)
  if (user === undefined) {
    return (
      <div className="page">
        <Problem error={users.error} onRetry={() => void users.refetch()} />
        {users.isPending && <Placeholder />}
        {users.data !== undefined && (
          <Empty icon={null} title={t('people.gone')} text={t('people.goneHint')}>
            <LinkButton to="/users" variant="default">
              {t('users.title')}
            </LinkButton>
          </Empty>
        )}
      </div>
    )
  }
  return (
    <div className="page">
      <PageHead
        title={user.displayName || user.name}
        lead={[user.name === user.displayName ? '' : user.name, user.email].filter(Boolean).join(' · ')}
      >
        <LinkButton to="/reach" search={{ ask: 'what', user: user.name }} variant="default">
          {t('reach.showUser')}
        </LinkButton>
        <LinkButton to="/audit" search={{ user: user.name, range: 'all' }} variant="default">
          {t('people.inAudit')}
        </LinkButton>
        <Button onClick={edit.open}>{t('common.edit')}</Button>
      </PageHead>
      <Stack gap="lg">
        <UserFacts user={user} />
        <div className="person__two">
          <Tokens user={user} />
          <Devices user={user} />
        </div>
        <Inside user={user} />
        <LastActs user={user} />
      </Stack>
      <Drawer
        opened={editing}
        onClose={edit.close}
        position="right"
        size={440}
        title={<strong>{t('users.edit', { name: user.name })}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {editing && <UserPanel user={user} onDone={edit.close} />}
      </Drawer>
    </div>
  )
}

function UserFacts({ user }: { readonly user: UserRow }) {
  const { t, time } = useWords()
  const facts: readonly Fact[] = [
    [t('users.role'), t(`users.role_${user.role}`)],
    [t('users.status'), <UserState key="state" user={user} />],
    [
      t('users.groups'),
      user.groups.length === 0 ? (
        <span className="dim">{t('people.noGroupHint')}</span>
      ) : (
        user.groups.map(group => (
          <Link key={group} to="/groups" search={{ q: group }} className="person__group">
            <Chip>{group}</Chip>
          </Link>
        ))
      ),
    ],
    [
      t('users.lastSignIn'),
      user.lastSignInAtMs === undefined ? t('common.never') : time(user.lastSignInAtMs),
    ],
  ]
  return <Facts facts={facts} isCard />
}

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card card--padded person__section" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}

function Tokens({ user }: { readonly user: UserRow }) {
  const { t, relative, time } = useWords()
  const tokens = useQuery(userTokensQuery(user.id))
  const [revoking, setRevoking] = useState<Token>()
  const revoke = useMutation({
    mutationFn: (token: Token) =>
      call('DELETE /api/users/:id/tokens/:token', { params: { id: user.id, token: token.id } }),
    onSuccess: async () => {
      setRevoking(undefined)
      notifications.show({ message: t('people.revoked'), color: 'teal' })
      await queryClient.invalidateQueries({ queryKey: userTokensQuery(user.id).queryKey })
    },
  })
  return (
    <Section title={t('people.tokens')}>
      <Problem error={tokens.error} onRetry={() => void tokens.refetch()} />
      {tokens.isPending && <Placeholder rows={2} />}
      {tokens.data?.length === 0 && <p className="dim">{t('people.noTokens')}</p>}
      <ul className="person__list">
        {tokens.data?.map(token => (
          <li key={token.id}>
            <div>
              <strong>{token.label}</strong>
              <span className="dim" title={time(token.expiresAtMs)}>
                {t('people.tokenLine', {
                  used: token.lastUsedAtMs === undefined ? t('common.never') : relative(token.lastUsedAtMs),
                  ends: relative(token.expiresAtMs),
                })}
              </span>
            </div>
            {token.expiresAtMs < Date.now() && <Chip tone="bad">{t('tokens.expired')}</Chip>}
            <Button
              size="compact-xs"
              variant="subtle"
              c="var(--s-bad-ink)"
              aria-label={`${t('tokens.revoke')}: ${token.label}`}
              onClick={() => setRevoking(token)}
            >
              {t('tokens.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <Confirm
        opened={revoking !== undefined}
        title={t('tokens.revoke')}
        text={t('people.revokeSure', { label: revoking?.label ?? '', name: user.name })}
        action={t('tokens.revoke')}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking !== undefined && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </Section>
  )
}

function Devices({ user }: { readonly user: UserRow }) {
  const { t, relative } = useWords()
  const devices = useQuery({ queryKey: ['devices'], queryFn: () => call('GET /api/devices') })
  const theirs = devices.data?.filter(device => device.userName === user.name)
  return (
    <Section title={t('people.devices')}>
      <Problem error={devices.error} onRetry={() => void devices.refetch()} />
      {theirs?.length === 0 && <p className="dim">{t('people.noDevices')}</p>}
      <ul className="person__list">
        {theirs?.map(device => (
          <li key={device.id}>
            <div>
              <strong>{device.name}</strong>
              <span className="dim">
                {[device.system, relative(device.lastSeenAtMs), device.lastAddress]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Inside({ user }: { readonly user: UserRow }) {
  const { t, relative } = useWords()
  const sessions = useQuery({ ...sessionsQuery, refetchInterval: 3_000 })
  const theirs = sessions.data?.filter(session => session.userId === user.id)
  return (
    <Section title={t('people.inside')}>
      {theirs?.length === 0 && <p className="dim">{t('people.notInside')}</p>}
      <ul className="person__list">
        {theirs?.map(session => (
          <li key={session.id}>
            <div>
              <Link className="strong" to="/targets/$id" params={{ id: session.targetId }}>
                {session.targetName}
              </Link>
              <span className="dim">
                {[session.program, session.address, relative(session.startedAtMs)]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </div>
            <LinkButton to="/sessions" search={{ q: user.name }} size="compact-xs" variant="default">
              {t('sessions.title')}
            </LinkButton>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const actsShown = 10

function LastActs({ user }: { readonly user: UserRow }) {
  const { t, relative, time } = useWords()
  const acts = useQuery({
    queryKey: ['audit', 'last', user.name],
    queryFn: () => call('GET /api/audit', { in: { userName: user.name, limit: actsShown } }),
  })
  return (
    <Section title={t('people.lastActs')}>
      <Problem error={acts.error} onRetry={() => void acts.refetch()} />
      {acts.isPending && <Placeholder rows={3} />}
      {acts.data?.length === 0 && <p className="dim">{t('people.noActs')}</p>}
      <ul className="person__list">
        {acts.data?.map(entry => (
          <li key={entry.id}>
            <time className="dim number" title={time(entry.atMs)}>
              {relative(entry.atMs)}
            </time>
            <Link to="/audit" search={{ entry: entry.id }} className="person__act">
              <Chip tone={kindTone(entry)}>{t(kindKey(entry.kind))}</Chip>{' '}
              {entry.targetName !== undefined && <strong>{entry.targetName} </strong>}
              {subjectOf(entry, t)}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
