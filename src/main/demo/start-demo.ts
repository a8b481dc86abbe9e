// The demo target: a real PostgreSQL with the data of a small shop, kept in the data folder, for the first five minutes.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from '../../core/secret.ts'
import { copyIn } from './copy-in.ts'
import { type DemoPlace, findDemoPlace } from './demo-place.ts'
import {
  connection,
  freePort,
  makeCluster,
  type RunningServer,
  startServer,
  stopLeftover,
  superuser,
} from './demo-server.ts'
import { rollShop } from './shop-rows.ts'
import { shopRest, shopTables, suggestedTags } from './shop-schema.ts'

export interface DemoTarget {
  readonly host: string
  /** Mostly that of last time, but not surely. */
  readonly port: number
  readonly database: string
  readonly account: string
  readonly password: Secret
  readonly suggestedTags: readonly {
    readonly schema: string
    readonly table: string
    readonly column: string
    readonly tags: readonly string[]
  }[]
  stop(): Promise<void>
}

const database = 'shop'
/** Owns the shop, and has no rights beyond it. */
const account = 'shop'

interface Kept {
  readonly port: number
  readonly superuserPassword: string
  readonly password: string
}

/**
 * Starts the demo; makes and fills it first if there is none, or if an earlier making did not come to its end.
 * @param dataDir  folder of the server's data
 * @param tell     hears what is being done, in a few words
 */
export async function startDemo(dataDir: string, tell: (what: string) => void): Promise<DemoTarget> {
  const place = findDemoPlace(dataDir)
  await stopLeftover(place)
  const kept = readKept(place)
  if (kept === undefined || !existsSync(place.cluster)) return make(place, tell)
  tell('starting the demo database')
  const port = await freePort(kept.port)
  if (port !== kept.port) keep(place, { ...kept, port })
  return targetOf(await startServer(place, port, new Secret(kept.superuserPassword)), port, kept)
}

async function make(place: DemoPlace, tell: (what: string) => void): Promise<DemoTarget> {
  tell('making the demo database')
  rmSync(place.cluster, { recursive: true, force: true })
  const password = () => randomBytes(24).toString('base64url')
  const kept = { port: await freePort(undefined), superuserPassword: password(), password: password() }
  await makeCluster(place, new Secret(kept.superuserPassword))
  const server = await startServer(place, kept.port, new Secret(kept.superuserPassword))
  try {
    tell('filling the shop')
    await fill(kept)
  } catch (error) {
    await server.stop()
    throw error
  }
  // Last: without it the next start begins anew.
  keep(place, kept)
  return targetOf(server, kept.port, kept)
}

async function fill(kept: Kept): Promise<void> {
  const root = connection(kept.port, superuser, 'postgres', new Secret(kept.superuserPassword))
  await root.connect()
  try {
    await root.query(`create role ${account} login password ${root.escapeLiteral(kept.password)}`)
    await root.query(`create database ${database} owner ${account}`)
  } finally {
    await root.end()
  }
  const owner = connection(kept.port, account, database, new Secret(kept.password))
  await owner.connect()
  try {
    await owner.query('begin')
    await owner.query(shopTables)
    for (const [table, rows] of Object.entries(rollShop())) await copyIn(owner, table, rows)
    await owner.query(shopRest)
    await owner.query('commit')
  } finally {
    await owner.end()
  }
}

const targetOf = (server: RunningServer, port: number, kept: Kept): DemoTarget => ({
  host: '127.0.0.1',
  port,
  database,
  account,
  password: new Secret(kept.password),
  suggestedTags,
  stop: () => server.stop(),
})

const keptFile = (place: DemoPlace): string => join(place.own, 'kept.json')

function readKept(place: DemoPlace): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(keptFile(place), 'utf8'))
    return isKept(kept) ? kept : undefined
  } catch {
    return undefined
  }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'port' in value &&
  typeof value.port === 'number' &&
  'password' in value &&
  typeof value.password === 'string' &&
  'superuserPassword' in value &&
  typeof value.superuserPassword === 'string'

function keep(place: DemoPlace, kept: Kept): void {
  const making = `${keptFile(place)}.making`
  writeFileSync(making, JSON.stringify(kept), { mode: 0o600 })
  renameSync(making, keptFile(place))
}
