// One policy as a form. What it says is written as Cedar beside it as one types.

import { Chip as Choice, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FormCondition, PolicyForm } from '../../../../src/console/contract.ts'
import { useWords } from '../../parts/words.ts'
import { Conditions } from './form-conditions.tsx'
import { Demands } from './form-demands.tsx'
import { PeopleField, PlacesField } from './form-fields.tsx'
import { actionNames } from './form-words.ts'

export function PolicyFormFields(props: {
  readonly form: PolicyForm
  readonly onChange: (form: PolicyForm) => void
}) {
  const { t } = useWords()
  const { form, onChange } = props
  const put = (change: Partial<PolicyForm>) => onChange({ ...form, ...change })
  const putExceptions = (index: number, block: readonly FormCondition[]) =>
    put({
      exceptions:
        block.length === 0 ? form.exceptions.toSpliced(index, 1) : form.exceptions.toSpliced(index, 1, block),
    })
  return (
    <div className="policy-form">
      <div className="policy-form__head">
        <TextInput
          label={t('policyForm.name')}
          value={form.name}
          onChange={event => put({ name: event.currentTarget.value })}
        />
        <SegmentedControl
          aria-label={t('policyForm.effect')}
          value={form.effect}
          onChange={effect => put({ effect: effect === 'forbid' ? 'forbid' : 'permit' })}
          data={[
            { value: 'permit', label: t('policyForm.permit') },
            { value: 'forbid', label: t('policyForm.forbid') },
          ]}
        />
        <Switch
          label={t('policyForm.enabled')}
          checked={!form.disabled}
          onChange={event => put({ disabled: !event.currentTarget.checked })}
        />
      </div>
      <PeopleField
        label={t('policyForm.who')}
        empty={t('policyForm.everybody')}
        people={form.who}
        onChange={who => put({ who })}
      />
      <fieldset className="policy-form__actions">
        <legend>{t('policyForm.actions')}</legend>
        <Choice.Group
          multiple
          value={[...form.actions]}
          onChange={actions => put({ actions: inOrder(actions) })}
        >
          {actionNames.map(action => (
            <Choice key={action} value={action} size="xs" title={t(`policyForm.action_${action}`)}>
              {action}
            </Choice>
          ))}
        </Choice.Group>
        {form.actions.length === 0 && <p className="dim">{t('policyForm.everyAction')}</p>}
      </fieldset>
      <PlacesField
        label={t('policyForm.where')}
        empty={t('policyForm.everywhere')}
        places={form.where}
        onChange={where => put({ where })}
      />
      <Section title={t('policyForm.conditions')}>
        <Conditions
          label={t('policyForm.conditions')}
          add={t('policyForm.addCondition')}
          conditions={form.conditions}
          onChange={conditions => put({ conditions })}
        />
      </Section>
      <Section title={t('policyForm.exceptions')}>
        {form.exceptions.map((block, index) => (
          <Conditions
            key={index}
            label={t('policyForm.exceptions')}
            add={t('policyForm.addException')}
            conditions={block}
            onChange={changed => putExceptions(index, changed)}
          />
        ))}
        {form.exceptions.length === 0 && (
          <Conditions
            label={t('policyForm.exceptions')}
            add={t('policyForm.addException')}
            conditions={[]}
            onChange={block => put({ exceptions: [block] })}
          />
        )}
      </Section>
      {(form.effect === 'permit' || hasDemands(form)) && (
        <Section title={t('policyForm.demands')}>
          <Demands annotations={form.annotations} onChange={annotations => put({ annotations })} />
        </Section>
      )}
      <Textarea
        label={t('policyForm.description')}
        autosize
        minRows={1}
        value={form.annotations['description'] ?? ''}
        onChange={event => put({ annotations: described(form, event.currentTarget.value) })}
      />
    </div>
  )
}

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="policy-form__section" aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  )
}

const inOrder = (actions: readonly string[]): readonly string[] => [
  ...actionNames.filter(action => actions.includes(action)),
  ...actions.filter(action => !(actionNames as readonly string[]).includes(action)),
]

const hasDemands = ({ annotations }: PolicyForm): boolean =>
  Object.keys(annotations).some(name => name !== 'description' && name !== 'label')

function described({ annotations }: PolicyForm, text: string): PolicyForm['annotations'] {
  const { description: _, ...others } = annotations
  return text === '' ? others : { description: text, ...others }
}
