// Making a connection token: what it is for, how long, and then its secret, once.

import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, tokensQuery } from '../../api/queries.ts'
import { mariadbCommand, psqlCommand } from '../../format/connection.ts'
import { CodeLine, SecretOnce } from '../../parts/copy.tsx'
import { Problem } from '../../parts/page.tsx'
import { TargetsPicker } from '../../parts/targets-picker.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'

const lives = [1, 7, 30, 90, 365] as const
const usualLifeDays = 30

export function TokenDialog(props: {
  readonly opened: boolean
  readonly onClose: () => void
  /** The target it is for; `undefined` lets its maker choose. */
  readonly target: TargetRow | undefined
}) {
  const { t } = useWords()
  const { target } = props
  const title = target === undefined ? t('connect.makeToken') : t('connect.tokenTitle', { name: target.name })
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={<strong>{title}</strong>}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <TokenForm target={target} onDone={props.onClose} />
    </Modal>
  )
}

function TokenForm({
  target,
  onDone,
}: {
  readonly target: TargetRow | undefined
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const [label, setLabel] = useState('')
  const [lifeDays, setLifeDays] = useState<number>(usualLifeDays)
  const [chosen, setChosen] = useState<string[]>([])
  const make = useMutation({
    mutationFn: () =>
      call('POST /api/tokens', {
        in: { label: label.trim(), lifeDays, targets: target === undefined ? chosen : [target.id] },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  if (make.data !== undefined) {
    return <MadeToken secret={make.data.secret} target={target} onDone={onDone} />
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('connect.tokenLead')}
        </Text>
        <TextInput
          label={t('connect.tokenLabel')}
          placeholder={t('connect.tokenLabelHint')}
          data-autofocus
          required
          withAsterisk={false}
          value={label}
          onChange={event => setLabel(event.currentTarget.value)}
        />
        {target === undefined && (
          <TargetsPicker
            label={t('tokens.targets')}
            description={t('tokens.targetsHint')}
            value={chosen}
            onChange={setChosen}
          />
        )}
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
            {t('connect.makeToken')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function MadeToken(props: {
  readonly secret: string
  readonly target: TargetRow | undefined
  readonly onDone: () => void
}) {
  const { t } = useWords()
  const me = useMe()
  const { target } = props
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {t('connect.tokenMade')}
      </Text>
      <SecretOnce value={props.secret} label={t('connect.tokenMade')} />
      {target?.listenPort !== undefined && (
        <>
          <Text size="sm" fw={600} mt="xs">
            {t('connect.tokenCommand')}
          </Text>
          <CodeLine
            label={t('connect.tokenCommand')}
            value={(target.protocol === 'mysql' ? mariadbCommand : psqlCommand)(
              {
                host: target.gatewayHost,
                port: target.listenPort,
                database: target.database,
                user: me.user.name,
              },
              props.secret,
            )}
          />
        </>
      )}
      <Group justify="flex-end" mt="xs">
        <Button onClick={props.onDone}>{t('common.done')}</Button>
      </Group>
    </Stack>
  )
}
