// Files that people sent to import from: kept sealed for a while, told what they look like, and theirs alone.

import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { GatewayError } from '../../core/errors.ts'
import type { TargetId, UserId } from '../../core/ids.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { ImportPreview } from '../contract.ts'
import type { KeptFile } from '../jobs/job-files.ts'
import type { ConsoleParts } from '../parts.ts'
import { csvRows, delimiterOf } from './files/csv-rows.ts'
import { columnNames, type FileRow, type FileStatement } from './files/file-rows.ts'
import { decoded, encodingOf, sampleBytes } from './files/read-text.ts'
import { sqlStatements } from './files/sql-statements.ts'
import { xlsxRows } from './files/xlsx-rows.ts'

export interface Upload {
  readonly id: string
  readonly userId: UserId
  readonly targetId: TargetId
  readonly name: string
  readonly format: ImportPreview['format']
  readonly encoding: string
  readonly delimiter: string
  readonly protocol: Target['protocol']
  readonly file: KeptFile
  readonly atMs: number
}

const previewRows = 50
const previewStatements = 20
const previewChars = 2_000
const lookEveryMs = 60_000

export class Uploads {
  readonly #parts: Pick<ConsoleParts, 'jobFiles' | 'clock' | 'limits'>
  readonly #kept = new Map<string, Upload>()

  constructor(parts: Pick<ConsoleParts, 'jobFiles' | 'clock' | 'limits'>, closing: AbortSignal) {
    this.#parts = parts
    const looking = setInterval(() => this.#forgetOld(), lookEveryMs)
    looking.unref()
    closing.addEventListener('abort', () => clearInterval(looking))
  }

  /** @throws GatewayError `limit.exceeded`; `request.invalid` for what cannot be read */
  async take(userId: UserId, target: Target, name: string, body: Readable): Promise<ImportPreview> {
    const { limits, clock } = this.#parts
    const theirs = [...this.#kept.values()].filter(one => one.userId === userId)
    // Whoever sends another file has done with the oldest.
    if (theirs.length >= limits.uploadsPerUserMax && theirs[0]) this.remove(theirs[0])
    const file = await this.#keep(body)
    const sample = await buffer(file.read(0, sampleBytes))
    const encoding = encodingOf(sample)
    const text = new TextDecoder(encoding).decode(sample)
    const upload: Upload = {
      id: randomUUID(),
      userId,
      targetId: target.id,
      name,
      format: formatOf(name, sample),
      encoding,
      delimiter: delimiterOf(text),
      protocol: target.protocol,
      file,
      atMs: clock.nowMs(),
    }
    try {
      const preview = await previewOf(upload, limits)
      this.#kept.set(upload.id, upload)
      return preview
    } catch (error) {
      await file.remove()
      throw error
    }
  }

  /** @throws GatewayError `not-found`, also for what is somebody else's, or was sent for another target */
  of(userId: UserId, targetId: TargetId, id: string): Upload {
    const upload = this.#kept.get(id)
    if (upload === undefined || upload.userId !== userId || upload.targetId !== targetId)
      throw new GatewayError('not-found', 'uploaded file')
    return upload
  }

  remove(upload: Upload): void {
    this.#kept.delete(upload.id)
    void upload.file.remove().catch(() => undefined)
  }

  async #keep(body: Readable): Promise<KeptFile> {
    const { importBytesMax } = this.#parts.limits
    const growing = await this.#parts.jobFiles.create()
    try {
      let bytes = 0
      // Whoever sends too much is told so, which needs the connection.
      for await (const chunk of body.iterator({ destroyOnReturn: false })) {
        const part = chunk as Uint8Array
        bytes += part.length
        if (bytes > importBytesMax)
          throw new GatewayError('limit.exceeded', `the file is larger than ${importBytesMax} bytes.`)
        await growing.write(part)
      }
      return await growing.finish()
    } catch (error) {
      await growing.discard().catch(() => undefined)
      // What still comes is read past, so that the answer is heard and the connection of use.
      setImmediate(() => body.resume())
      throw error
    }
  }

  #forgetOld(): void {
    const before = this.#parts.clock.nowMs() - this.#parts.limits.uploadLifeMs
    for (const upload of this.#kept.values()) if (upload.atMs < before) this.remove(upload)
  }
}

/** Of CSV and Excel; the first row has the names of the columns. */
export const rowsOfUpload = (upload: Upload, limits: Limits): AsyncGenerator<FileRow> =>
  upload.format === 'xlsx'
    ? xlsxRows(upload.file, {
        columnsMax: limits.importColumnsMax,
        sharedCharsMax: limits.importSharedCharsMax,
      })
    : csvRows(decoded(upload.file.read(), upload.encoding), upload.delimiter, {
        columnsMax: limits.importColumnsMax,
        fieldCharsMax: limits.statementCharsMax,
      })

export const statementsOfUpload = (upload: Upload, limits: Limits): AsyncGenerator<FileStatement> =>
  sqlStatements(decoded(upload.file.read(), upload.encoding), upload.protocol, limits.statementCharsMax)

function formatOf(name: string, sample: Uint8Array): Upload['format'] {
  if (sample[0] === 0x50 && sample[1] === 0x4b) return 'xlsx'
  return /\.sql$/i.test(name) ? 'sql' : 'csv'
}

async function previewOf(upload: Upload, limits: Limits): Promise<ImportPreview> {
  const { id, format, file, encoding } = upload
  const problems: string[] = []
  if (format !== 'xlsx' && !encoding.startsWith('utf-'))
    problems.push(`The file does not say its encoding; it is read as ${encoding}.`)
  const empty = { uploadId: id, format, columns: [], rows: [], statements: [], bytes: file.bytes, problems }
  if (format === 'sql') {
    const statements: string[] = []
    for await (const { text } of statementsOfUpload(upload, limits)) {
      statements.push(text.length > previewChars ? `${text.slice(0, previewChars)} …` : text)
      if (statements.length === previewStatements) break
    }
    if (statements.length === 0) problems.push('There is no statement in it.')
    return { ...empty, statements }
  }
  let columns: readonly string[] | undefined
  const rows: (readonly (string | null)[])[] = []
  for await (const { values, line } of rowsOfUpload(upload, limits)) {
    if (columns === undefined) {
      columns = columnNames(values)
      continue
    }
    if (values.length > columns.length && problems.length < 5)
      problems.push(`Line ${line} has ${values.length} values for ${columns.length} columns.`)
    const shown = values.map(value =>
      value !== null && value.length > previewChars ? `${value.slice(0, previewChars)} …` : value,
    )
    rows.push(columns.map((_, at) => shown[at] ?? null))
    if (rows.length === previewRows) break
  }
  if (columns === undefined) problems.push('There is no row in it.')
  return { ...empty, columns: columns ?? [], rows }
}
