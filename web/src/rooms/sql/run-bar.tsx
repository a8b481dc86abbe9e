// The bar above the editor: target, how it is committed, what can be done with the text, run and stop.

import { ActionIcon, Button, Group, Menu, SegmentedControl, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconBinaryTree2 from '@tabler/icons-react/dist/esm/icons/IconBinaryTree2.mjs'
import IconBookmark from '@tabler/icons-react/dist/esm/icons/IconBookmark.mjs'
import IconChevronDown from '@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs'
import IconDeviceFloppy from '@tabler/icons-react/dist/esm/icons/IconDeviceFloppy.mjs'
import IconFileImport from '@tabler/icons-react/dist/esm/icons/IconFileImport.mjs'
import IconHistory from '@tabler/icons-react/dist/esm/icons/IconHistory.mjs'
import IconIndentIncrease from '@tabler/icons-react/dist/esm/icons/IconIndentIncrease.mjs'
import IconListCheck from '@tabler/icons-react/dist/esm/icons/IconListCheck.mjs'
import IconPlayerPlayFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerPlayFilled.mjs'
import IconPlayerStopFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerStopFilled.mjs'
import IconPlayerTrackNextFilled from '@tabler/icons-react/dist/esm/icons/IconPlayerTrackNextFilled.mjs'
import IconSitemap from '@tabler/icons-react/dist/esm/icons/IconSitemap.mjs'
import IconStopwatch from '@tabler/icons-react/dist/esm/icons/IconStopwatch.mjs'
import type { ReactNode } from 'react'
import { TargetTags } from '../../parts/chips.tsx'
import { useWords } from '../../parts/words.ts'
import { commandKey } from '../../shell/command-key.ts'
import type { LiveState } from './live-tab.ts'
import type { PanelName } from './panels/side-panel.tsx'
import type { TabRunner } from './tab-runner.ts'
import type { WorkbenchProps } from './workbench.tsx'

interface RunBarProps extends WorkbenchProps {
  readonly state: LiveState
  readonly runner: TabRunner
  readonly selected: boolean
  readonly treeShown: boolean
  readonly panel: PanelName | undefined
  readonly onTree: () => void
  readonly onFormat: () => void
  readonly onSave: () => void
  readonly onImport: () => void
  readonly onPanel: (panel: PanelName | undefined) => void
}

export function RunBar(props: RunBarProps) {
  const { t } = useWords()
  const { tab, target, state, workspace, panel } = props
  const toggle = (name: PanelName) => props.onPanel(panel === name ? undefined : name)
  return (
    <div className="bench__bar">
      <Tool
        label={props.treeShown ? t('sql.hideObjects') : t('sql.showObjects')}
        pressed={props.treeShown}
        onClick={props.onTree}
      >
        <IconBinaryTree2 size={17} />
      </Tool>
      {props.picker}
      <TargetTags tags={target.tags} />
      <SegmentedControl
        size="xs"
        aria-label={t('sqlRun.commitMode')}
        value={tab.commit}
        disabled={state.running}
        onChange={next => workspace.change(tab.id, { commit: next === 'manual' ? 'manual' : 'auto' })}
        data={[
          { value: 'auto', label: t('sqlRun.auto') },
          { value: 'manual', label: t('sqlRun.manual') },
        ]}
      />
      <span style={{ flex: 1 }} />
      <Group gap={2} wrap="nowrap">
        <Tool label={`${t('sqlRun.format')} (${commandKey} + Shift + F)`} onClick={props.onFormat}>
          <IconIndentIncrease size={17} />
        </Tool>
        <Tool label={`${t('sqlRun.save')} (${commandKey} + S)`} onClick={props.onSave}>
          <IconDeviceFloppy size={17} />
        </Tool>
        <Tool label={t('sqlPanels.import')} onClick={props.onImport}>
          <IconFileImport size={17} />
        </Tool>
        <Tool
          label={`${t('sqlPanels.saved')} (Alt + S)`}
          pressed={panel === 'saved'}
          onClick={() => toggle('saved')}
        >
          <IconBookmark size={17} />
        </Tool>
        <Tool
          label={`${t('sqlPanels.history')} (Alt + H)`}
          pressed={panel === 'history'}
          onClick={() => toggle('history')}
        >
          <IconHistory size={17} />
        </Tool>
        <Tool
          label={`${t('sqlPanels.jobs')} (Alt + J)`}
          pressed={panel === 'jobs'}
          onClick={() => toggle('jobs')}
        >
          <IconListCheck size={17} />
        </Tool>
      </Group>
      <RunButtons {...props} />
    </div>
  )
}

function RunButtons({ state, runner, selected, target }: RunBarProps) {
  const { t } = useWords()
  return (
    <>
      <Button
        size="xs"
        variant="default"
        disabled={!state.running}
        leftSection={<IconPlayerStopFilled size={13} />}
        title={`${commandKey} + .`}
        onClick={runner.stop}
      >
        {t('sql.stop')}
      </Button>
      <Button.Group>
        <Button
          size="xs"
          leftSection={<IconPlayerPlayFilled size={13} />}
          rightSection={<span className="bench__key">{commandKey} ⏎</span>}
          onClick={() => runner.run('statement')}
          loading={state.running}
        >
          {selected ? t('sql.runSelection') : t('sql.run')}
        </Button>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button
              size="xs"
              px={6}
              className="bench__more"
              aria-label={t('sqlRun.moreRuns')}
              disabled={state.running}
            >
              <IconChevronDown size={14} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconPlayerTrackNextFilled size={13} />}
              rightSection={<span className="bench__key">Shift {commandKey} ⏎</span>}
              onClick={() => runner.run('all')}
            >
              {t('sqlRun.runAll')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconSitemap size={14} />}
              rightSection={<span className="bench__key">{commandKey} Shift E</span>}
              onClick={runner.explain}
            >
              {t('sqlRun.explain')}
            </Menu.Item>
            {target.protocol === 'postgres' && (
              <Menu.Item
                leftSection={<IconStopwatch size={14} />}
                onClick={() => {
                  if (!runner.measure()) notifications.show({ message: t('sqlRun.measureReads') })
                }}
              >
                {t('sqlRun.measure')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
    </>
  )
}

function Tool(props: {
  readonly label: string
  readonly pressed?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant={props.pressed === true ? 'light' : 'subtle'}
        color={props.pressed === true ? 'ai' : 'gray'}
        aria-label={props.label.replace(/ \([^)]*\)$/, '')}
        aria-pressed={props.pressed}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}
