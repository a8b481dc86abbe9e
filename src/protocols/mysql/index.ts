// MySQL and MariaDB.

import type { Protocol } from '../protocol.ts'
import { serve } from './serve.ts'
import { tryTarget } from './try-target.ts'

export const mysql: Protocol = { name: 'mysql', serve, tryTarget }
