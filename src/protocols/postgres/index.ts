// PostgreSQL, protocol 3.0.

import type { Protocol } from '../protocol.ts'
import { serve } from './serve.ts'
import { tryTarget } from './try-target.ts'

export const postgres: Protocol = { name: 'postgres', serve, tryTarget }
