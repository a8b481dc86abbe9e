// How a target is reached: directly or by way of an SSH jump host, whose key somebody has to confirm first.

import {
  Alert,
  Button,
  Code,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { TargetInput } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'

type Jump = NonNullable<TargetInput['jump']>

const blankJump: Jump = { host: '', port: 22, user: '', hostKey: '', auth: 'key' }

export function WayFields(props: {
  readonly input: TargetInput
  readonly set: (change: Partial<TargetInput>) => void
  readonly wrong: (field: 'jump') => string | undefined
}) {
  const { t } = useWords()
  const { input, set } = props
  const jump = input.jump ?? undefined
  return (
    <>
      <Switch
        mt={4}
        label={t('targetForm.jump')}
        description={t('targetForm.jumpHint')}
        checked={jump !== undefined}
        onChange={event => set({ jump: event.currentTarget.checked ? blankJump : null })}
      />
      {jump !== undefined && (
        <JumpFields
          jump={jump}
          wrong={props.wrong('jump')}
          set={change => set({ jump: { ...jump, ...change } })}
        />
      )}
      <Switch
        mt={4}
        label={t('targetForm.sendProxy')}
        description={t('targetForm.sendProxyHint')}
        checked={input.sendProxy === true}
        onChange={event => set({ sendProxy: event.currentTarget.checked })}
      />
    </>
  )
}

interface JumpProps {
  readonly jump: Jump
  readonly set: (change: Partial<Jump>) => void
  readonly wrong: string | undefined
}

function JumpFields({ jump, set, wrong }: JumpProps) {
  const { t } = useWords()
  return (
    <Stack gap="sm" pl="md" style={{ borderLeft: '2px solid var(--mantine-color-default-border)' }}>
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          label={t('targetForm.jumpHost')}
          value={jump.host}
          error={wrong}
          onChange={event => set({ host: event.currentTarget.value.trim(), hostKey: '' })}
        />
        <NumberInput
          w={110}
          label={t('targetForm.port')}
          value={jump.port}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          onChange={value => set({ port: Number(value), hostKey: '' })}
        />
      </Group>
      <HostKey jump={jump} set={set} />
      <TextInput
        label={t('targetForm.jumpUser')}
        autoComplete="off"
        value={jump.user}
        onChange={event => set({ user: event.currentTarget.value })}
      />
      <Select
        label={t('targetForm.jumpAuth')}
        data={[
          { value: 'key', label: t('targetForm.jumpByKey') },
          { value: 'password', label: t('targetForm.jumpByPassword') },
        ]}
        value={jump.auth}
        allowDeselect={false}
        onChange={value => set({ auth: value as Jump['auth'], secret: '', passphrase: '' })}
      />
      {jump.auth === 'key' ? (
        <>
          <Textarea
            label={t('targetForm.jumpKey')}
            description={t('targetForm.jumpSecretHint')}
            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
            autosize
            minRows={3}
            maxRows={8}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
            value={jump.secret ?? ''}
            onChange={event => set({ secret: event.currentTarget.value })}
          />
          <PasswordInput
            label={t('targetForm.jumpPassphrase')}
            autoComplete="new-password"
            disabled={(jump.secret ?? '') === ''}
            value={jump.passphrase ?? ''}
            onChange={event => set({ passphrase: event.currentTarget.value })}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          />
        </>
      ) : (
        <PasswordInput
          label={t('targetForm.jumpPassword')}
          description={t('targetForm.jumpSecretHint')}
          autoComplete="new-password"
          value={jump.secret ?? ''}
          onChange={event => set({ secret: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        />
      )}
    </Stack>
  )
}

/** The key is fetched and shown; it counts once somebody says that it is the right one. */
function HostKey({ jump, set }: Omit<JumpProps, 'wrong'>) {
  const { t } = useWords()
  const { host, port } = jump
  const ask = useMutation({ mutationFn: () => call('POST /api/targets/host-key', { in: { host, port } }) })
  const shown = ask.data
  if (jump.hostKey !== '') {
    return (
      <TextInput
        label={t('targetForm.hostKey')}
        description={t('targetForm.hostKeyConfirmed')}
        value={jump.hostKey}
        readOnly
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
        rightSectionWidth={90}
        rightSection={
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              ask.reset()
              set({ hostKey: '' })
            }}
          >
            {t('targetForm.hostKeyAnew')}
          </Button>
        }
      />
    )
  }
  return (
    <>
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          disabled={host === ''}
          loading={ask.isPending}
          onClick={() => ask.mutate()}
        >
          {t('targetForm.hostKeyFetch')}
        </Button>
        {shown === undefined && <span className="dim">{t('targetForm.hostKeyNeeded')}</span>}
      </Group>
      <Problem error={ask.error} />
      {shown !== undefined && (
        <Alert color="yellow" title={t('targetForm.hostKeyCompare')}>
          <Stack gap="xs" align="flex-start">
            <Code>{shown.fingerprint}</Code>
            <span>{t('targetForm.hostKeyHow')}</span>
            <Button size="xs" onClick={() => set({ hostKey: shown.key })}>
              {t('targetForm.hostKeyConfirm')}
            </Button>
          </Stack>
        </Alert>
      )}
    </>
  )
}
