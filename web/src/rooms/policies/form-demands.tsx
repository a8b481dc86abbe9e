// What a permit asks in return: reasons, approvals, filters and limits.

import { ActionIcon, Button, Menu, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import type { PolicyForm } from '../../../../src/console/contract.ts'
import { groupsQuery } from '../../api/queries.ts'
import { useWords } from '../../parts/words.ts'
import { demands } from './form-words.ts'

type Annotations = PolicyForm['annotations']

export function Demands(props: {
  readonly annotations: Annotations
  readonly onChange: (annotations: Annotations) => void
}) {
  const { t } = useWords()
  const { annotations, onChange } = props
  const groups = useQuery(groupsQuery)
  const present = demands.filter(({ annotation }) => Object.hasOwn(annotations, annotation))
  const absent = demands.filter(({ annotation }) => !Object.hasOwn(annotations, annotation))
  const set = (name: string, value: string) => onChange({ ...annotations, [name]: value })
  const remove = (name: string) =>
    onChange(Object.fromEntries(Object.entries(annotations).filter(([other]) => other !== name)))
  return (
    <div className="policy-form__conditions" role="group" aria-label={t('policyForm.demands')}>
      {present.map(({ annotation, input }) => {
        const label = t(`policyForm.demand_${annotation}`)
        const value = annotations[annotation] ?? (annotation === 'approval' ? 'administrators' : '')
        return (
          <div key={annotation} className="policy-form__condition">
            <span className="policy-form__kind">{label}</span>
            <div className="policy-form__values">
              {input === 'group' ? (
                <Select
                  size="xs"
                  aria-label={label}
                  allowDeselect={false}
                  searchable
                  limit={100}
                  data={[
                    ...new Set([
                      'administrators',
                      ...(groups.data ?? []).map(({ name }) => name),
                      ...(value === '' ? [] : [value]),
                    ]),
                  ]}
                  value={value}
                  onChange={chosen => chosen !== null && set(annotation, chosen)}
                />
              ) : (
                (input !== 'none' || (annotation === 'audit' && value !== 'strict')) && (
                  <TextInput
                    size="xs"
                    aria-label={label}
                    className={annotation === 'row_filter' ? 'policy-form__wide' : ''}
                    classNames={{ input: 'mono' }}
                    value={value}
                    onChange={event => set(annotation, event.currentTarget.value)}
                  />
                )
              )}
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${t('policyForm.removeDemand')}: ${label}`}
              onClick={() => remove(annotation)}
            >
              <IconX size={15} />
            </ActionIcon>
          </div>
        )
      })}
      <Menu position="bottom-start" shadow="sm">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />}>
            {t('policyForm.addDemand')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {absent.map(({ annotation, first }) => (
            <Menu.Item key={annotation} onClick={() => set(annotation, first)}>
              {t(`policyForm.demand_${annotation}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
