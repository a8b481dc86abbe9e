// The panel beside the editor: history, saved queries, jobs.

import { ActionIcon } from '@mantine/core'
import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import type { TargetRow } from '../../../../../src/console/contract.ts'
import { useWords } from '../../../parts/words.ts'
import type { SqlTab } from '../kept-tabs.ts'
import { HistoryPanel } from './history-panel.tsx'
import { JobsPanel } from './jobs-panel.tsx'
import { SavedPanel } from './saved-panel.tsx'

export type PanelName = 'history' | 'saved' | 'jobs'
const panels: readonly PanelName[] = ['saved', 'history', 'jobs']

export interface PanelProps {
  readonly target: TargetRow
  /** Opens a text in a tab of its own. */
  readonly onOpen: (targetId: string, more: Partial<Pick<SqlTab, 'text' | 'name' | 'saved'>>) => void
}

export function SidePanel(
  props: PanelProps & {
    readonly panel: PanelName
    readonly onPanel: (panel: PanelName | undefined) => void
  },
) {
  const { t } = useWords()
  const { panel, onPanel } = props
  return (
    <aside className="side" aria-label={t(`sqlPanels.${panel}`)}>
      <header className="side__head">
        <div role="tablist" className="results__tabs" aria-label={t('sqlPanels.panels')}>
          {panels.map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={panel === name}
              className="results__tab"
              onClick={() => onPanel(name)}
            >
              {t(`sqlPanels.${name}`)}
            </button>
          ))}
        </div>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('sqlPanels.close')}
          onClick={() => onPanel(undefined)}
        >
          <IconX size={16} />
        </ActionIcon>
      </header>
      {panel === 'history' && <HistoryPanel {...props} />}
      {panel === 'saved' && <SavedPanel {...props} />}
      {panel === 'jobs' && <JobsPanel />}
    </aside>
  )
}
