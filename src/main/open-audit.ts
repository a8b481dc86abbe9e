// Opens the audit: the journal in the data folder, carried to the server database.

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { RotatingVault } from '../access/vault.ts'
import type { AuditSearch, Trail } from '../audit/audit.ts'
import { createTrail } from '../audit/create-trail.ts'
import { systemClock } from '../core/clock.ts'
import type { AuditEvent } from '../core/event.ts'
import { searchInThread } from '../storage/audit-search-thread.ts'
import { createAuditStore } from '../storage/audit-store.ts'
import { carryInThread } from '../storage/carry-thread.ts'
import type { Database } from '../storage/database.ts'
import { openJournalFile } from '../storage/journal-file.ts'
import { after } from './after.ts'
import type { Config } from './config.ts'
import { createTextSealing } from './text-sealing.ts'

export interface OpenAudit {
  readonly trail: Trail
  readonly auditSearch: AuditSearch
  /** Resolves once the event is on record. */
  readonly record: (event: AuditEvent) => Promise<void>
}

export async function openAudit(
  config: Config,
  log: Logger,
  database: Database,
  vault: RotatingVault,
): Promise<OpenAudit> {
  const { limits } = config
  const journalFolder = join(config.dataDir, 'journal')
  const auditLog = {
    info: (message: string, facts?: object) => log.info(facts ?? {}, message),
    error: (message: string, error: unknown) => log.error({ err: error }, message),
  }
  const store = createAuditStore(database)
  const { trail, search: auditSearch } = await createTrail({
    file: openJournalFile(journalFolder),
    store,
    ...(config.database.kind === 'sqlite' && {
      carrying: carryInThread({
        databaseFile: config.database.file,
        journalFolder,
        limits,
        after,
        log: auditLog,
      }),
      reading: searchInThread({ databaseFile: config.database.file, store, after, log: auditLog }),
    }),
    sealing: createTextSealing(vault.derive('audit')),
    serverId: serverId(config.dataDir),
    clock: systemClock,
    limits,
    atEndOfTurn: run => void setImmediate(run),
    after,
    log: auditLog,
  })
  const record = (event: AuditEvent): Promise<void> =>
    new Promise((resolve, reject) =>
      trail.record([event], error => (error === undefined ? resolve() : reject(error))),
    )
  return { trail, auditSearch, record }
}

/** Names this server's chain of the audit; made once. */
function serverId(dataDir: string): string {
  const file = join(dataDir, 'server-id')
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`)
  return readFileSync(file, 'utf8').trim()
}
