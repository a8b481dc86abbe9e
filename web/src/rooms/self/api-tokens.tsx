// Tokens for programs that administer: made and revoked by administrators, each their own.

import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useState } from 'react'
import type { ApiToken } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { apiTokensQuery, queryClient } from '../../api/queries.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { SecretOnce } from '../../parts/copy.tsx'
import { Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { LastUsedCell, RevokeCell, SinceCell, UntilCell } from './pass-cells.tsx'

const lives = [1, 7, 30, 90, 365] as const
const usualLifeDays = 30
const refresh = () => queryClient.invalidateQueries({ queryKey: apiTokensQuery.queryKey })

export function ApiTokens() {
  const { t } = useWords()
  const tokens = useQuery(apiTokensQuery)
  const [making, make] = useDisclosure(false)
  const [revoking, setRevoking] = useState<ApiToken>()
  const revoke = useMutation({
    mutationFn: ({ id }: ApiToken) => call('DELETE /api/api-tokens/:id', { params: { id } }),
    onSuccess: async () => {
      await refresh()
      setRevoking(undefined)
      notifications.show({ message: t('tokens.revoked'), color: 'teal' })
    },
  })
  return (
    <section className="api-tokens" aria-label={t('apiTokens.title')}>
      <div className="page-head">
        <div className="page-head__words">
          <h2>{t('apiTokens.title')}</h2>
          <p>{t('apiTokens.lead')}</p>
        </div>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={make.open}>
          {t('apiTokens.add')}
        </Button>
      </div>
      <Problem error={tokens.error} onRetry={() => void tokens.refetch()} />
      <div className="card">
        {tokens.isPending && <Placeholder rows={2} />}
        {tokens.data?.length === 0 && <p className="api-tokens__none dim">{t('apiTokens.empty')}</p>}
        {tokens.data !== undefined && tokens.data.length > 0 && (
          <TokenTable tokens={tokens.data} onRevoke={setRevoking} />
        )}
      </div>
      <Modal
        opened={making}
        onClose={make.close}
        size="lg"
        closeOnClickOutside={false}
        title={<strong>{t('apiTokens.add')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <TokenForm onDone={make.close} />
      </Modal>
      <Confirm
        opened={revoking !== undefined}
        title={t('tokens.revoke')}
        text={t('apiTokens.revokeSure', { label: revoking?.label ?? '' })}
        action={t('tokens.revoke')}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking !== undefined && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </section>
  )
}

function TokenTable(props: {
  readonly tokens: readonly ApiToken[]
  readonly onRevoke: (token: ApiToken) => void
}) {
  const { t } = useWords()
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('tokens.label')}</th>
          <th>{t('tokens.created')}</th>
          <th>{t('tokens.expires')}</th>
          <th>{t('tokens.lastUsed')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.tokens.map(token => (
          <tr key={token.id}>
            <td>
              <strong>{token.label}</strong>
            </td>
            <SinceCell ms={token.createdAtMs} />
            <UntilCell ms={token.expiresAtMs} />
            <LastUsedCell ms={token.lastUsedAtMs} />
            <RevokeCell
              action={t('tokens.revoke')}
              name={token.label}
              onRevoke={() => props.onRevoke(token)}
            />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function TokenForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useWords()
  const [label, setLabel] = useState('')
  const [lifeDays, setLifeDays] = useState<number>(usualLifeDays)
  const make = useMutation({
    mutationFn: () => call('POST /api/api-tokens', { in: { label: label.trim(), lifeDays } }),
    onSuccess: refresh,
  })
  if (make.data !== undefined) {
    return (
      <Stack gap="sm">
        <SecretOnce value={make.data.secret} label={t('apiTokens.title')} />
        <Text size="sm" c="dimmed">
          {t('apiTokens.use')}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onDone}>{t('common.done')}</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('tokens.label')}
          data-autofocus
          value={label}
          onChange={event => setLabel(event.currentTarget.value)}
        />
        <Select
          label={t('connect.tokenLife')}
          data={lives.map(days => ({ value: String(days), label: t('connect.tokenDays', { count: days }) }))}
          value={String(lifeDays)}
          allowDeselect={false}
          onChange={value => setLifeDays(Number(value))}
        />
        <Problem error={make.error} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={make.isPending} disabled={label.trim() === ''}>
            {t('apiTokens.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
