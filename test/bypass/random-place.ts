// PostgreSQL as a place for queries by chance.

import { loadPostgresDialect } from '../../src/sql/postgres/index.ts'
import { createDialectExecutor } from './dialect-executor.ts'
import { randomQuery } from './random-query.ts'
import type { RandomPlace } from './random-run.ts'
import { WireSession } from './wire.ts'
import { worlds } from './world.ts'
import { startWorld } from './worlds.ts'

export async function startPostgresPlace(): Promise<RandomPlace> {
  const dialect = await loadPostgresDialect()
  const started = await Promise.all(worlds.map(world => startWorld(world)))
  const sessions = new Map(
    await Promise.all(
      started.map(async (running, index) => {
        const { host, port, user, password } = running.server
        const schema = dialect.index(await running.snapshot())
        const connect = (): Promise<WireSession> =>
          WireSession.open({ host, port, user, password, database: 'shop' })
        const executor = createDialectExecutor(() => Promise.resolve({ connect, schema }))
        const world = worlds[index] ?? 'A'
        return [world, await executor.open(world)] as const
      }),
    ),
  )
  const plain = await started[0]?.server.connect({ database: 'shop' })
  return {
    randomQuery,
    ask(world, text) {
      const session = sessions.get(world)
      if (session === undefined) throw new Error(`there is no world ${world}`)
      return session.ask(text)
    },
    takes: async text => (await plain?.query(text).catch(() => undefined)) !== undefined,
    async stop() {
      await plain?.end()
      await Promise.all([...sessions.values()].map(session => session.close()))
      await Promise.all(started.map(({ server }) => server.stop()))
    },
  }
}
