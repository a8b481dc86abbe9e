// Colours and shapes: ai (indigo) for what can be done, shu (vermilion) for the gate alone, fuji (wisteria) for what is hidden.

import { createTheme } from '@mantine/core'
import { renderValuePill } from '../parts/value-pill.tsx'

export const themeStorageKey = 'sekisho.theme'

const sans =
  '-apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif'
const mono =
  'ui-monospace, "SF Mono", Menlo, "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace'

export const theme = createTheme({
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: '650' },
  primaryColor: 'ai',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  defaultRadius: 6,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    ai: [
      '#edf5f8',
      '#d8e7ee',
      '#b3d0dd',
      '#8ab7cb',
      '#68a2bc',
      '#4c8dab',
      '#377c9b',
      '#2a6c8a',
      '#1e5c78',
      '#144961',
    ],
    fuji: [
      '#f5f2fb',
      '#e8e2f4',
      '#cfc3e8',
      '#b4a2dc',
      '#9d86d1',
      '#8a70c6',
      '#775cb6',
      '#654c9f',
      '#553f88',
      '#453270',
    ],
    dark: [
      '#d6dee3',
      '#aebac2',
      '#8a99a3',
      '#5f6f7b',
      '#394751',
      '#2a353e',
      '#202a32',
      '#151d24',
      '#10171d',
      '#0b1116',
    ],
    gray: [
      '#f7f9fa',
      '#eff3f5',
      '#e3e9ec',
      '#d3dbe0',
      '#bcc7ce',
      '#93a1aa',
      '#687781',
      '#4a5862',
      '#323e47',
      '#1d262d',
    ],
  },
  components: {
    Button: { defaultProps: { size: 'sm', fw: 500 } },
    Modal: { defaultProps: { centered: true, radius: 10 } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    MultiSelect: { defaultProps: { renderPill: renderValuePill } },
    TagsInput: { defaultProps: { renderPill: renderValuePill } },
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 12 } },
  },
})
