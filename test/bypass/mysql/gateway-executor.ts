// The corpus through the real gateway: a person of a group that may do everything except see what is hidden.

import type { MaskShape } from '../../../src/core/verdict.ts'
import { type Person, type RunningSekisho, startSekisho } from '../../support/sekisho.ts'
import { type World, worlds } from '../world.ts'
import type { Executor, ExecutorSession } from './executor.ts'
import { MysqlWire } from './wire.ts'
import { hiddenTables } from './world.ts'
import type { RunningWorld } from './worlds.ts'

const targetName = (world: World): string => `world-${world.toLowerCase()}`

/** Everything is permitted but to reveal. */
const policies = `
@id("corpus-may-do-everything")
permit (
  principal in Group::"corpus",
  action in [Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"export", Action::"import"],
  resource
)
unless { resource.name == "tickets" || resource.name == "claims" || resource.name == "visits" };

@id("corpus-may-define-and-administer")
permit (
  principal in Group::"corpus",
  action in [Action::"connect", Action::"define", Action::"administer", Action::"call"],
  resource
);

@id("corpus-inserts-tickets")
permit (principal in Group::"corpus", action == Action::"insert", resource)
when { resource.name == "tickets" || resource.name == "claims" || resource.name == "visits" };
${worlds
  .flatMap(world =>
    ['tickets', 'claims', 'visits'].map(
      table => `
@id("corpus-sees-${table}-of-${targetName(world)}")
@row_filter("region = 'eu'")
permit (
  principal in Group::"corpus",
  action in [Action::"select", Action::"update", Action::"delete"],
  resource == Table::"${targetName(world)}/shop/${table}"
);`,
    ),
  )
  .join('\n')}
`

export interface GatewayExecutor extends Executor {
  stop(): Promise<void>
}

export async function startGatewayExecutor(
  running: ReadonlyMap<World, RunningWorld>,
): Promise<GatewayExecutor> {
  const sekisho = await startSekisho()
  try {
    const person = await setUp(sekisho, running)
    return {
      name: 'gateway',
      speaks: () => true,
      open: async world => createSession(await MysqlWire.open(person.connection(targetName(world)))),
      stop: () => sekisho.stop(),
    }
  } catch (error) {
    await sekisho.stop()
    throw error
  }
}

async function setUp(sekisho: RunningSekisho, running: ReadonlyMap<World, RunningWorld>): Promise<Person> {
  const { admin } = sekisho
  for (const mask of new Set(hiddenTables.flatMap(table => Object.values(table.columns).map(shapeHere)))) {
    const tag = { description: 'hidden in the corpus', sensitive: true, mask }
    await admin.call('PUT /api/tags/:name', tag, { name: tagOf(mask) })
  }
  for (const [world, { account }] of running) {
    const { id } = await sekisho.addTarget(targetName(world), account, { protocol: 'mysql' })
    for (const { schema, table, columns } of hiddenTables) {
      for (const [column, mask] of Object.entries(columns)) {
        const tags = [tagOf(shapeHere(mask))]
        await admin.call('PUT /api/targets/:id/tags', { schema, table, column, tags }, { id })
      }
    }
  }
  const person = await sekisho.addPerson('mallory', ['corpus'])
  await sekisho.savePolicies(policies)
  return person
}

/** Two targets have two keys for their hashes, which would tell the worlds apart without telling anything. */
const shapeHere = (mask: MaskShape): MaskShape => (mask === 'hash' ? 'constant' : mask)
const tagOf = (mask: MaskShape): string => `corpus.${mask}`

function createSession(wire: MysqlWire): ExecutorSession {
  return {
    ask: async sent => {
      const said = await wire.ask(sent)
      const refusal = said.errors.some(error => refusals.has(error.code))
      return {
        refused: refusal || (wire.isClosed && said.packets.length === 0),
        failed: said.errors.findLast(error => !refusals.has(error.code))?.code,
        bytes: Buffer.concat(said.packets.map(alike)),
        untouched: undefined,
      }
    },
    close: () => Promise.resolve(wire.close()),
  }
}

/**
 * Numbers that the gateway refuses with: not permitted, not supported, not understood, no such command, no such database for
 * you, not yours to kill. The account at the target may do everything, so that the target itself hardly says them; what
 * is refused for certain is seen by the dialect alone.
 */
const refusals = new Set([1142, 1235, 1064, 1047, 1044, 1095])

/** Refusals may name the target. */
const alike = (packet: Buffer): Buffer =>
  packet[1] === 0xff
    ? Buffer.from(packet.toString('latin1').replaceAll(/world-[ab]/g, 'world'), 'latin1')
    : packet
