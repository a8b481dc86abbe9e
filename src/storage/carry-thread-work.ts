// What runs in the thread that carries the audit: the carrier, with a connection and a view of the journal of its own.

import { parentPort, workerData } from 'node:worker_threads'
import { Kysely } from 'kysely'
import { Carrier } from '../audit/carrier.ts'
import type { CarrySource } from '../audit/carrying.ts'
import { systemClock } from '../core/clock.ts'
import { createAuditStore } from './audit-store.ts'
import type { CarryOrders, FromCarryThread, ToCarryThread } from './carry-thread.ts'
import { openJournalFile } from './journal-file.ts'
import { createSqliteDialect, openSqliteToCarry, withoutSync } from './sqlite.ts'
import type { Tables } from './tables.ts'

const port = parentPort
if (port === null) throw new Error('this file is run as a thread')
const orders = workerData as CarryOrders
const say = (message: FromCarryThread): void => port.postMessage(message)

const file = openJournalFile(orders.journalFolder)
// Only what is needed, since every thread has its own copy. The server has brought the database up to date before.
const query = new Kysely<Tables>({ dialect: createSqliteDialect(openSqliteToCarry(orders.databaseFile)) })
const store = createAuditStore({ kind: 'sqlite', query, repeatable: work => withoutSync(query, work) })
let source: CarrySource = { chain: undefined, synced: { segment: 0, bytes: 0, sequence: 0 } }

const carrier = new Carrier({
  file,
  store: {
    ...store,
    async position(chain) {
      const position = await store.position(chain)
      say({ kind: 'carried', sequence: position?.sequence ?? 0 })
      return position
    },
    async carry(batch) {
      await store.carry(batch)
      say({ kind: 'carried', sequence: batch.to.sequence })
    },
  },
  clock: systemClock,
  limits: orders.limits,
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  log: {
    info: (message, facts = {}) => say({ kind: 'info', message, facts }),
    error: (message, error) => say({ kind: 'error', message, error }),
  },
  source: () => source,
})

port.on('message', (message: ToCarryThread) => {
  source = message.source
  if (message.kind === 'synced') carrier.wake()
  else void close()
})

async function close(): Promise<void> {
  await carrier.close()
  await query.destroy()
  await file.close()
  port?.close()
}
