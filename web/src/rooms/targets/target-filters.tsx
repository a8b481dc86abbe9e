// Narrowing the list of targets: by tags, state and product, and gathering them by the values of a tag.

import { Button, MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TargetPage } from '../../../../src/console/contract.ts'
import { tagKeysQuery } from '../../api/queries.ts'
import { ProductSelect } from '../../parts/product-select.tsx'
import { useWords } from '../../parts/words.ts'
import type { TargetSearch } from './target-search.ts'

export function TargetFilters(props: {
  readonly search: TargetSearch
  readonly page: TargetPage
  readonly onLook: (change: Partial<Record<keyof TargetSearch, unknown>>) => void
}) {
  const { t, count } = useWords()
  const { search, page, onLook } = props
  const keys = useQuery(tagKeysQuery)
  const tags = search.tag === undefined ? [] : search.tag.split(',')
  const offered = (keys.data ?? []).map(({ key, values }) => ({
    group: key,
    items: values.map(({ value, count: carry }) => ({
      value: `${key}=${value}`,
      label: `${key}=${value} (${count(carry)})`,
    })),
  }))
  const known = new Set(offered.flatMap(({ items }) => items.map(({ value }) => value)))
  const unknown = tags.filter(tag => !known.has(tag)).map(tag => ({ value: tag, label: tag }))
  const isFiltered = page.total < page.all
  return (
    <div className="list-tools">
      <MultiSelect
        size="xs"
        miw={200}
        maw={420}
        aria-label={t('targetList.filterTags')}
        placeholder={tags.length === 0 ? t('targetList.filterTags') : ''}
        data={unknown.length === 0 ? offered : [...offered, { group: '…', items: unknown }]}
        value={tags}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        limit={100}
        nothingFoundMessage={t('common.noMatch')}
        onChange={next => onLook({ tag: next.length === 0 ? undefined : next.join(',') })}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('targetList.state')}
        placeholder={t('targetList.anyState')}
        data={[
          ...(['reachable', 'unreachable', 'unknown'] as const).map(state => ({
            value: state,
            label: t(`targetList.${state}`),
          })),
          { value: 'off', label: t('targets.disabled') },
        ]}
        value={search.off === true ? 'off' : (search.state ?? null)}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        onChange={value =>
          onLook(
            value === 'off' ? { off: true, state: undefined } : { off: undefined, state: value ?? undefined },
          )
        }
      />
      <ProductSelect value={search.protocol} onChange={protocol => onLook({ protocol })} />
      <Select
        size="xs"
        w={170}
        aria-label={t('targetList.groupBy')}
        placeholder={t('targetList.groupBy')}
        data={(keys.data ?? []).map(({ key }) => ({ value: key, label: t('targetList.by', { key }) }))}
        value={search.group ?? null}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        onChange={group => onLook({ group: group ?? undefined })}
      />
      {isFiltered && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => onLook({ tag: undefined, state: undefined, protocol: undefined, off: undefined })}
        >
          {t('targetList.clearFilters')}
        </Button>
      )}
      <span className="list-tools__count" role="status">
        {isFiltered
          ? t('targetList.countOf', { shown: count(page.total), all: count(page.all) })
          : t('targetList.count', { count: page.all, replace: { count: count(page.all) } })}
      </span>
    </div>
  )
}
