// What a new administrator does first, each step with its place; gone when all is done or nobody wants it.

import { CloseButton, Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import IconCircleCheck from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import type { ReactNode } from 'react'
import type { TableRow, TargetRow } from '../../../../src/console/contract.ts'
import { policiesQuery, tablesQuery, tokensQuery } from '../../api/queries.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { useWords } from '../../parts/words.ts'
import './targets.css'

/** The version that is there from the first start. */
const starterVersion = 1

const isTagged = (tables: readonly TableRow[]) =>
  tables.some(table => table.columns.some(column => column.tags.length > 0))

export function FirstSteps({
  targets,
  onAdd,
}: {
  readonly targets: readonly TargetRow[]
  readonly onAdd: ReactNode
}) {
  const { t } = useWords()
  const [hidden, setHidden] = useLocalStorage({
    key: 'sekisho.first-steps-hidden',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const [target] = targets
  // Looked at only while the steps are shown; a target that cannot be reached counts as not yet tagged.
  const tables = useQuery({
    ...tablesQuery(target?.id ?? ''),
    enabled: !hidden && target !== undefined,
    retry: false,
  })
  const policies = useQuery({ ...policiesQuery, enabled: !hidden })
  const tokens = useQuery({ ...tokensQuery, enabled: !hidden })
  const isKnown = [tables.isLoading, policies.isLoading, tokens.isLoading].every(loading => !loading)
  const done = {
    target: target !== undefined,
    tags: isTagged(tables.data ?? []),
    policy: (policies.data?.current.version ?? 0) > starterVersion,
    token: (tokens.data?.length ?? 0) > 0,
  }
  if (hidden || !isKnown || Object.values(done).every(Boolean)) return null
  return (
    <section className="card first-steps" aria-label={t('steps.title')}>
      <header>
        <div>
          <h2>{t('steps.title')}</h2>
          <p className="dim">{t('steps.lead')}</p>
        </div>
        <Tooltip label={t('steps.hide')}>
          <CloseButton aria-label={t('steps.hide')} onClick={() => setHidden(true)} />
        </Tooltip>
      </header>
      <ol>
        <Step number={1} name="target" done={done.target}>
          {onAdd}
        </Step>
        <Step number={2} name="tags" done={done.tags}>
          {target === undefined ? (
            <span className="dim">{t('steps.tagsFirst')}</span>
          ) : (
            <LinkButton
              size="compact-sm"
              variant="light"
              to="/targets/$id"
              params={{ id: target.id }}
              search={{ tab: 'tables' }}
            >
              {t('targets.tabTables')}
            </LinkButton>
          )}
        </Step>
        <Step number={3} name="policy" done={done.policy}>
          <LinkButton size="compact-sm" variant="light" to="/policies">
            {t('nav.policies')}
          </LinkButton>
          <LinkButton size="compact-sm" variant="subtle" to="/groups">
            {t('nav.groups')}
          </LinkButton>
        </Step>
        <Step number={4} name="token" done={done.token}>
          <LinkButton size="compact-sm" variant="light" to="/tokens">
            {t('nav.tokens')}
          </LinkButton>
        </Step>
      </ol>
    </section>
  )
}

function Step(props: {
  readonly number: number
  readonly name: 'target' | 'tags' | 'policy' | 'token'
  readonly done: boolean
  readonly children: ReactNode
}) {
  const { t } = useWords()
  return (
    <li data-done={props.done || undefined}>
      <strong>
        {props.done ? (
          <IconCircleCheck size={18} role="img" aria-label={t('steps.done')} />
        ) : (
          <span className="first-steps__number">{props.number}</span>
        )}
        {t(`steps.${props.name}`)}
      </strong>
      <p className="dim">{t(`steps.${props.name}Text`)}</p>
      {!props.done && <div className="first-steps__links">{props.children}</div>}
    </li>
  )
}
