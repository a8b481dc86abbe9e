// The value of one cell in full, beside the grid: as a tree, as text, as bytes, as a moment.

import { ActionIcon, SegmentedControl } from '@mantine/core'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useMemo, useState } from 'react'
import type { ResultColumn } from '../../../../src/console/contract.ts'
import { CopyText } from '../../parts/copy.tsx'
import { useWords } from '../../parts/words.ts'
import { type CellKind, cellKind, hexLines } from './cell-kind.ts'
import { JsonTree } from './json-tree.tsx'

const hexLinesMax = 4_096

export function CellPanel(props: {
  readonly column: ResultColumn | undefined
  readonly row: number
  readonly value: string | null
  readonly onClose: () => void
}) {
  const { t, count } = useWords()
  const { column, value } = props
  const kind = useMemo(() => cellKind(value, column?.type ?? ''), [value, column])
  const [asText, setAsText] = useState(false)
  const hasForms = kind.kind === 'json' || kind.kind === 'bytes'
  return (
    <aside className="cell-panel" aria-label={t('sql.cell', { column: column?.name ?? '' })}>
      <header>
        <div>
          <strong>{column?.name}</strong>
          <span className="dim">
            {column?.type} · {t('sqlResults.rowAt', { row: count(props.row + 1) })}
          </span>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.close')} onClick={props.onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      {hasForms && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('sqlResults.shownAs')}
          value={asText ? 'text' : 'form'}
          onChange={next => setAsText(next === 'text')}
          data={[
            { value: 'form', label: t(kind.kind === 'json' ? 'sqlResults.asTree' : 'sqlResults.asHex') },
            { value: 'text', label: t('sqlResults.asText') },
          ]}
        />
      )}
      <div className="cell-panel__value">
        <Value kind={asText ? { kind: 'text' } : kind} value={value} />
      </div>
      <footer>
        <span className="dim number">
          {value !== null &&
            t('sqlResults.chars', { count: value.length, replace: { count: count(value.length) } })}
        </span>
        <CopyText value={value ?? ''}>{t('common.copy')}</CopyText>
      </footer>
    </aside>
  )
}

function Value({ kind, value }: { readonly kind: CellKind; readonly value: string | null }) {
  const { t } = useWords()
  switch (kind.kind) {
    case 'null':
      return <span className="cell-panel__null">{t('sql.nullWord')}</span>
    case 'json':
      return <JsonTree value={kind.value} />
    case 'bytes':
      return <Bytes bytes={kind.bytes} />
    case 'time':
      return <Moment value={value ?? ''} atMs={kind.atMs} />
    default:
      return value === '' ? (
        <span className="cell-panel__null">{t('sqlResults.emptyText')}</span>
      ) : (
        <pre>{value}</pre>
      )
  }
}

function Bytes({ bytes }: { readonly bytes: Uint8Array }) {
  const { t, bytes: size } = useWords()
  const lines = hexLines(bytes, hexLinesMax)
  return (
    <>
      <p className="dim">{size(bytes.length)}</p>
      <pre className="cell-panel__hex">{lines.join('\n')}</pre>
      {bytes.length > lines.length * 16 && <p className="dim">{t('sqlResults.cut')}</p>}
    </>
  )
}

function Moment({ value, atMs }: { readonly value: string; readonly atMs: number | undefined }) {
  const { t, time, relative } = useWords()
  return (
    <dl className="facts">
      <dt>{t('sqlResults.value')}</dt>
      <dd className="number">{value}</dd>
      {atMs !== undefined && (
        <>
          <dt>{t('sqlResults.localTime')}</dt>
          <dd className="number">{time(atMs)}</dd>
          <dt>UTC</dt>
          <dd className="number">{new Date(atMs).toISOString()}</dd>
          <dt>{t('sqlResults.distance')}</dt>
          <dd>{relative(atMs)}</dd>
        </>
      )}
    </dl>
  )
}
