// What passes at one server is seen at another over one MariaDB, only while somebody watches there, and only so much of it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Mariadb, startMariadb } from '../../test/support/mariadb.ts'
import { Secret } from '../core/secret.ts'
import { carryLive } from './carried-live.ts'
import { type Database, openDatabase } from './database.ts'
import { createMessages } from './messages.ts'

let mariadb: Mariadb
let databases: readonly Database[]
const messages = createMessages(assert.ifError)

before(async () => {
  mariadb = await startMariadb()
  await mariadb.createDatabase('sekisho_live')
  const { host, port, user } = mariadb
  const password = new Secret(mariadb.password)
  const config = { kind: 'mysql', host, port, database: 'sekisho_live', user, password } as const
  databases = [await openDatabase(config), await openDatabase(config)]
})
after(async () => {
  for (const database of databases ?? []) await database.close()
  await mariadb?.stop()
})

interface Stage {
  readonly live: ReturnType<typeof carryLive<string>>
  /** Something passes. */
  pass(event: string): void
  readonly attached: () => boolean
  readonly turning: () => boolean
  nowMs: number
}

function server(serverId: string, database: Database | undefined): Stage {
  assert.ok(database)
  let push: ((event: string) => void) | undefined
  let turning = false
  const stage: Stage = {
    live: carryLive<string>({
      database,
      messages,
      serverId,
      eventsMax: 3,
      source(given) {
        push = given
        return () => {
          push = undefined
        }
      },
      dropped: count => `${count} more`,
      every() {
        turning = true
        return () => {
          turning = false
        }
      },
      nowMs: () => stage.nowMs,
      warn: assert.ifError,
    }),
    pass: event => push?.(event),
    attached: () => push !== undefined,
    turning: () => turning,
    nowMs: 0,
  }
  return stage
}

test('statements are carried while somebody watches elsewhere, each once', async () => {
  const [one, other] = [server('a', databases[0]), server('b', databases[1])]
  one.pass('unseen')
  assert.equal(one.attached() || one.turning() || other.turning(), false)

  const [seen, again]: [string[], string[]] = [[], []]
  const unwatch = other.live.watch(event => seen.push(event))
  const unwatchAgain = other.live.watch(event => again.push(event))
  assert.equal(one.attached(), true)
  assert.equal(other.attached(), false)
  await other.live.turn()
  one.pass('1')
  one.pass('2')
  await one.live.turn()
  await other.live.turn()
  await other.live.turn()
  assert.deepEqual(
    [seen, again],
    [
      ['1', '2'],
      ['1', '2'],
    ],
  )
  unwatchAgain()
  for (const event of ['3', '4', '5', '6', '7']) one.pass(event)
  await one.live.turn()
  await other.live.turn()
  assert.deepEqual(seen.slice(2), ['3', '4', '5', '2 more'])
  assert.equal(again.length, 2)

  // Who watches says so again and again; the others carry for as long.
  one.nowMs = other.nowMs = 12_000
  await other.live.turn()
  one.nowMs = other.nowMs = 20_000
  await one.live.turn()
  assert.equal(one.attached(), true)
  unwatch()
  await other.live.turn()
  assert.equal(other.turning(), false)
  one.nowMs = 40_000
  await one.live.turn()
  assert.equal(one.attached() || one.turning(), false)
  one.pass('unseen')

  // What was carried for somebody before is no news.
  const late: string[] = []
  other.live.watch(event => late.push(event))
  await other.live.turn()
  await other.live.turn()
  assert.equal(late.length, 0)
  await Promise.all([one.live.close(), other.live.close()])
  other.live.watch(event => late.push(event))
  assert.equal(one.attached(), false)
})
