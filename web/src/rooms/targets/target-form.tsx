// Registering a target and changing it.

import {
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { TargetInput, TargetProtocol, TargetRow, TlsMode } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient, targetsKey } from '../../api/queries.ts'
import { productOf, usualPorts } from '../../format/product.ts'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { inputOf, TestResult } from './test-result.tsx'
import { SnapshotField } from './snapshot-field.tsx'
import { WayFields } from './way-fields.tsx'
import { problemsOf, wholeInput, writeTags } from './target-input.ts'

const blank: TargetInput = {
  name: '',
  protocol: 'postgres',
  host: '',
  port: usualPorts.postgres,
  database: '',
  account: '',
  tls: 'require',
  tags: {},
}

export function TargetForm(props: {
  readonly target: TargetRow | undefined
  readonly onSaved: (target: TargetRow) => void
}) {
  const { t, said } = useWords()
  const { target } = props
  const [input, setInput] = useState(target === undefined ? blank : inputOf(target))
  const [tagWords, setTagWords] = useState(writeTags(input.tags))
  const [touched, setTouched] = useState(false)
  const set = (change: Partial<TargetInput>) => {
    test.reset()
    setInput({ ...input, ...change })
  }
  const whole = wholeInput(input, tagWords)
  const problems = problemsOf(whole, tagWords, target === undefined)
  const wrong = (field: keyof typeof problems) =>
    touched && problems[field] !== undefined ? t(`targetForm.${problems[field]}`) : undefined
  const test = useMutation({
    mutationFn: () =>
      call('POST /api/targets/test', { in: target === undefined ? whole : { ...whole, id: target.id } }),
  })
  const save = useMutation({
    mutationFn: () =>
      target === undefined
        ? call('POST /api/targets', { in: whole })
        : call('PUT /api/targets/:id', { params: { id: target.id }, in: whole }),
    onSuccess: async saved => {
      await queryClient.invalidateQueries({ queryKey: targetsKey })
      props.onSaved(saved)
    },
  })
  const ifRight = (action: () => void) => {
    setTouched(true)
    if (Object.keys(problems).length === 0) action()
  }
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        ifRight(save.mutate)
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('targetForm.name')}
          description={t('targetForm.nameHint')}
          data-autofocus
          value={input.name}
          error={wrong('name')}
          onChange={event => set({ name: event.currentTarget.value })}
        />
        {target === undefined && <ProductField input={input} set={set} />}
        <WhereFields input={input} set={set} wrong={wrong} isNew={target === undefined} />
        <TlsFields input={input} set={set} />
        <WayFields input={input} set={set} wrong={wrong} />
        <SnapshotField input={input} set={set} />
        <TagsInput
          label={t('targetForm.tags')}
          description={t('targetForm.tagsHint')}
          placeholder={t('targetForm.tagsAdd')}
          splitChars={[',', ' ']}
          value={tagWords}
          error={wrong('tags')}
          onChange={setTagWords}
          acceptValueOnBlur
        />
        <Switch
          mt={4}
          label={t('targetList.exposed')}
          description={t('targetList.exposedHint')}
          checked={input.exposed !== false}
          onChange={event => set({ exposed: event.currentTarget.checked })}
        />
        {target !== undefined && (
          <Switch
            mt={4}
            label={t('targetForm.disabled')}
            description={t('targetForm.enabledHint')}
            checked={input.disabled === true}
            onChange={event => set({ disabled: event.currentTarget.checked })}
          />
        )}
        <Problem error={save.error ?? test.error} />
        <Group justify="space-between" mt="xs">
          <Group gap="xs">
            <Button variant="default" loading={test.isPending} onClick={() => ifRight(test.mutate)}>
              {t('targets.test')}
            </Button>
            <TestResult protocol={input.protocol} test={test.data} />
          </Group>
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Group>
        {test.data?.ok === false && (
          <span style={{ color: 'var(--s-bad-ink)' }}>{said(test.data.message)}</span>
        )}
      </Stack>
    </form>
  )
}

interface FieldsProps {
  readonly input: TargetInput
  readonly set: (change: Partial<TargetInput>) => void
}

function ProductField({ input, set }: FieldsProps) {
  const { t } = useWords()
  const choose = (protocol: TargetProtocol) => {
    // A port that somebody typed stays.
    const port = input.port === usualPorts[input.protocol] ? usualPorts[protocol] : input.port
    set({ protocol, port })
  }
  return (
    <Select
      label={t('targetForm.product')}
      data={Object.entries(productOf).map(([value, label]) => ({ value, label }))}
      value={input.protocol}
      allowDeselect={false}
      onChange={value => choose(value as TargetProtocol)}
    />
  )
}

function WhereFields(
  props: FieldsProps & {
    readonly isNew: boolean
    readonly wrong: (field: 'host' | 'port' | 'database' | 'account' | 'password') => string | undefined
  },
) {
  const { t } = useWords()
  const { input, set, wrong } = props
  return (
    <>
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          label={t('targetForm.host')}
          value={input.host}
          error={wrong('host')}
          onChange={event => set({ host: event.currentTarget.value.trim() })}
        />
        <NumberInput
          w={110}
          label={t('targetForm.port')}
          value={input.port}
          error={wrong('port')}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          onChange={value => set({ port: Number(value) })}
        />
      </Group>
      <TextInput
        label={t('targetForm.database')}
        value={input.database}
        error={wrong('database')}
        onChange={event => set({ database: event.currentTarget.value })}
      />
      <TextInput
        label={t('targetForm.account')}
        description={t('targetForm.accountHint')}
        autoComplete="off"
        value={input.account}
        error={wrong('account')}
        onChange={event => set({ account: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('targetForm.password')}
        description={props.isNew ? undefined : t('targetForm.passwordKeep')}
        autoComplete="new-password"
        value={input.password ?? ''}
        error={wrong('password')}
        onChange={event => set({ password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
      />
    </>
  )
}

function TlsFields({ input, set }: FieldsProps) {
  const { t } = useWords()
  const modes: readonly { readonly value: TlsMode; readonly label: string }[] = [
    { value: 'verify-full', label: t('targetForm.tlsVerifyFull') },
    { value: 'require', label: t('targetForm.tlsRequire') },
    { value: 'prefer', label: t('targetForm.tlsPrefer') },
    { value: 'disable', label: t('targetForm.tlsDisable') },
  ]
  return (
    <>
      <Select
        label={t('targetForm.tls')}
        data={modes}
        value={input.tls}
        allowDeselect={false}
        onChange={value => set({ tls: value as TlsMode })}
      />
      {input.tls === 'verify-full' && (
        <Textarea
          label={t('targetForm.tlsCa')}
          description={t('targetForm.tlsCaHint')}
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={3}
          maxRows={8}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.75rem' } }}
          value={input.tlsCa ?? ''}
          onChange={event => set({ tlsCa: event.currentTarget.value })}
        />
      )}
    </>
  )
}
