// MariaDB as a place for queries by chance.

import { mysqlDialect } from '../../../src/sql/mysql/index.ts'
import type { RandomPlace } from '../random-run.ts'
import { worlds } from '../world.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import { randomQuery } from './random-query.ts'
import { connectTo, startWorld } from './worlds.ts'

export async function startMysqlPlace(): Promise<RandomPlace> {
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  const [first] = started
  if (first === undefined) throw new Error('there must be two worlds')
  const sessions = new Map(
    await Promise.all(
      started.map(async (running, index) => {
        const schema = mysqlDialect.index(await running.snapshot())
        const executor = createDialectExecutor(() =>
          Promise.resolve({ connect: () => connectTo(running), schema }),
        )
        const world = worlds[index] ?? 'A'
        return [world, await executor.open(world)] as const
      }),
    ),
  )
  const plain = await connectTo(first)
  return {
    randomQuery,
    ask(world, text) {
      const session = sessions.get(world)
      if (session === undefined) throw new Error(`there is no world ${world}`)
      return session.ask(text)
    },
    takes: async text => (await plain.ask(text)).errors.length === 0,
    async stop() {
      plain.close()
      await Promise.all([...sessions.values()].map(session => session.close()))
      await Promise.all(started.map(({ server }) => server.stop()))
    },
  }
}
