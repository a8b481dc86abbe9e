// What the policies mean in plain words, and what is wrong with their text.

import { Loader } from '@mantine/core'
import type { EditorView } from '@codemirror/view'
import type { RefObject } from 'react'
import type { PolicyCheck, PolicyMeaning } from '../../../../src/console/contract.ts'
import { Chip } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'

export function Problems(props: {
  readonly problems: PolicyCheck['problems']
  readonly checking: boolean
  readonly view: RefObject<EditorView | undefined>
}) {
  const { t } = useWords()
  const { problems } = props
  const wrong = problems.some(problem => problem.severity === 'error')
  const goTo = (line: number, column: number) => {
    const { current } = props.view
    if (current === undefined) return
    const found = current.state.doc.line(Math.min(Math.max(1, line), current.state.doc.lines))
    current.dispatch({
      selection: { anchor: Math.min(found.to, found.from + column - 1) },
      scrollIntoView: true,
    })
    current.focus()
  }
  return (
    <div className="problems" role="status">
      <div className="problems__head">
        {problems.length === 0 ? (
          <Chip tone="ok">{t('policies.noProblems')}</Chip>
        ) : (
          <Chip tone={wrong ? 'bad' : 'warn'}>{t('policies.problems', { count: problems.length })}</Chip>
        )}
        {props.checking && <Loader size={12} aria-label={t('policies.checking')} />}
      </div>
      {problems.map((problem, index) => (
        <button
          key={index}
          type="button"
          className="problems__one"
          data-severity={problem.severity}
          onClick={() => goTo(problem.line, problem.column)}
        >
          <span className="dim number">
            {t(`policies.${problem.severity}`)} ·{' '}
            {t('policies.problemAt', { line: problem.line, column: problem.column })}
          </span>
          {problem.message}
        </button>
      ))}
    </div>
  )
}

export function Meanings({ meanings }: { readonly meanings: readonly PolicyMeaning[] }) {
  const { t } = useWords()
  if (meanings.length === 0) return <p className="dim">{t('policies.emptyMeanings')}</p>
  return (
    <ul className="meanings">
      {meanings.map(meaning => (
        <Meaning key={meaning.name} meaning={meaning} />
      ))}
    </ul>
  )
}

function Meaning({ meaning }: { readonly meaning: PolicyMeaning }) {
  const { t, count } = useWords()
  return (
    <li>
      <div className="meanings__head">
        <Chip tone={meaning.effect === 'permit' ? 'ok' : 'bad'}>{t(`policies.${meaning.effect}`)}</Chip>
        <code className="mono">{meaning.name}</code>
      </div>
      <p>{meaning.meaning}</p>
      {meaning.rowFilter !== undefined && (
        <p>
          <span className="dim">{t('policies.rowFilter')}</span>{' '}
          <code className="mono">{meaning.rowFilter}</code>
        </p>
      )}
      {(meaning.rowLimit !== undefined || meaning.strength === 'strict') && (
        <p className="meanings__marks">
          {meaning.rowLimit !== undefined && (
            <Chip tone="outline">
              {t('policies.rowLimit', {
                count: meaning.rowLimit,
                replace: { count: count(meaning.rowLimit) },
              })}
            </Chip>
          )}
          {meaning.strength === 'strict' && <Chip tone="outline">{t('policies.strict')}</Chip>}
        </p>
      )}
    </li>
  )
}
