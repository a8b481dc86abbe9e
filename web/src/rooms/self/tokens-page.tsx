// Somebody's own connection tokens.

import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import IconKeyOff from '@tabler/icons-react/dist/esm/icons/IconKeyOff.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { useState } from 'react'
import type { Token } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { namedTargetsQuery, queryClient, tokensQuery } from '../../api/queries.ts'
import { Chip } from '../../parts/chips.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { ApiTokens } from './api-tokens.tsx'
import { TokenDialog } from './token-dialog.tsx'
import { LastUsedCell, RevokeCell, SinceCell, UntilCell } from './pass-cells.tsx'

export function TokensPage() {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  const tokens = useQuery(tokensQuery)
  const [making, make] = useDisclosure(false)
  const [revoking, setRevoking] = useState<Token>()
  const revoke = useMutation({
    mutationFn: (token: Token) => call('DELETE /api/tokens/:id', { params: { id: token.id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
      setRevoking(undefined)
      notifications.show({ message: t('tokens.revoked'), color: 'teal' })
    },
  })
  const addButton = (
    <Button leftSection={<IconPlus size={16} />} onClick={make.open}>
      {t('tokens.add')}
    </Button>
  )
  return (
    <div className="page">
      <PageHead title={t('tokens.title')} lead={t('tokens.lead')}>
        {addButton}
      </PageHead>
      <Problem error={tokens.error} onRetry={() => void tokens.refetch()} />
      <div className="card">
        {tokens.isPending && <Placeholder rows={3} />}
        {tokens.data?.length === 0 && (
          <Empty
            icon={<IconKeyOff size={40} stroke={1.4} />}
            title={t('tokens.empty')}
            text={t('tokens.emptyHint')}
          >
            {addButton}
          </Empty>
        )}
        {tokens.data !== undefined && tokens.data.length > 0 && (
          <TokenList tokens={tokens.data} onRevoke={setRevoking} />
        )}
      </div>
      {isAdministrator && <ApiTokens />}
      <TokenDialog opened={making} onClose={make.close} target={undefined} />
      <Confirm
        opened={revoking !== undefined}
        title={t('tokens.revoke')}
        text={t('tokens.revokeSure', { label: revoking?.label ?? '' })}
        action={t('tokens.revoke')}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking !== undefined && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </div>
  )
}

function TokenList(props: { readonly tokens: readonly Token[]; readonly onRevoke: (token: Token) => void }) {
  const { t } = useWords()
  const ids = [...new Set(props.tokens.flatMap(token => token.targets))].sort()
  const targets = useQuery(namedTargetsQuery(ids))
  const nameOf = (id: string) => targets.data?.find(target => target.id === id)?.name ?? id.slice(0, 8)
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('tokens.label')}</th>
          <th>{t('tokens.targets')}</th>
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
            <td>
              {token.targets.length === 0 ? (
                <span className="dim">{t('tokens.allTargets')}</span>
              ) : (
                token.targets.map(id => <Chip key={id}>{nameOf(id)}</Chip>)
              )}
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
