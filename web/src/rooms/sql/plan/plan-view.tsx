// The plan of a statement as a tree, with a bar for each step's own share; the hottest one stands out. Raw text beside it.

import { SegmentedControl } from '@mantine/core'
import IconFlame from '@tabler/icons-react/dist/esm/icons/IconFlame.mjs'
import { useMemo, useState } from 'react'
import { CopyText } from '../../../parts/copy.tsx'
import { useWords } from '../../../parts/words.ts'
import { hottest, type Plan, type PlanNode } from './plan-tree.ts'

export function PlanView({ plan, text }: { readonly plan: Plan; readonly text: string }) {
  const { t } = useWords()
  const [raw, setRaw] = useState(false)
  const [chosen, setChosen] = useState<PlanNode>()
  const hot = useMemo(() => hottest(plan.root), [plan])
  const shown = chosen ?? hot
  return (
    <div className="plan">
      <div className="plan__bar">
        <SegmentedControl
          size="xs"
          aria-label={t('sqlPlan.view')}
          value={raw ? 'raw' : 'tree'}
          onChange={next => setRaw(next === 'raw')}
          data={[
            { value: 'tree', label: t('sqlPlan.tree') },
            { value: 'raw', label: t('sqlPlan.raw') },
          ]}
        />
        <span className="dim">{t(`sqlPlan.share_${plan.unit}`)}</span>
        <span style={{ flex: 1 }} />
        <CopyText value={text}>{t('common.copy')}</CopyText>
      </div>
      {raw ? (
        <pre className="plan__raw">{text}</pre>
      ) : (
        <div className="plan__body">
          <div className="plan__tree" role="tree" aria-label={t('sqlPlan.tree')}>
            <Step node={plan.root} level={1} hot={hot} plan={plan} chosen={shown} onChoose={setChosen} />
          </div>
          <aside className="plan__facts" aria-label={t('sqlPlan.details')}>
            <strong>{shown.title}</strong>
            {shown.about !== undefined && <span className="mono">{shown.about}</span>}
            <dl className="facts">
              {shown.facts.map(([name, value]) => (
                <div key={name} style={{ display: 'contents' }}>
                  <dt>{name}</dt>
                  <dd className="mono">{value}</dd>
                </div>
              ))}
            </dl>
          </aside>
        </div>
      )}
    </div>
  )
}

function Step(props: {
  readonly node: PlanNode
  readonly level: number
  readonly hot: PlanNode
  readonly plan: Plan
  readonly chosen: PlanNode
  readonly onChoose: (node: PlanNode) => void
}) {
  const { t, count, duration } = useWords()
  const { node, level, hot, plan } = props
  const percent = hot.share === 0 ? 0 : (node.share / hot.share) * 100
  const isHot = node === hot && hot.share > 0
  return (
    <>
      <div
        role="treeitem"
        aria-level={level}
        aria-selected={node === props.chosen}
        tabIndex={0}
        className="plan__step"
        data-hot={isHot || undefined}
        onClick={() => props.onChoose(node)}
        onKeyDown={event => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault()
            props.onChoose(node)
          }
        }}
      >
        <span className="plan__name" style={{ paddingLeft: (level - 1) * 18 }}>
          {level > 1 && <span className="plan__branch" aria-hidden="true" />}
          {isHot && <IconFlame size={14} aria-label={t('sqlPlan.hottest')} />}
          <strong>{node.title}</strong>
          {node.about !== undefined && <span className="mono dim">{node.about}</span>}
        </span>
        <span className="plan__figures number">
          {node.rows !== undefined && (
            <span>
              {t('sqlPlan.rows', { rows: count(node.rows) })}
              {node.countedRows !== undefined && ` → ${count(node.countedRows)}`}
            </span>
          )}
          {node.timeMs !== undefined && <span>{duration(node.timeMs)}</span>}
          {node.timeMs === undefined && node.cost !== undefined && (
            <span>{t('sqlPlan.cost', { cost: count(Math.round(node.cost * 100) / 100) })}</span>
          )}
        </span>
        <span className="plan__share" aria-hidden="true" title={t(`sqlPlan.share_${plan.unit}`)}>
          <span style={{ width: `${percent}%` }} />
        </span>
      </div>
      {node.children.map((child, index) => (
        <Step key={index} {...props} node={child} level={level + 1} />
      ))}
    </>
  )
}
