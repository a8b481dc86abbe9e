// Random and spoilt bytes into both protocols from both sides: a hostile client and a hostile target, at a real server.
// Whatever comes ends at most its own session: the server lives, others go on, nothing hidden is said.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { Chance } from '../bypass/random-query.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { marker, shopTags, startShop } from '../e2e/shop.ts'
import { randomBytes, spoil } from './bytes.ts'
import { clientSeeds, firstSeeds, type Family, families } from './seeds.ts'
import { type SpoilingProxy, startSpoilingProxy } from './spoiling-proxy.ts'

export interface FuzzFigures {
  cases: number
  /** Conversations that the server had not ended in time after the client had. */
  hung: number
  /** Times a well-behaved client was not served in between. */
  unserved: number
  /** Times the marker of hidden values was heard. */
  leaks: number
}

export interface WireFuzz {
  readonly figures: FuzzFigures
  readonly sekisho: RunningSekisho
  /** One conversation by chance. */
  step(chance: Chance): Promise<void>
  /** Asks as a well-behaved client would, in both families. */
  check(): Promise<void>
  stop(): Promise<void>
}

const endTimeoutMs = 15_000
const farthestByte = 4_000

const policies = `
@id("all-work")
permit(principal, action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete"], resource);
`

const seedMysql = `
USE sekisho;
CREATE TABLE sekisho.customers (id int PRIMARY KEY, email varchar(80));
INSERT INTO sekisho.customers SELECT seq, concat('c', seq, '-${marker}@${marker}.example') FROM seq_1_to_200;
`

export async function startWireFuzz(chance: Chance): Promise<WireFuzz> {
  const stops: (() => Promise<void>)[] = []
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    stops.push(() => part.stop())
    return part
  }
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const shop = keep(await startShop())
    const mariadb = keep(await startMariadb())
    await mariadb.asRoot(seedMysql)
    const proxies = {
      postgres: keep(await startSpoilingProxy(shop.port, chance)),
      mysql: keep(await startSpoilingProxy(mariadb.port, chance)),
    }
    const sekisho = keep(await startSekisho())
    const person = await prepare(sekisho, shop, mariadb, proxies)
    return createFuzz(sekisho, person, proxies, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

type Proxies = Readonly<Record<Family, SpoilingProxy>>

async function prepare(
  sekisho: RunningSekisho,
  shop: RunningPostgres,
  mariadb: Mariadb,
  proxies: Proxies,
): Promise<Person> {
  const { id: postgres } = await sekisho.addTarget('postgres', { ...shop, port: proxies.postgres.port })
  for (const column of shopTags)
    await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: postgres })
  const behind = { ...mariadb, port: proxies.mysql.port }
  const { id: mysql } = await sekisho.addTarget('mysql', behind, { protocol: 'mysql' })
  await sekisho.admin.call(
    'PUT /api/targets/:id/tags',
    { schema: 'sekisho', table: 'customers', column: 'email', tags: ['pii.email'] },
    { id: mysql },
  )
  await sekisho.savePolicies(policies)
  return sekisho.addPerson('mallory', [])
}

function createFuzz(
  sekisho: RunningSekisho,
  person: Person,
  proxies: Proxies,
  stop: () => Promise<void>,
): WireFuzz {
  const figures: FuzzFigures = { cases: 0, hung: 0, unserved: 0, leaks: 0 }
  /** Lets the rest go by, and waits for the end. */
  const toTheEnd = async (socket: Socket, sent: Buffer): Promise<void> => {
    let closed = socket.closed
    const heard: Buffer[] = []
    socket.on('data', (bytes: Buffer) => heard.push(bytes))
    socket.on('error', () => undefined)
    const close = once(socket, 'close').then(() => {
      closed = true
    })
    socket.end(sent)
    const timer = setTimeout(() => {
      if (!closed) figures.hung += 1
      socket.destroy()
    }, endTimeoutMs)
    if (!closed) await close.catch(() => undefined)
    clearTimeout(timer)
    if (Buffer.concat(heard).includes(marker)) figures.leaks += 1
  }
  const loggedIn = async (family: Family): Promise<Socket | undefined> => {
    const account = person.connection(family)
    try {
      return family === 'postgres' ? await logInToPostgres(account) : await logInToMysql(account)
    } catch {
      return undefined
    }
  }
  return {
    figures,
    sekisho,
    stop,
    async step(chance) {
      figures.cases += 1
      const family = chance.pick(families)
      const { port } = person.connection(family)
      const kind = chance.pick(['stranger', 'client', 'target'] as const)
      if (kind === 'stranger') {
        const seed = chance.often(80)
          ? chance.pick(firstSeeds[family])
          : randomBytes(chance, chance.next(200))
        const socket = connect(port, '127.0.0.1')
        await toTheEnd(socket, spoil(chance, seed))
        return
      }
      if (kind === 'target') proxies[family].spoilFrom(1 + chance.next(farthestByte))
      const socket = await loggedIn(family)
      proxies[family].spoilFrom(undefined)
      if (socket === undefined) return
      const seed = Buffer.concat(
        Array.from({ length: 1 + chance.next(3) }, () => chance.pick(clientSeeds[family])),
      )
      await toTheEnd(socket, kind === 'client' ? spoil(chance, seed) : seed)
    },
    async check() {
      for (const family of families) {
        const socket = await loggedIn(family)
        if (socket === undefined) figures.unserved += 1
        else socket.destroy()
      }
    },
  }
}

type Account = ReturnType<Person['connection']>

async function logInToPostgres(account: Account): Promise<Socket> {
  const client = new pg.Client({ ...account, ssl: false })
  client.on('error', () => undefined)
  await client.connect()
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  stream.removeAllListeners()
  return stream
}

async function logInToMysql(account: Account): Promise<Socket> {
  const connection = await createConnection(account)
  const { stream } = (connection as unknown as { readonly connection: { readonly stream: Socket } })
    .connection
  stream.removeAllListeners()
  return stream
}
