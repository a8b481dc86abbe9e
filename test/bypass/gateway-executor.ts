// The corpus through the real gateway: a person of a group that may do everything except see what is hidden.

import type { MaskShape } from '../../src/core/verdict.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { bytesOf, type Executor, type ExecutorSession } from './executor.ts'
import { fieldsOf, type Frame, WireSession } from './wire.ts'
import { hiddenTables, type World, worlds } from './world.ts'
import type { RunningWorld } from './worlds.ts'

const targetName = (world: World): string => `world-${world.toLowerCase()}`

/** Everything is permitted but to reveal. */
const policies = `
@id("corpus-may-do-everything")
permit (
  principal in Group::"corpus",
  action in
    [Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"export", Action::"import"],
  resource
)
unless { ["tickets", "claims", "reports"].contains(resource.name) };

@id("corpus-may-define-and-administer")
permit (principal in Group::"corpus", action in [Action::"connect", Action::"define", Action::"administer", Action::"call"], resource);

@id("corpus-inserts-tickets")
permit (principal in Group::"corpus", action == Action::"insert", resource)
when { ["tickets", "claims", "reports"].contains(resource.name) };
${worlds
  .flatMap(world =>
    hiddenTables.flatMap(({ table, rowFilter }) => {
      if (rowFilter === undefined) return []
      return `
@id("corpus-sees-${table}-of-${targetName(world)}")
@row_filter("${rowFilter}")
permit (
  principal in Group::"corpus",
  action in [Action::"select", Action::"update", Action::"delete", Action::"export"],
  resource == Table::"${targetName(world)}/public/${table}"
);`
    }),
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
      open: async world => createSession(await WireSession.open(person.connection(targetName(world)))),
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
  for (const [world, { server }] of running) {
    const { id } = await sekisho.addTarget(targetName(world), server)
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

function createSession(wire: WireSession): ExecutorSession {
  return {
    ask: async sent => {
      const frames = await wire.ask(sent)
      const errors = frames.filter(frame => frame.type === 'E').map(frame => fieldsOf(frame.body))
      const refusal = errors.find(isOurs)
      return {
        refused: refusal !== undefined || (wire.isClosed && frames.length === 0),
        failed: errors.findLast(fields => !isOurs(fields))?.['C'],
        bytes: bytesOf(frames.map(alike)),
        untouched: undefined,
      }
    },
    close: () => Promise.resolve(wire.close()),
  }
}

/**
 * Refusals of the gateway say so where PostgreSQL names its routine; those of messages that it does not support have no
 * such field, where PostgreSQL would name its source file.
 */
function isOurs(fields: Readonly<Record<string, string>>): boolean {
  return (
    fields['R']?.startsWith('sekisho.') === true || (fields['C'] === '0A000' && fields['F'] === undefined)
  )
}

/** Refusals may name the target; the names of cursors and prepared statements carry a suffix that differs by target. */
function alike(frame: Frame): Frame {
  const text = frame.body.toString('latin1')
  if (frame.type === 'D') return { type: 'D', body: Buffer.from(text.replaceAll(handle, '$1~'), 'latin1') }
  if (frame.type !== 'E' && frame.type !== 'N') return frame
  return { type: frame.type, body: Buffer.from(text.replaceAll(/world-[ab]/g, 'world'), 'latin1') }
}

const handle = /(\b\w)~[0-9a-z]{8,16}/g
