// The corpus by the dialect on a newer PostgreSQL, with what only that one has: OLD and NEW in RETURNING, JSON_TABLE and others.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import type { SchemaIndex } from '../../src/sql/dialect.ts'
import { embeddedPostgresPrograms } from '../support/postgres.ts'
import { changesWorld, corpus } from './corpus.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import type { Executor } from './executor.ts'
import { newerCorpus } from './newer-corpus.ts'
import { findLeak, ownWords, runRow } from './run-row.ts'
import { WireSession } from './wire.ts'
import { type World, worlds } from './world.ts'
import { type RunningWorld, startWorld } from './worlds.ts'

describe('on a newer PostgreSQL', () => {
  const running = new Map<World, { readonly world: RunningWorld; readonly schema: SchemaIndex }>()
  let executor: Executor

  const of = (world: World) => {
    const found = running.get(world)
    assert.ok(found)
    return found
  }

  before(async () => {
    const dialect = await loadPostgresDialect()
    await Promise.all(
      worlds.map(async name => {
        const world = await startWorld(name, embeddedPostgresPrograms())
        running.set(name, { world, schema: dialect.index(await world.snapshot()) })
      }),
    )
    executor = createDialectExecutor(world => {
      const { host, port, user, password } = of(world).world.server
      const connect = (): Promise<WireSession> =>
        WireSession.open({ host, port, user, password, database: 'shop' })
      return Promise.resolve({ connect, schema: of(world).schema })
    })
  })

  after(() => Promise.all([...running.values()].map(({ world }) => world.server.stop())))

  test('rows of this version', async () => {
    const problems: string[] = []
    for (const row of newerCorpus) {
      const outcomes = await Promise.all(worlds.map(world => runRow(executor, world, row)))
      await Promise.all(worlds.map(world => of(world).world.reset()))
      const leak = findLeak(outcomes, ownWords(row))
      if (leak !== undefined) problems.push(`${row.name}: ${leak}`)
      const heard = outcomes[0]?.heard ?? []
      const refusal = heard.find(one => one.refused)?.bytes.toString()
      const failure = heard.find(one => one.failed !== undefined)?.failed
      if (row.expect === 'refused' && refusal === undefined) problems.push(`${row.name}: was let through`)
      if (row.expect === 'runs' && (refusal ?? failure) !== undefined)
        problems.push(`${row.name}: ${refusal ?? failure}`)
    }
    assert.deepEqual(problems, [])
  })

  test('the whole corpus leaks nothing here either', async () => {
    const leaks: string[] = []
    for (const row of corpus.filter(row => executor.speaks(row))) {
      const outcomes = await Promise.all(worlds.map(world => runRow(executor, world, row)))
      if (changesWorld(row)) await Promise.all(worlds.map(world => of(world).world.reset()))
      const leak = findLeak(outcomes, ownWords(row))
      if (leak !== undefined) leaks.push(`${row.category}, ${row.name}: ${leak}`)
    }
    assert.deepEqual(leaks, [])
  })
})
