// What runs in the thread that searches the audit: one search at a time, with a connection that can only read.

import { parentPort, workerData } from 'node:worker_threads'
import { Kysely } from 'kysely'
import { findStored } from './audit-search.ts'
import type { FromSearchThread, SearchOrders, ToSearchThread } from './audit-search-thread.ts'
import { summarizeStored } from './audit-summary.ts'
import { createSqliteDialect, openSqliteToRead } from './sqlite.ts'
import type { Tables } from './tables.ts'

const port = parentPort
if (port === null) throw new Error('this file is run as a thread')
const { databaseFile, stop } = workerData as SearchOrders

// Only what is needed, since every thread has its own copy. The server has brought the database up to date before.
const query = new Kysely<Tables>({ dialect: createSqliteDialect(openSqliteToRead(databaseFile)) })
const place = { kind: 'sqlite', query } as const
const enough = (): boolean => Atomics.load(stop, 0) !== 0

port.on('message', (message: ToSearchThread) => {
  if (message.kind === 'close') void close()
  else void answer(message)
})

async function answer(order: Exclude<ToSearchThread, { readonly kind: 'close' }>): Promise<void> {
  let reply: FromSearchThread
  try {
    const found =
      order.kind === 'find'
        ? await findStored(place, ...order.args, enough)
        : await summarizeStored(place, ...order.args, enough)
    reply = { kind: 'found', found }
  } catch (error) {
    reply = { kind: 'failed', error, facts: factsOf(error) }
  }
  port?.postMessage(reply)
}

function factsOf(error: unknown): Readonly<Record<string, unknown>> {
  const plain = ([, value]: [string, unknown]) => typeof value === 'string' || typeof value === 'number'
  return typeof error === 'object' && error !== null
    ? Object.fromEntries(Object.entries(error).filter(plain))
    : {}
}

async function close(): Promise<void> {
  await query.destroy()
  port?.close()
}
