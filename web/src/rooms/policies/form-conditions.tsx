// Conditions of a policy, one row each.

import {
  ActionIcon,
  Button,
  Menu,
  NumberInput,
  SegmentedControl,
  Select,
  TagsInput,
  TextInput,
} from '@mantine/core'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import type { FormCondition } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import { PeopleField, PlacesField } from './form-fields.tsx'
import { type ConditionKind, conditionKinds, firstOf } from './form-words.ts'

export function Conditions(props: {
  readonly label: string
  readonly add: string
  readonly conditions: readonly FormCondition[]
  readonly onChange: (conditions: readonly FormCondition[]) => void
}) {
  const { t } = useWords()
  const { conditions, onChange } = props
  const add = (kind: ConditionKind) => onChange([...conditions, firstOf[kind]])
  return (
    <div className="policy-form__conditions" role="group" aria-label={props.label}>
      {conditions.map((condition, index) => (
        <div key={index} className="policy-form__condition">
          <span className="policy-form__kind">{t(`policyForm.kind_${condition.kind}`)}</span>
          <div className="policy-form__values">
            <ConditionFields
              condition={condition}
              onChange={changed => onChange(conditions.toSpliced(index, 1, changed))}
            />
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${t('policyForm.removeCondition')}: ${t(`policyForm.kind_${condition.kind}`)}`}
            onClick={() => onChange(conditions.toSpliced(index, 1))}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Menu position="bottom-start" shadow="sm">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />}>
            {props.add}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {conditionKinds.map(kind => (
            <Menu.Item key={kind} onClick={() => add(kind)}>
              {t(`policyForm.kind_${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

function IsOrNot(props: { readonly is: boolean; readonly onChange: (is: boolean) => void }) {
  const { t } = useWords()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('policyForm.isOrNot')}
      value={props.is ? 'is' : 'not'}
      onChange={value => props.onChange(value === 'is')}
      data={[
        { value: 'is', label: t('policyForm.is') },
        { value: 'not', label: t('policyForm.isNot') },
      ]}
    />
  )
}

const comparisons = ['<', '<=', '>', '>=', '==', '!='] as const

function ConditionFields(props: {
  readonly condition: FormCondition
  readonly onChange: (condition: FormCondition) => void
}) {
  const { t } = useWords()
  const { condition, onChange } = props
  const not = 'is' in condition && (
    <IsOrNot is={condition.is} onChange={is => onChange({ ...condition, is })} />
  )
  switch (condition.kind) {
    case 'tag':
      return (
        <>
          <TextInput
            size="xs"
            w={110}
            aria-label={t('policyForm.tagName')}
            value={condition.tag}
            onChange={event => onChange({ ...condition, tag: event.currentTarget.value })}
          />
          {not}
          <TagsInput
            size="xs"
            aria-label={t('policyForm.tagValues')}
            placeholder={condition.values.length === 0 ? t('policyForm.tagValues') : ''}
            value={[...condition.values]}
            onChange={values => onChange({ ...condition, values })}
          />
        </>
      )
    case 'person':
      return (
        <>
          {not}
          <PeopleField
            label={t('policyForm.who')}
            hideLabel
            empty={t('policyForm.chooseWho')}
            people={condition.people}
            onChange={people => onChange({ ...condition, people })}
          />
        </>
      )
    case 'place':
      return (
        <>
          {not}
          <PlacesField
            label={t('policyForm.where')}
            hideLabel
            empty={t('policyForm.choosePlaces')}
            places={condition.places}
            onChange={places => onChange({ ...condition, places })}
          />
        </>
      )
    case 'time':
      return (
        <>
          <Select
            size="xs"
            w={190}
            aria-label={t('policyForm.fact')}
            allowDeselect={false}
            data={(['localHour', 'localWeekday', 'hour', 'weekday'] as const).map(fact => ({
              value: fact,
              label: t(`policyForm.fact_${fact}`),
            }))}
            value={condition.fact}
            onChange={fact => fact !== null && onChange({ ...condition, fact })}
          />
          <Select
            size="xs"
            w={74}
            aria-label={t('policyForm.comparison')}
            allowDeselect={false}
            data={comparisons.map(value => ({ value, label: signOf[value] }))}
            value={condition.comparison}
            onChange={comparison => comparison !== null && onChange({ ...condition, comparison })}
          />
          <NumberInput
            size="xs"
            w={74}
            min={0}
            max={24}
            aria-label={t('policyForm.value')}
            value={condition.value}
            onChange={value => typeof value === 'number' && onChange({ ...condition, value })}
          />
        </>
      )
    case 'date':
      return (
        <>
          <Select
            size="xs"
            w={110}
            aria-label={t('policyForm.comparison')}
            allowDeselect={false}
            data={[
              { value: '<' as const, label: t('policyForm.before') },
              { value: '>=' as const, label: t('policyForm.from') },
            ]}
            value={condition.comparison}
            onChange={comparison => comparison !== null && onChange({ ...condition, comparison })}
          />
          <TextInput
            size="xs"
            w={200}
            aria-label={t('policyForm.date')}
            value={condition.value}
            onChange={event => onChange({ ...condition, value: event.currentTarget.value })}
          />
        </>
      )
    case 'address':
      return (
        <>
          {not}
          <TagsInput
            size="xs"
            aria-label={t('policyForm.ranges')}
            placeholder={condition.ranges.length === 0 ? '10.0.0.0/8' : ''}
            value={[...condition.ranges]}
            onChange={ranges => onChange({ ...condition, ranges })}
          />
        </>
      )
    case 'program':
      return (
        <>
          {not}
          <TextInput
            size="xs"
            aria-label={t('policyForm.pattern')}
            value={condition.pattern}
            onChange={event => onChange({ ...condition, pattern: event.currentTarget.value })}
          />
        </>
      )
    case 'cedar':
      return (
        <TextInput
          size="xs"
          className="policy-form__wide"
          classNames={{ input: 'mono' }}
          aria-label={t('policyForm.kind_cedar')}
          value={condition.text}
          onChange={event => onChange({ ...condition, text: event.currentTarget.value })}
        />
      )
    default:
      return not
  }
}

const signOf = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '==': '=', '!=': '≠' } as const
