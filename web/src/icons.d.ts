// Icons are imported one by one, so that a build does not read all six thousand; their files have no types of their own.

declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { Icon } from '@tabler/icons-react'
  const icon: Icon
  export default icon
}
