// The environment that `npm start` gives the server (scripts/places.mjs): what is measured is what people run.

import { join } from 'node:path'

export const asStarted = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'),
  NODE_OPTIONS: '--expose-gc --v8-pool-size=1 --max-semi-space-size=8',
} as const
