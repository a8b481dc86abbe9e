// Two servers over one MariaDB: what one says the other hears, once, and each knows who is inside of the other.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Mariadb, startMariadb } from '../../test/support/mariadb.ts'
import type { Topic } from '../core/messages.ts'
import { Secret } from '../core/secret.ts'
import { carryMessages } from './carried-messages.ts'
import { type Database, openDatabase } from './database.ts'
import { createMessages } from './messages.ts'
import { createServerSessions } from './server-sessions.ts'

let mariadb: Mariadb
let databases: readonly Database[]

before(async () => {
  mariadb = await startMariadb()
  await mariadb.createDatabase('sekisho_servers')
  const { host, port, user, password } = mariadb
  const config = {
    kind: 'mysql',
    host,
    port,
    database: 'sekisho_servers',
    user,
    password: new Secret(password),
  } as const
  databases = [await openDatabase(config), await openDatabase(config)]
})
after(async () => {
  for (const database of databases ?? []) await database.close()
  await mariadb?.stop()
})

async function server(id: string, database: Database) {
  const heard: string[] = []
  const arrived: string[] = []
  const messages = createMessages(assert.ifError)
  const carried = await carryMessages({
    messages,
    database,
    serverId: id,
    everyMs: 1,
    after: () => () => undefined,
    async arriving(topic: Topic, payload: string) {
      arrived.push(`${topic} ${payload} ${heard.length}`)
    },
    warn: assert.ifError,
  })
  for (const topic of ['policies', 'sessions'] as const) {
    carried.subscribe(topic, payload => heard.push(`${topic} ${payload}`))
  }
  return { carried, heard, arrived }
}

test('what one server says the others hear once, after they are up to date', async () => {
  const [first, second] = databases
  assert.ok(first !== undefined && second !== undefined)
  const a = await server('a', first)
  a.carried.publish('policies', '1')
  await a.carried.look()
  const b = await server('b', second)
  a.carried.publish('policies', '2')
  a.carried.publish('sessions', 'x')
  assert.deepEqual(a.heard, ['policies 1', 'policies 2', 'sessions x'])
  await a.carried.look()
  await b.carried.look()
  await b.carried.look()
  assert.deepEqual(b.heard, ['policies 2', 'sessions x'])
  assert.deepEqual(b.arrived, ['policies 2 0', 'sessions x 1'])
  b.carried.publish('sessions', 'y')
  await b.carried.look()
  await a.carried.look()
  assert.deepEqual(a.heard.at(-1), 'sessions y')
  assert.deepEqual(a.arrived, ['sessions y 3'])
  await a.carried.close()
  await b.carried.close()
})

test('each server knows who is inside of the others, until they leave', async () => {
  const [first, second] = databases
  assert.ok(first !== undefined && second !== undefined)
  const a = createServerSessions<{ id: string }>(first, 'a')
  const b = createServerSessions<{ id: string }>(second, 'b')
  await a.tell([{ id: '花' }])
  await a.tell([{ id: '花' }, { id: '2' }])
  assert.deepEqual(await b.others(), [{ id: '花' }, { id: '2' }])
  assert.deepEqual(await a.others(), [])
  await a.leave()
  assert.deepEqual(await b.others(), [])
})
