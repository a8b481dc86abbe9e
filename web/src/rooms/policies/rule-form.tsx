// One query rule: which statements it is for, and what happens to them.

import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { QueryRule } from '../../../../src/console/contract.ts'
import { useFoundTargets } from '../../parts/found-targets.ts'
import { useWords } from '../../parts/words.ts'

const blank: QueryRule = { name: '', verdict: 'deny', match: 'pattern', value: '', note: '' }
const verdicts = ['deny', 'allow', 'noise'] as const
const matches = ['pattern', 'shape', 'text'] as const
const families = ['postgres', 'mysql'] as const

export function RuleForm(props: {
  readonly rule: QueryRule | undefined
  readonly names: readonly string[]
  /** Nothing: the rule goes. */
  readonly onDone: (rule: QueryRule | undefined) => void
}) {
  const { t } = useWords()
  const [rule, setRule] = useState(props.rule ?? blank)
  const set = (change: Partial<QueryRule>) => setRule({ ...rule, ...change })
  const isTaken = props.names.includes(rule.name)
  const isFit = rule.name.trim() !== '' && rule.value.trim() !== '' && !isTaken
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isFit) props.onDone(rule)
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('rules.name')}
          data-autofocus
          value={rule.name}
          error={isTaken && t('rules.taken')}
          onChange={event => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t('rules.verdict')}
          description={t(`rules.${rule.verdict}Hint`)}
          allowDeselect={false}
          value={rule.verdict}
          data={verdicts.map(value => ({ value, label: t(`rules.${value}`) }))}
          onChange={value => set({ verdict: value as QueryRule['verdict'] })}
        />
        <Select
          label={t('rules.match')}
          description={t(`rules.${rule.match}Hint`)}
          allowDeselect={false}
          value={rule.match}
          data={matches.map(value => ({ value, label: t(`rules.${value}`) }))}
          onChange={value => set({ match: value as QueryRule['match'] })}
        />
        <Textarea
          label={t('rules.statements')}
          autosize
          minRows={2}
          className="mono"
          value={rule.value}
          onChange={event => set({ value: event.currentTarget.value })}
        />
        <WhereField rule={rule} onChange={setRule} />
        <TextInput
          label={t('rules.note')}
          value={rule.note}
          onChange={event => set({ note: event.currentTarget.value })}
        />
        <Group justify="space-between" mt="xs">
          {props.rule === undefined ? (
            <span />
          ) : (
            <Button variant="subtle" color="red" onClick={() => props.onDone(undefined)}>
              {t('rules.remove')}
            </Button>
          )}
          <Button type="submit" disabled={!isFit}>
            {t('rules.take')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Everywhere, the targets of one family, or one target of however many. */
function WhereField(props: { readonly rule: QueryRule; readonly onChange: (rule: QueryRule) => void }) {
  const { t } = useWords()
  const { target, protocol, ...rest } = props.rule
  const [search, setSearch] = useState('')
  // What is shown as chosen is not what somebody searches for.
  const chosen = target ?? (protocol === undefined ? '' : t(`rules.${protocol}`))
  const typed = search === chosen ? '' : search
  const found = useFoundTargets(typed).map(({ name }) => name)
  const names = target === undefined || found.includes(target) ? found : [target, ...found]
  const fitting = families.filter(
    family => family === protocol || t(`rules.${family}`).toLowerCase().includes(typed.toLowerCase()),
  )
  return (
    <Select
      label={t('rules.where')}
      clearable
      searchable
      // The server has filtered already.
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage={t('common.noMatch')}
      placeholder={t('rules.everywhere')}
      value={target === undefined ? (protocol ?? null) : `target ${target}`}
      data={[
        ...fitting.map(value => ({ value, label: t(`rules.${value}`) })),
        ...names.map(name => ({ value: `target ${name}`, label: name })),
      ]}
      onChange={value => {
        if (value === 'postgres' || value === 'mysql') props.onChange({ ...rest, protocol: value })
        else props.onChange(value === null ? rest : { ...rest, target: value.slice('target '.length) })
      }}
    />
  )
}
