// Messages between servers through the database that they share: written beside what is said at home, and read by all.

import { sql } from 'kysely'
import type { Messages, Topic } from '../core/messages.ts'
import type { Database } from './database.ts'
import { insistently } from './rows.ts'

export interface CarriedMessagesParts {
  /** Those within this server. */
  readonly messages: Messages
  readonly database: Database
  /** A new one for each life of a server: what was said before it is no news. */
  readonly serverId: string
  /** How often is looked for news. */
  readonly everyMs: number
  readonly after: (ms: number, call: () => void) => () => void
  /** Brings up to date what this server keeps in memory, before the others here hear of it. */
  readonly arriving: (topic: Topic, payload: string) => Promise<void>
  readonly warn: (error: unknown) => void
}

export interface CarriedMessages extends Messages {
  /** Looks for news now. */
  look(): Promise<void>
  close(): Promise<void>
}

/** Clocks of servers differ: all times are the database's. */
const databaseMs = sql<number>`floor(unix_timestamp(now(3)) * 1000)`
/** How far is looked back: a transaction may show its row later than one that began after it. */
const lookBackMs = 10_000
const keepMs = 60_000
/** Looks between two cleanings. */
const cleanEvery = 100
const payloadCharsMax = 255

/** For MySQL and MariaDB: a SQLite database has one server. */
export async function carryMessages(parts: CarriedMessagesParts): Promise<CarriedMessages> {
  const { messages, database, serverId, warn } = parts
  const { query } = database
  /** Numbers of messages that were heard of late. */
  let heard = new Set<number>()
  let looks = 0
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()
  let takeBack: () => void = () => undefined

  const news = () =>
    query
      .selectFrom('server_messages')
      .select(['id', 'topic', 'payload'])
      .where('server_id', '<>', serverId)
      .where('at_ms', '>', sql<number>`${databaseMs} - ${lookBackMs}`)
      .orderBy('id')
      .execute()

  const hear = async (): Promise<void> => {
    const found = await news()
    const before = heard
    heard = new Set(found.map(one => one.id))
    for (const { id, topic, payload } of found) {
      if (before.has(id)) continue
      const known = topic as Topic
      await parts.arriving(known, payload).catch(warn)
      messages.publish(known, payload)
    }
    if (++looks % cleanEvery === 0) {
      await query
        .deleteFrom('server_messages')
        .where('at_ms', '<', sql<number>`${databaseMs} - ${keepMs}`)
        .execute()
    }
  }
  const look = (): Promise<void> => {
    const next = turn.then(() => (closed ? undefined : hear()))
    turn = next.catch(warn)
    return next
  }
  const wait = (): void => {
    takeBack = parts.after(parts.everyMs, () => {
      void look().then(wait, wait)
    })
  }

  heard = new Set((await news()).map(one => one.id))
  wait()
  return {
    subscribe: (topic, listener) => messages.subscribe(topic, listener),
    publish(topic, payload) {
      messages.publish(topic, payload)
      const row = {
        server_id: serverId,
        topic,
        payload: payload.slice(0, payloadCharsMax),
        at_ms: databaseMs,
      }
      const written = insistently(() => query.insertInto('server_messages').values(row).execute())
      turn = Promise.all([turn, written.catch(warn)])
    },
    look,
    async close() {
      closed = true
      takeBack()
      await turn
    },
  }
}
