// What changed between two versions of the policies.

import { diffLines, foldSame } from '../../format/line-diff.ts'
import { useWords } from '../../parts/words.ts'

const around = 3
const signs = { same: ' ', added: '+', removed: '−' } as const

export function VersionDiff(props: { readonly before: string; readonly after: string }) {
  const { t } = useWords()
  const lines = diffLines(props.before, props.after)
  if (lines.every(line => line.kind === 'same')) {
    return <p className="version-diff__none dim">{t('policies.noChanges')}</p>
  }
  return (
    <div className="version-diff" role="region" aria-label={t('policies.changes')} tabIndex={0}>
      {foldSame(lines, around).map((line, index) =>
        line.kind === 'skipped' ? (
          <div key={index} className="version-diff__skipped">
            {t('policies.unchanged', { count: line.count })}
          </div>
        ) : (
          <div key={index} className="version-diff__line" data-kind={line.kind}>
            <span aria-label={line.kind === 'same' ? undefined : t(`policies.${line.kind}`)}>
              {signs[line.kind]}
            </span>
            <code>{line.text}</code>
          </div>
        ),
      )}
    </div>
  )
}
