// The rows of one text as they come, no faster than they are taken.

import { GatewayError } from '../../core/errors.ts'
import type { OpenSqlSession } from './sql-session.ts'
import { type ConnectionText, isErrorCode, type RunError } from './target-connection.ts'

export type RowsPiece =
  | {
      readonly kind: 'columns'
      readonly columns: readonly { readonly name: string; readonly type: string }[]
    }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'done'; readonly command: string; readonly rows: number | undefined }

/**
 * Stopping it stops the text at the target.
 * @throws GatewayError what the gateway or the target said; what the signal was aborted with
 */
export async function* streamRows(
  session: OpenSqlSession,
  text: ConnectionText,
  signal: AbortSignal,
): AsyncGenerator<RowsPiece> {
  let pieces: RowsPiece[] = []
  let rows: (readonly (string | null)[])[] = []
  let error: RunError | undefined
  let isOver = false
  let wake: () => void = () => undefined
  const flush = (): void => {
    if (rows.length > 0) pieces.push({ kind: 'rows', rows })
    rows = []
  }
  const heard = (): void => {
    session.pause()
    wake()
  }
  const stop = (): void => session.stop()
  signal.throwIfAborted()
  signal.addEventListener('abort', stop)
  try {
    session.send(text, {
      columns(columns) {
        pieces.push({ kind: 'columns', columns })
      },
      row(values) {
        rows.push(values)
        heard()
      },
      done(command, count) {
        flush()
        pieces.push({ kind: 'done', command, rows: count })
        heard()
      },
      notice: () => undefined,
      failed(told) {
        error ??= told
      },
      settled() {
        isOver = true
        wake()
      },
    })
    for (;;) {
      flush()
      const taken = pieces
      pieces = []
      yield* taken
      signal.throwIfAborted()
      if (isOver && pieces.length === 0 && rows.length === 0) break
      if (pieces.length > 0 || rows.length > 0) continue
      session.resume()
      await new Promise<void>(resolve => {
        wake = resolve
        if (isOver || pieces.length > 0 || rows.length > 0) resolve()
      })
    }
    if (error !== undefined) throw problemOf(error)
  } finally {
    signal.removeEventListener('abort', stop)
    // Whoever takes no more wants no more.
    if (!isOver) session.stop()
    session.resume()
  }
}

/** As the one who waits for a job reads it. */
export function problemOf({ code, message, hint, refused }: RunError): GatewayError {
  const words = [message, hint].filter(part => part !== undefined && part !== '').join(' ')
  if (refused && code !== undefined && isErrorCode(code) && code.startsWith('statement.'))
    return new GatewayError(code, words)
  return new GatewayError('request.invalid', words)
}
