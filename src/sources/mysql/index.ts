// MySQL and MariaDB as a source: the picture of their tables.

import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import type { SchemaSnapshot } from '../../sql/schema.ts'
import type { Source, SourceContext, SourceFacts } from '../source.ts'

/** @throws GatewayError `target.schema-unavailable`, with a detail that says what to do */
export function readMysqlSchema(
  _facts: SourceFacts,
  _context: SourceContext = { clock: systemClock, limits },
): Promise<SchemaSnapshot> {
  return Promise.reject(new GatewayError('target.schema-unavailable', 'MySQL is not read yet'))
}

export const mysql: Source = {
  name: 'mysql',
  offers: ['schema'],
  async *harvest(facts, context) {
    yield { kind: 'schema', snapshot: await readMysqlSchema(facts, context) }
  },
}
