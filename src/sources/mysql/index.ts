// MySQL and MariaDB as a source: the picture of their tables.

import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import type { SchemaSnapshot } from '../../sql/schema.ts'
import type { Source, SourceContext, SourceFacts } from '../source.ts'
import { askMysql } from './client.ts'
import { convertSchema } from './convert.ts'

/**
 * Takes a picture of what the account sees. The server answers each question as of its own moment: what was defined in
 * between is in the next picture.
 * @throws GatewayError `target.schema-unavailable`, with a detail that says what to do
 */
export async function readMysqlSchema(
  facts: SourceFacts,
  context: SourceContext = { clock: systemClock, limits },
): Promise<SchemaSnapshot> {
  const takenAtMs = context.clock.nowMs()
  const rows = await askMysql(facts, context)
  try {
    return convertSchema(rows, takenAtMs)
  } catch (cause) {
    const detail = `its version ${rows.facts.version} is not understood yet`
    throw new GatewayError('target.schema-unavailable', detail, { cause })
  }
}

export const mysql: Source = {
  name: 'mysql',
  offers: ['schema'],
  async *harvest(facts, context) {
    yield { kind: 'schema', snapshot: await readMysqlSchema(facts, context) }
  },
}
