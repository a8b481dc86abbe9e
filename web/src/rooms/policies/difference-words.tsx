// What two sets of policies permit differently, said in words.

import { Loader } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type {
  ChangedPlace,
  Difference,
  PolicySource,
  RightChange,
  Terms,
} from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { Chip, type ChipTone } from '../../parts/chips.tsx'
import { Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useTermWords } from './term-words.ts'

const tones: Readonly<Record<RightChange['change'], ChipTone>> = {
  gains: 'ok',
  'gains-partly': 'ok',
  loses: 'bad',
  'loses-partly': 'bad',
  terms: 'warn',
}
const placesShown = 4
const examplesShown = 4

export function DifferenceInWords(props: { readonly before: PolicySource; readonly after: PolicySource }) {
  const { t } = useWords()
  const { before, after } = props
  const difference = useQuery({
    queryKey: ['policies', 'difference', before, after],
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: () => call('POST /api/policies/difference', { in: { before, after } }),
  })
  return (
    <section className="difference" aria-label={t('difference.title')}>
      <Problem error={difference.error} />
      {difference.isPending && <Loader size="xs" aria-label={t('app.loading')} />}
      {difference.data !== undefined && <Sentences difference={difference.data} />}
    </section>
  )
}

function Sentences({ difference }: { readonly difference: Difference }) {
  const { t } = useWords()
  const { changes, unknownTargets } = difference
  const names = (['added', 'removed', 'changed'] as const).filter(kind => difference[kind].length > 0)
  return (
    <>
      {changes.length === 0 && <p>{t('difference.none')}</p>}
      <ul className="difference__list">
        {changes.map((change, index) => (
          <Sentence key={index} change={change} />
        ))}
      </ul>
      {names.map(kind => (
        <p key={kind} className="dim">
          {t(`difference.${kind}`, { names: difference[kind].join(', ') })}
        </p>
      ))}
      {unknownTargets.length > 0 && (
        <p className="dim">{t('difference.unknown', { names: unknownTargets.join(', ') })}</p>
      )}
      {!difference.complete && <p className="dim">{t('difference.incomplete')}</p>}
    </>
  )
}

function Sentence({ change }: { readonly change: RightChange }) {
  const { t } = useWords()
  const wordPlace = usePlaceWords()
  const termWords = useTermWords()
  const { subject, places } = change
  const who =
    subject.kind === 'group' || subject.kind === 'user'
      ? t(`difference.${subject.kind}`, { name: subject.name })
      : t(`difference.${subject.kind}`)
  const shown = places.slice(0, placesShown).map(wordPlace)
  const more = places.length - shown.length
  const where = [...shown, ...(more > 0 ? [t('difference.more', { count: more })] : [])].join(
    t('difference.comma'),
  )
  const sentence = t(`difference.${underscored(change.change)}`, {
    who,
    actions: change.actions.join(', '),
    where,
  })
  const examples = places.flatMap(place => place.examples.map(name => `${place.target}: ${name}`))
  const isAboutTerms = change.change === 'terms'
  const asked = isAboutTerms ? change.before : change.after
  return (
    <li>
      <Chip tone={tones[change.change]}>{t(`difference.sign_${underscored(change.change)}`)}</Chip> {sentence}
      {isAboutTerms && (
        <span className="difference__terms dim">
          {wordsOf(change.before, termWords, t('difference.noTerms'))} →{' '}
          {wordsOf(change.after, termWords, t('difference.noTerms'))}
        </span>
      )}
      {!isAboutTerms && tones[change.change] === 'ok' && Object.keys(asked).length > 0 && (
        <span className="difference__terms dim">{wordsOf(asked, termWords, '')}</span>
      )}
      {examples.length > 0 && (
        <span className="difference__examples mono dim">
          {examples.slice(0, examplesShown).join(', ')}
          {examples.length > examplesShown && ' …'}
        </span>
      )}
    </li>
  )
}

const underscored = (change: RightChange['change']) =>
  change === 'gains-partly' ? 'gains_partly' : change === 'loses-partly' ? 'loses_partly' : change

const wordsOf = (terms: Terms, words: (terms: Terms) => readonly string[], none: string): string =>
  words(terms).join(' ') || none

/** `3 columns of 2 tables of shop`. */
function usePlaceWords(): (place: ChangedPlace) => string {
  const { t } = useWords()
  return ({ target, on, tables, columns }) => {
    if (on === 'target') return target
    const tableWords = t('difference.tables', { count: tables })
    return on === 'tables'
      ? t('difference.of', { what: tableWords, target })
      : t('difference.columnsOf', {
          columns: t('difference.columns', { count: columns }),
          tables: tableWords,
          target,
        })
  }
}
