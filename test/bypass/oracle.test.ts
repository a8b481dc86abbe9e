// The server as oracle: whatever its plan of a statement touches, Sekisho has read in that statement too.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import { corpus } from './corpus.ts'
import { harmless } from './harmless.ts'
import { plannedRelations, readThrough } from './oracle.ts'
import type { Sent } from './wire.ts'
import { maskKey, sight } from './world.ts'
import { startWorld } from './worlds.ts'

const verbs = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'])

test('every relation in the plan of the server was read by Sekisho', async () => {
  const dialect = await loadPostgresDialect()
  const world = await startWorld('A')
  try {
    const schema = dialect.index(await world.snapshot())
    const client = await world.server.connect({ database: 'shop' })
    await client.query('SET plan_cache_mode = force_generic_plan')
    const through = await readThrough(client)
    const missed: string[] = []
    let compared = 0
    for (const text of singleTexts()) {
      const reading = dialect.read(text, schema, dialect.initialState)
      if (reading.kind === 'unreadable') continue
      const [statement, ...more] = reading.action.statements
      if (statement === undefined || more.length > 0 || !verbs.has(statement.verb)) continue
      const options = { maskKey, rowLimit: undefined }
      const rewritten = dialect.rewrite(reading, schema, dialect.initialState, sight, options)
      if (rewritten.kind === 'refused') continue
      const named = statement.tables.map(table => `${table.schema}.${table.table}`)
      const read = new Set(named.flatMap(name => [name, ...(through.get(name) ?? [])]))
      // As the person wrote it, and as it is sent: both must touch nothing but what was read.
      for (const asked of [text, rewritten.text]) {
        const planned = await plannedRelations(client, asked)
        if (planned === undefined) continue
        compared += 1
        for (const name of planned) if (!read.has(name)) missed.push(`${name} in ${text.slice(0, 200)}`)
      }
    }
    assert.deepEqual(missed, [])
    assert.ok(compared > 400, `only ${compared} plans were compared`)
    console.log(`oracle: ${compared} plans of the server, ${missed.length} with a relation that was not read`)
  } finally {
    await world.server.stop()
  }
})

/** Statements that stand alone: the first of each session, and all of sessions that set nothing. */
function singleTexts(): readonly string[] {
  const sessions: readonly (readonly Sent[])[] = [...corpus, ...harmless].map(row => row.statements)
  return sessions.flatMap(statements => {
    const texts = statements.flatMap(sent =>
      typeof sent === 'string' ? [sent] : 'text' in sent ? [sent.text] : [],
    )
    const sets = texts.some(text => /search_path|TEMP/i.test(text))
    return sets ? texts.slice(0, 1) : texts
  })
}
