// The audit carried by a thread of its own: while the server runs, at its end, and when the thread cannot work.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Trail } from '../audit/audit.ts'
import { createTrail } from '../audit/create-trail.ts'
import { life, plainSealing } from '../audit/example.ts'
import { systemClock } from '../core/clock.ts'
import type { AuditEvent } from '../core/event.ts'
import { limits } from '../core/limits.ts'
import { createAuditStore } from './audit-store.ts'
import { carryInThread } from './carry-thread.ts'
import { type Database, openDatabase } from './database.ts'
import { openJournalFile } from './journal-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-thread-'))
const file = join(folder, 'sekisho.db')
let database: Database | undefined
after(async () => {
  await database?.close()
  rmSync(folder, { recursive: true, force: true })
})

const later = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

async function openAudit(journal: string, databaseFile: string) {
  database ??= await openDatabase({ kind: 'sqlite', file })
  const errors: string[] = []
  const log = { info: () => undefined, error: (message: string) => void errors.push(message) }
  const journalFolder = join(folder, journal)
  const audit = await createTrail({
    file: openJournalFile(journalFolder),
    store: createAuditStore(database),
    carrying: carryInThread({ databaseFile, journalFolder, limits, after: later, log }),
    sealing: plainSealing,
    serverId: 'test',
    clock: systemClock,
    limits,
    atEndOfTurn: run => void setImmediate(run),
    after: later,
    log,
  })
  return { ...audit, errors }
}

const written = (trail: Trail, events: readonly AuditEvent[]) =>
  new Promise<void>((resolve, reject) => {
    trail.record(events, error => (error === undefined ? resolve() : reject(error)))
  })

test('what is recorded reaches the database while the server runs, and all of it when it ends', async () => {
  const { trail, search, errors } = await openAudit('one', file)
  await written(trail, life)
  while (search.chain().waiting > 0 || search.chain().sequence === 0)
    await new Promise(resolve => setImmediate(resolve))
  assert.equal((await search.find({})).length, 9)
  await written(trail, [{ kind: 'server.stopped', id: 'z' as never, atMs: 1, version: '1' }])
  await trail.close()
  assert.equal((await search.find({})).length, 10)
  assert.deepEqual(errors, [])
})

test('a thread that cannot work says so, holds nothing up, and leaves all of it to the next', async () => {
  const unusable = join(folder, 'a-folder')
  mkdirSync(unusable)
  const first = await openAudit('two', unusable)
  await written(first.trail, [{ kind: 'server.started', id: 'left' as never, atMs: 1, version: '1' }])
  await first.trail.close()
  assert.deepEqual(first.errors, ['the thread that carries the audit failed'])
  assert.equal(await first.search.get('left'), undefined)
  const second = await openAudit('two', file)
  await second.trail.close()
  assert.equal((await second.search.get('left'))?.kind, 'server.started')
})
