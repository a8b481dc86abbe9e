// One entry in full: what was asked, what was decided and by whom, what came of it, and where it stands in the chain.

import { ActionIcon, Drawer, Stack, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconChevronUp from '@tabler/icons-react/dist/esm/icons/IconChevronUp.mjs'
import { useQuery } from '@tanstack/react-query'
import { Fragment, lazy, type ReactNode, Suspense } from 'react'
import type { AuditEntry } from '../../../../src/console/contract.ts'
import { auditEntryQuery } from '../../api/queries.ts'
import { givenReason } from '../../format/given-reason.ts'
import { Chip } from '../../parts/chips.tsx'
import { CopyIcon } from '../../parts/copy.tsx'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { kindKey, kindTone, subjectOf } from './kind-words.ts'
import { SessionStory, storyAtFirst, useStory } from './session-story.tsx'
import { SnapshotView } from './snapshot-view.tsx'
import { EntryResult } from './trail-list.tsx'

const SqlView = lazy(() => import('../../editor/sql-view.tsx'))

export function EntryDrawer(props: {
  readonly id: string | undefined
  readonly onChoose: (id: string) => void
  readonly onClose: () => void
}) {
  const { t } = useWords()
  return (
    <Drawer
      opened={props.id !== undefined}
      onClose={props.onClose}
      position="right"
      size={620}
      title={<strong>{t('audit.detail')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      transitionProps={{ duration: 120 }}
    >
      {props.id !== undefined && <Entry id={props.id} onChoose={props.onChoose} />}
    </Drawer>
  )
}

function Entry({ id, onChoose }: { readonly id: string; readonly onChoose: (id: string) => void }) {
  const entry = useQuery({
    ...auditEntryQuery(id),
    // An entry that has no outcome yet is looked at again until it has.
    refetchInterval: query =>
      query.state.data?.kind === 'statement' && query.state.data.result === undefined ? 2_000 : false,
  })
  if (entry.isError) return <Problem error={entry.error} onRetry={() => void entry.refetch()} />
  if (entry.isPending) return <Placeholder rows={10} />
  return (
    <Stack gap="lg">
      <Head entry={entry.data} onChoose={onChoose} />
      <Statement entry={entry.data} />
      <SnapshotView key={entry.data.id} entry={entry.data} />
      <Decision entry={entry.data} />
      <Change entry={entry.data} />
      <Where entry={entry.data} />
      <Chain entry={entry.data} />
      <SessionStory entry={entry.data} onChoose={onChoose} />
    </Stack>
  )
}

type Fact = readonly [name: string, value: ReactNode] | undefined

function Facts({ title, facts }: { readonly title?: string; readonly facts: readonly Fact[] }) {
  const given = facts.filter(fact => fact !== undefined)
  if (given.length === 0) return null
  return (
    <section className="entry__part">
      {title !== undefined && <h3>{title}</h3>}
      <dl className="facts">
        {given.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}

/** A fact that is there only if it has a value. */
function fact(name: string, value: ReactNode): Fact {
  return value === undefined || value === '' ? undefined : [name, value]
}

function Chips({ names, hidden }: { readonly names: readonly string[]; readonly hidden?: boolean }) {
  return (
    <span className="entry__chips">
      {names.map(name => (
        <Chip key={name} mono tone={hidden === true ? 'hidden' : 'plain'}>
          {name}
        </Chip>
      ))}
    </span>
  )
}

function Head({ entry, onChoose }: { readonly entry: AuditEntry; readonly onChoose: (id: string) => void }) {
  const { t, time } = useWords()
  return (
    <header className="entry__head">
      <div>
        <Chip tone={kindTone(entry)}>{t(kindKey(entry.kind))}</Chip> <EntryResult entry={entry} />
        {entry.sessionId !== undefined && <Beside entry={entry} onChoose={onChoose} />}
      </div>
      <p>
        <strong>{entry.userName}</strong>
        {entry.targetName !== undefined && (
          <>
            {' → '}
            <strong>{entry.targetName}</strong>
          </>
        )}
      </p>
      <p className="dim number">{time(entry.atMs)}</p>
    </header>
  )
}

/** To the entries before and after it in the same session, also by the keys `k` and `j`. */
function Beside({
  entry,
  onChoose,
}: {
  readonly entry: AuditEntry
  readonly onChoose: (id: string) => void
}) {
  const { t } = useWords()
  const { data } = useStory(entry, storyAtFirst)
  const entries = data?.entries ?? []
  const at = entries.findIndex(one => one.id === entry.id)
  const before = at > 0 ? entries[at - 1]?.id : undefined
  const after = at >= 0 ? entries[at + 1]?.id : undefined
  useHotkeys([
    ['k', () => before !== undefined && onChoose(before)],
    ['j', () => after !== undefined && onChoose(after)],
  ])
  const step = (label: string, id: string | undefined, icon: ReactNode) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="sm"
        aria-label={label}
        disabled={id === undefined}
        onClick={() => id !== undefined && onChoose(id)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <span className="entry__beside">
      {step(t('audit.previousInSession'), before, <IconChevronUp size={14} />)}
      {step(t('audit.nextInSession'), after, <IconChevronDown size={14} />)}
    </span>
  )
}

function Statement({ entry }: { readonly entry: AuditEntry }) {
  const { t, count, bytes, duration } = useWords()
  const text = entry.text ?? entry.shape
  if (text === undefined) return null
  return (
    <>
      <section className="entry__part">
        <h3>
          {entry.text === undefined ? t('audit.shape') : t('audit.statement')}
          <CopyIcon value={text} label={t('audit.statement')} />
        </h3>
        <Suspense fallback={<pre className="code-block">{text}</pre>}>
          <SqlView text={text} />
        </Suspense>
      </section>
      <Facts
        facts={[
          fact(t('audit.rows'), entry.rows === undefined ? undefined : count(entry.rows)),
          fact(t('audit.bytes'), entry.bytes === undefined ? undefined : bytes(entry.bytes)),
          fact(t('audit.duration'), entry.durationMs === undefined ? undefined : duration(entry.durationMs)),
          fact(t('audit.strength'), entry.strength && t(`audit.strength_${entry.strength}`)),
        ]}
      />
    </>
  )
}

function Decision({ entry }: { readonly entry: AuditEntry }) {
  const { t, said } = useWords()
  const policies = entry.decidedBy.map(policy => t('audit.policyVersion', policy))
  const decided = policies.length > 0 ? <Chips names={policies} /> : undefined
  return (
    <Facts
      title={t('audit.verdict')}
      facts={[
        fact(t('audit.verdict'), entry.verdict && t(`audit.${entry.verdict}`)),
        fact(t('audit.decidedBy'), decided ?? (entry.verdict === 'denied' ? t('audit.noPolicy') : undefined)),
        fact(
          t('audit.reason'),
          entry.kind === 'session.closed' ? undefined : entry.reason && said(entry.reason),
        ),
        fact(t('audit.givenReason'), entry.kind === 'statement' ? givenReason(entry.text) : undefined),
        fact(t('audit.tables'), entry.tables.length > 0 ? <Chips names={entry.tables} /> : undefined),
        fact(t('audit.hidden'), entry.hidden.length > 0 ? <Chips names={entry.hidden} hidden /> : undefined),
      ]}
    />
  )
}

function Change({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useWords()
  if (entry.what === undefined) return null
  const fields = Object.entries(entry.fields ?? {})
  return (
    <section className="entry__part">
      <h3>{subjectOf(entry, t)}</h3>
      {fields.length > 0 && (
        <table className="list-table entry__fields">
          <thead>
            <tr>
              <th>{t('audit.field')}</th>
              <th>{t('audit.before')}</th>
              <th>{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(([name, [before, after]]) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="mono dim">{written(before)}</td>
                <td className="mono">{written(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function written(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function Where({ entry }: { readonly entry: AuditEntry }) {
  const { t, said } = useWords()
  const address = entry.address === 'console' ? t('audit.inMemory') : entry.address
  return (
    <Facts
      title={t('audit.session')}
      facts={[
        fact(
          t('audit.endedBy'),
          entry.kind === 'session.closed' ? endReason(entry, t('audit.left'), said) : undefined,
        ),
        fact(t('common.address'), address),
        fact(t('audit.program'), entry.program),
        fact(t('audit.credential'), entry.credential === 'console' ? t('audit.inMemory') : entry.credential),
        fact(t('audit.session'), entry.sessionId && <span className="mono">{entry.sessionId}</span>),
      ]}
    />
  )
}

function endReason(entry: AuditEntry, left: string, said: (text: string) => string): string | undefined {
  return entry.reason === 'left' ? left : entry.reason && said(entry.reason)
}

function Chain({ entry }: { readonly entry: AuditEntry }) {
  const { t, count } = useWords()
  return (
    <Facts
      title={t('audit.chain')}
      facts={[
        fact(t('audit.position'), count(entry.sequence)),
        fact(
          t('audit.hash'),
          <span className="entry__hash">
            <span className="mono">{entry.hash}</span>
            <CopyIcon value={entry.hash} label={t('audit.hash')} />
          </span>,
        ),
        fact(t('audit.id'), <span className="mono">{entry.id}</span>),
      ]}
    />
  )
}
