// PostgreSQL, protocol 3.0.

import type { Protocol } from '../protocol.ts'

export declare const postgres: Protocol
