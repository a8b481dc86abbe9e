// Versions of the policies: who saved what and why, to look at and to take over.

import { Button, Group, Loader, Modal, SegmentedControl, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { PolicyVersion } from '../../../../src/console/contract.ts'
import { policyVersionQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { DifferenceInWords } from './difference-words.tsx'
import { RollBack } from './roll-back.tsx'
import { VersionDiff } from './version-diff.tsx'

const CedarEditor = lazy(() => import('../../editor/cedar-editor.tsx'))

export function VersionList(props: {
  readonly versions: readonly Omit<PolicyVersion, 'text'>[]
  readonly current: PolicyVersion
  readonly basis: PolicyVersion
  readonly onRestore: (text: string) => void
}) {
  const { t, relative, time, said } = useWords()
  const [viewed, setViewed] = useState<number>()
  const [rolling, setRolling] = useState<number>()
  return (
    <>
      <ul className="meanings">
        {props.versions.map(version => (
          <li key={version.version}>
            <div className="meanings__head">
              <strong>{t('policies.version', { version: version.version })}</strong>
              {version.version === props.current.version && <Chip tone="ok">{t('policies.current')}</Chip>}
              {version.version !== props.current.version && (
                <Button
                  ml="auto"
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => setRolling(version.version)}
                >
                  {t('policies.rollBack')}
                </Button>
              )}
              <Button
                ml={version.version === props.current.version ? 'auto' : 0}
                size="compact-xs"
                variant="default"
                aria-label={t('policies.view', { version: version.version })}
                onClick={() => setViewed(version.version)}
              >
                {t('policies.view', { version: version.version })}
              </Button>
            </div>
            <p>{said(version.note)}</p>
            <p className="dim" title={time(version.savedAtMs)}>
              {t('policies.by', { name: version.savedBy, time: relative(version.savedAtMs) })}
            </p>
          </li>
        ))}
      </ul>
      <Modal
        opened={viewed !== undefined}
        onClose={() => setViewed(undefined)}
        size={900}
        title={<strong>{t('policies.version', { version: viewed ?? 0 })}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {viewed !== undefined && (
          <VersionView
            version={viewed}
            versions={props.versions}
            onRestore={text => {
              props.onRestore(text)
              setViewed(undefined)
            }}
          />
        )}
      </Modal>
      {rolling !== undefined && (
        <RollBack version={rolling} current={props.current} onDone={() => setRolling(undefined)} />
      )}
    </>
  )
}

/** Its text, or what it changed; at first compared with the version before it. */
function VersionView(props: {
  readonly version: number
  readonly versions: readonly Omit<PolicyVersion, 'text'>[]
  readonly onRestore: (text: string) => void
}) {
  const { t } = useWords()
  const version = useQuery(policyVersionQuery(props.version))
  const others = props.versions.map(other => other.version).filter(other => other !== props.version)
  const [basis, setBasis] = useState(others.find(other => other < props.version) ?? others[0])
  const [shown, setShown] = useState<'changes' | 'text'>(basis === undefined ? 'text' : 'changes')
  const before = useQuery({ ...policyVersionQuery(basis ?? 0), enabled: basis !== undefined })
  if (version.isError) return <Problem error={version.error} onRetry={() => void version.refetch()} />
  if (version.isPending) return <Loader size="sm" aria-label={t('app.loading')} />
  return (
    <>
      {basis !== undefined && (
        <Group mb="sm" gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={t('policies.versions')}
            value={shown}
            onChange={value => setShown(value === 'text' ? 'text' : 'changes')}
            data={[
              { value: 'changes', label: t('policies.changes') },
              { value: 'text', label: t('policies.text') },
            ]}
          />
          {shown === 'changes' && (
            <Select
              size="xs"
              w={200}
              aria-label={t('policies.compareWith')}
              allowDeselect={false}
              data={others.map(other => ({
                value: String(other),
                label: t('policies.version', { version: other }),
              }))}
              value={String(basis)}
              onChange={value => setBasis(Number(value))}
            />
          )}
        </Group>
      )}
      <Problem error={before.error} />
      {shown === 'changes' && basis !== undefined && (
        <DifferenceInWords before={{ version: basis }} after={{ version: props.version }} />
      )}
      {shown === 'changes' && before.data !== undefined && (
        <VersionDiff before={before.data.text} after={version.data.text} />
      )}
      {shown === 'text' && (
        <div className="version-view">
          <Suspense fallback={<Loader size="sm" m="md" aria-label={t('app.loading')} />}>
            <CedarEditor
              label={t('policies.version', { version: props.version })}
              text={version.data.text}
              problems={[]}
              readOnly
              onChange={() => undefined}
            />
          </Suspense>
        </div>
      )}
      <Group justify="space-between" mt="md">
        <Text size="sm" c="dimmed">
          {t('policies.restoreHint')}
        </Text>
        <Button onClick={() => props.onRestore(version.data.text)}>{t('policies.restore')}</Button>
      </Group>
    </>
  )
}
