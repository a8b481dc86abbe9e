// Every source the catalog can be filled from: one line each.

import { mysql } from './mysql/index.ts'
import { postgres } from './postgres/index.ts'
import type { Source } from './source.ts'

export const sources: Readonly<Record<Source['name'], Source>> = { mysql, postgres }
