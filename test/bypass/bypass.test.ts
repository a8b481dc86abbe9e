// The bypass corpus: nothing of what is hidden is seen by any way round, and harmless statements run untouched.
//
// Every row is run in two worlds that differ in hidden values only; every byte heard must be the same. See README.md.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import { checkHarmless } from './check-harmless.ts'
import { type BypassRow, changesWorld, corpus } from './corpus.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import type { Executor } from './executor.ts'
import { type GatewayExecutor, startGatewayExecutor } from './gateway-executor.ts'
import { harmless } from './harmless.ts'
import { findLeak, ownWords, runRow } from './run-row.ts'
import { WireSession } from './wire.ts'
import { type World, worlds } from './world.ts'
import { type RunningWorld, startWorld } from './worlds.ts'

const running = new Map<World, RunningWorld>()
const executors: Executor[] = []
let gateway: GatewayExecutor | undefined
/** Counted once, however many ways they go. */
const figures = { rows: 0, leaks: 0, statements: 0, ran: 0 }

function worldOf(world: World): RunningWorld {
  const found = running.get(world)
  assert.ok(found)
  return found
}

before(async () => {
  const dialect = await loadPostgresDialect()
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  for (const [index, world] of worlds.entries()) {
    const made = started[index]
    if (made) running.set(world, made)
  }
  const schemas = new Map(
    await Promise.all(
      worlds.map(async world => [world, dialect.index(await worldOf(world).snapshot())] as const),
    ),
  )
  executors.push(
    createDialectExecutor(async world => {
      const { server } = worldOf(world)
      const { host, port, user, password } = server
      const schema = schemas.get(world)
      assert.ok(schema)
      const connect = (): Promise<WireSession> =>
        WireSession.open({ host, port, user, password, database: 'shop' })
      return { connect, schema }
    }),
  )
  gateway = await startGatewayExecutor(running)
  executors.push(gateway)
})

after(async () => {
  await gateway?.stop()
  await Promise.all([...running.values()].map(world => world.server.stop()))
  console.log(
    `bypass: ${figures.rows} rows, ${figures.leaks} leaks; harmless: ${figures.statements} statements, ${figures.ran} ran`,
  )
})

test('the worlds differ in hidden values and in nothing else that a schema shows', async () => {
  const [a, b] = await Promise.all(worlds.map(world => worldOf(world).snapshot()))
  assert.equal(a?.version, b?.version)
  const read = async (world: World): Promise<unknown> =>
    (await worldOf(world).server.run('SELECT string_agg(c::text, $$,$$ ORDER BY id) AS t FROM customers c'))
      .rows
  const [inA, inB] = await Promise.all(worlds.map(read))
  assert.notDeepEqual(inA, inB)
})

test('the corpus is large, and no two rows are called the same', () => {
  assert.ok(corpus.length >= 120, String(corpus.length))
  const statements = harmless.flatMap(session => session.statements)
  assert.ok(statements.length >= 150, String(statements.length))
  const names = corpus.map(row => `${row.category}: ${row.name}`)
  assert.equal(new Set(names).size, names.length)
})

describe('bypass', () => {
  for (const row of corpus) {
    test(`${row.category}: ${row.name}`, async () => {
      figures.rows += 1
      for (const executor of executors) if (executor.speaks(row)) await checkRow(executor, row)
    })
  }
})

describe('harmless', () => {
  for (const session of harmless) {
    test(session.name, async () => {
      const problems: string[] = []
      for (const executor of executors) {
        problems.push(...(await checkHarmless(executor, session)))
        await Promise.all(worlds.map(world => worldOf(world).reset()))
      }
      figures.statements += session.statements.length
      figures.ran +=
        session.statements.length - new Set(problems.map(problem => problem.split(' => ')[0])).size
      assert.deepEqual(problems, [])
    })
  }
})

async function checkRow(executor: Executor, row: BypassRow): Promise<void> {
  const outcomes = await Promise.all(worlds.map(world => runRow(executor, world, row)))
  if (changesWorld(row)) await Promise.all(worlds.map(world => worldOf(world).reset()))
  const leak = findLeak(outcomes, ownWords(row))
  if (leak !== undefined) {
    figures.leaks += 1
    assert.fail(`${executor.name}: ${leak}`)
  }
  for (const { world, heard } of outcomes) {
    const refusals = heard.filter(one => one.refused).map(one => one.bytes.toString())
    if (row.expect === 'refused')
      assert.ok(refusals.length > 0, `${executor.name}: was let through in ${world}`)
    else assert.deepEqual(refusals, [], `${executor.name}: was refused in ${world}`)
    const failure = heard.find(one => one.failed !== undefined)?.failed
    if (row.fails === true) assert.ok(failure !== undefined, `${executor.name}: should fail in ${world}`)
    else if (row.expect === 'runs') assert.equal(failure, undefined, `${executor.name}: failed in ${world}`)
  }
}
