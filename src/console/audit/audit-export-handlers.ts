// The audit as a file: a job in the background, on record before it starts, of no more than its owner may see.

import type { AuditEntry, AuditFilter, AuditSearch } from '../../audit/audit.ts'
import { entryWriters, type EntryWriter } from './audit-export.ts'
import { auditFilterOf } from './audit-handlers.ts'
import type { Handlers } from '../handlers.ts'
import type { Jobs, JobRun } from '../jobs/jobs.ts'
import type { ConsoleParts } from '../parts.ts'

/** Entries that are written at once: a row group of a Parquet file. */
const batchEntries = 5_000
const pageEntries = 500

export function auditExportHandlers(parts: ConsoleParts, jobs: Jobs): Handlers<'POST /api/audit/exports'> {
  const { auditSearch, clock } = parts
  return {
    async 'POST /api/audit/exports'({ input, visitor: { user, by } }) {
      const { before: _before, after: _after, limit: _limit, ...asked } = auditFilterOf(user, input.filter)
      // What is recorded from now on, this very export included, is not part of it.
      const filter = { ...asked, toMs: Math.min(asked.toMs ?? clock.nowMs(), clock.nowMs()) }
      const fileName = `audit-${new Date(clock.nowMs()).toISOString().slice(0, 19).replaceAll(':', '')}.${input.format}`
      await parts.recordChange(
        by,
        'audit.exported',
        fileName,
        Object.fromEntries(
          Object.entries(filter).map(([name, value]) => [name, [undefined, value]] as const),
        ),
      )
      return jobs.start(user, { kind: 'audit-export', title: fileName, unit: 'entries', fileName }, run =>
        writeEntries(auditSearch, filter, entryWriters[input.format](), run),
      )
    },
  }
}

async function writeEntries(
  search: Pick<AuditSearch, 'page'>,
  filter: AuditFilter,
  writer: EntryWriter,
  { out, signal, progress }: JobRun,
): Promise<void> {
  await out.write(writer.begin())
  let done = 0
  let waiting: AuditEntry[] = []
  const flush = async () => {
    await out.write(writer.batch(waiting))
    waiting = []
  }
  for (let before: string | undefined; ; ) {
    signal.throwIfAborted()
    const page = await search.page({
      ...filter,
      limit: pageEntries,
      ...(before === undefined ? {} : { before }),
    })
    waiting.push(...page.entries)
    done += page.entries.length
    progress(done)
    if (waiting.length >= batchEntries) await flush()
    if (page.next === undefined) break
    before = page.next
  }
  await flush()
  await out.write(writer.end())
}
