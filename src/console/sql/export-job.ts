// Writes what a query gives into a file, as a job: through the gate like every statement, judged and recorded as an export.

import { randomUUID } from 'node:crypto'
import { GatewayError } from '../../core/errors.ts'
import type { Actor } from '../../core/event.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ExportFormat } from '../contract.ts'
import type { JobWork } from '../jobs/jobs.ts'
import type { ConsoleParts } from '../parts.ts'
import { csvWriter } from './files/csv-writer.ts'
import { jsonWriter } from './files/json-writer.ts'
import { sqlWriter } from './files/sql-writer.ts'
import type { CreateWriter } from './files/table-writer.ts'
import { xlsxWriter } from './files/xlsx-writer.ts'
import { OpenSqlSession } from './sql-session.ts'
import { streamRows } from './stream-rows.ts'

export interface ExportWish {
  readonly target: Target
  readonly user: User
  readonly address: string
  readonly by: Actor
  readonly sql: string
  readonly format: ExportFormat
  readonly fileName: string
  readonly byteOrderMark: boolean
}

const writers: Readonly<Record<ExportFormat, CreateWriter>> = {
  csv: csvWriter,
  json: jsonWriter,
  sql: sqlWriter,
  xlsx: xlsxWriter,
}

type Parts = Pick<ConsoleParts, 'openTarget' | 'clock' | 'limits' | 'recordChange'>

export function exportWork(parts: Parts, wish: ExportWish): JobWork {
  return async ({ progress, signal, out }) => {
    const { target, user, address, by, format, fileName } = wish
    const about = { target: [null, target.name], format: [null, format], file: [null, fileName] } as const
    // On record before the first row leaves; the statement itself is, too.
    await parts.recordChange(by, 'export.begun', target.name, about)
    const session = new OpenSqlSession(parts, {
      id: randomUUID(),
      target,
      user,
      address,
      program: `Sekisho console: export as ${format}`,
      bulk: 'export',
      timeoutMs: parts.limits.jobTimeoutMs,
      closed: () => undefined,
    })
    let rows = 0
    let bytes = 0
    let result = 'stopped'
    try {
      await session.open()
      const counted = {
        write(chunk: Uint8Array | string) {
          bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
          return out.write(chunk)
        },
      }
      const table = fileName.replace(/\.[a-z]+$/i, '')
      const writer = writers[format](counted, { ...wish, protocol: target.protocol, table })
      let hasBegun = false
      for await (const piece of streamRows(session, { sql: wish.sql }, signal)) {
        if (piece.kind === 'columns') {
          if (hasBegun) throw new GatewayError('request.invalid', 'the text gives more than one result.')
          hasBegun = true
          await writer.begin(piece.columns)
        } else if (piece.kind === 'rows') {
          await writer.rows(piece.rows)
          rows += piece.rows.length
          progress(rows)
        }
      }
      if (!hasBegun) throw new GatewayError('request.invalid', 'the text gives no result to write.')
      await writer.end()
      result = 'ok'
    } catch (error) {
      if (!signal.aborted) result = error instanceof GatewayError ? error.code : 'internal'
      throw error
    } finally {
      session.close()
      const figures = { rows: [null, rows], bytes: [null, bytes], result: [null, result] } as const
      await parts.recordChange(by, 'export.ended', target.name, { ...about, ...figures })
    }
  }
}
