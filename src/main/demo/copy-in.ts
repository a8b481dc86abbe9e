// COPY … FROM STDIN over the `pg` driver, which leaves the sending of rows to others.

import type { Client, Connection, Submittable } from 'pg'
import type { Cell, Row } from './shop-rows.ts'

/** Characters sent in one message. */
const chunkCharsMax = 256 * 1024

/** What the driver calls on a query of ours; it has no types for these. */
interface CopyQuery extends Submittable {
  handleCopyInResponse(connection: CopyConnection): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const cell = (value: Cell): string =>
  value === undefined ? '\\N' : String(value).replace(/[\\\t\n\r]/g, found => escapes[found] ?? found)

export function copyIn(client: Client, table: string, rows: readonly Row[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    const query: CopyQuery = {
      submit: (connection: Connection) => connection.query(`copy ${table} from stdin`),
      handleCopyInResponse(connection) {
        let chunk = ''
        for (const row of rows) {
          chunk += `${row.map(cell).join('\t')}\n`
          if (chunk.length < chunkCharsMax) continue
          connection.sendCopyFromChunk(Buffer.from(chunk))
          chunk = ''
        }
        if (chunk !== '') connection.sendCopyFromChunk(Buffer.from(chunk))
        connection.endCopyFrom()
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => (failure === undefined ? resolve() : reject(failure)),
      handleError(error) {
        failure = error
        // After a lost connection there is no ready-for-query.
        if (!('code' in error) || !/^[0-9A-Z]{5}$/.test(String(error.code))) reject(error)
      },
    }
    client.query(query)
  })
}
