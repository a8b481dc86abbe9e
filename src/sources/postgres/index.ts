// PostgreSQL as a source: the picture of its tables.

import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import type { SchemaSnapshot } from '../../sql/schema.ts'
import type { Source, SourceContext, SourceFacts } from '../source.ts'
import { askPostgres } from './client.ts'
import { convertSchema } from './convert.ts'

/**
 * Takes a picture of a target's catalog in one read-only transaction.
 * @throws GatewayError `target.schema-unavailable`, with a detail that says what to do
 */
export async function readPostgresSchema(
  facts: SourceFacts,
  context: SourceContext = { clock: systemClock, limits },
): Promise<SchemaSnapshot> {
  const takenAtMs = context.clock.nowMs()
  const rows = await askPostgres(facts, context)
  try {
    return convertSchema(rows, takenAtMs)
  } catch (cause) {
    const detail = `its version ${rows.facts.version} is not understood yet`
    throw new GatewayError('target.schema-unavailable', detail, { cause })
  }
}

export const postgres: Source = {
  name: 'postgres',
  offers: ['schema'],
  async *harvest(facts, context) {
    yield { kind: 'schema', snapshot: await readPostgresSchema(facts, context) }
  },
}
