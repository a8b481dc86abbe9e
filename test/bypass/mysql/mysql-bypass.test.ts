// The bypass corpus of MySQL and MariaDB: nothing hidden is seen by any way round, and harmless statements run untouched.
//
// Every row is run in two worlds that differ in hidden values only; every byte heard must be the same. See ../README.md.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mysqlDialect } from '../../../src/sql/mysql/index.ts'
import { findLeak, ownWords, runRow } from '../run-row.ts'
import { type World, worlds } from '../world.ts'
import { type BypassRow, changesWorld, corpus } from './corpus.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import type { Executor } from './executor.ts'
import { type GatewayExecutor, startGatewayExecutor } from './gateway-executor.ts'
import { harmless, type HarmlessSession } from './harmless.ts'
import { connectTo, type RunningWorld, startWorld } from './worlds.ts'

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
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  for (const [index, world] of worlds.entries()) {
    const made = started[index]
    if (made) running.set(world, made)
  }
  const schemas = new Map(
    await Promise.all(
      worlds.map(async world => [world, mysqlDialect.index(await worldOf(world).snapshot())] as const),
    ),
  )
  executors.push(
    createDialectExecutor(async world => {
      const schema = schemas.get(world)
      assert.ok(schema)
      return Promise.resolve({ connect: () => connectTo(worldOf(world)), schema })
    }),
  )
  gateway = await startGatewayExecutor(running)
  executors.push(gateway)
})

after(async () => {
  await gateway?.stop()
  await Promise.all([...running.values()].map(world => world.server.stop()))
  console.log(
    `bypass of MySQL and MariaDB: ${figures.rows} rows, ${figures.leaks} leaks; harmless: ${figures.statements} statements, ${figures.ran} ran`,
  )
})

test('the corpus is large, and no two rows are called the same', () => {
  assert.ok(corpus.length >= 150, String(corpus.length))
  const statements = harmless.flatMap(session => session.statements)
  assert.ok(statements.length >= 200, String(statements.length))
  const names = corpus.map(row => `${row.category}: ${row.name}`)
  assert.equal(new Set(names).size, names.length)
})

describe('bypass of MySQL and MariaDB', () => {
  for (const row of corpus) {
    test(`${row.category}: ${row.name}`, async () => {
      figures.rows += 1
      for (const executor of executors) if (executor.speaks(row)) await checkRow(executor, row)
    })
  }
})

describe('harmless on MySQL and MariaDB', () => {
  for (const session of harmless) {
    test(session.name, async () => {
      const problems: string[] = []
      for (const executor of executors) {
        problems.push(...(await checkHarmless(executor, session)))
        if (changesWorld(session)) await worldOf('A').reset()
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

/** @returns one line for every statement that was refused, failed, or was changed although it names nothing hidden */
async function checkHarmless(executor: Executor, session: HarmlessSession): Promise<readonly string[]> {
  const problems: string[] = []
  const opened = await executor.open('A')
  try {
    for (const sent of session.statements) {
      const heard = await opened.ask(sent)
      const text = `${executor.name}: ${JSON.stringify(sent).slice(0, 300)}`
      if (heard.refused) problems.push(`${text} => ${heard.bytes.toString()}`)
      else if (heard.failed !== undefined) problems.push(`${text} => failed with ${heard.failed}`)
      else if (session.kind === 'untouched' && heard.untouched === false) problems.push(`${text} => changed`)
    }
  } finally {
    await opened.close()
  }
  return problems
}
