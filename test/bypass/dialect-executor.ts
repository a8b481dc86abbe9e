// The corpus by the dialect alone: read, rewrite, and send to the server itself what the gateway would send.

import type { SchemaIndex, SqlState } from '../../src/sql/dialect.ts'
import { postgresDialect } from '../../src/sql/postgres/index.ts'
import { bytesOf, type Executor, type ExecutorSession, type Heard } from './executor.ts'
import { fieldsOf, type Frame, type Sent, type WireSession } from './wire.ts'
import { maskKey, sight, type World } from './world.ts'

const options = { maskKey, rowLimit: undefined }

export interface DialectWorld {
  /** Opens a connection to the world itself. */
  connect(): Promise<WireSession>
  readonly schema: SchemaIndex
}

export function createDialectExecutor(open: (world: World) => Promise<DialectWorld>): Executor {
  return {
    name: 'dialect',
    speaks: row => !row.statements.some(sent => typeof sent === 'object' && 'messages' in sent),
    open: async world => {
      const opened = await open(world)
      return createSession(await opened.connect(), opened.schema)
    },
  }
}

function createSession(wire: WireSession, schema: SchemaIndex): ExecutorSession {
  let state: SqlState = postgresDialect.initialState
  return {
    ask: async sent => {
      const text = textOf(sent)
      const reading = text === undefined ? undefined : postgresDialect.read(text, schema, state)
      if (reading === undefined || reading.kind === 'unreadable') return refusedFor(reading?.problem.message)
      const rewritten = postgresDialect.rewrite(reading, schema, state, sight, options)
      if (rewritten.kind === 'refused') return refusedFor(rewritten.problem.message)
      const frames = await wire.ask(withText(sent, rewritten.text))
      for (let index = 0; index < completed(frames); index++)
        state = postgresDialect.follow(state, reading, index)
      return { ...heard(frames, rewritten.reduceErrors), untouched: rewritten.text === text }
    },
    close: () => Promise.resolve(wire.close()),
  }
}

/** Bytes that are not UTF-8 have no text: the gateway refuses them before the dialect sees them. */
function textOf(sent: Sent): string | undefined {
  if (typeof sent === 'string') return sent
  if ('text' in sent) return sent.text
  if ('messages' in sent) throw new Error('messages of the protocol go through the gateway only')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(sent.bytes)
  } catch {
    return undefined
  }
}

function withText(sent: Sent, text: string): Sent {
  return typeof sent === 'string' || 'bytes' in sent ? text : { ...sent, text }
}

/** Statements of the message that succeeded. */
function completed(frames: readonly Frame[]): number {
  return frames.filter(frame => frame.type === 'C' || frame.type === 'I').length
}

function refusedFor(message: string | undefined): Heard {
  return {
    refused: true,
    failed: undefined,
    untouched: undefined,
    bytes: Buffer.from(`refused: ${message ?? 'not UTF-8'}`),
  }
}

function heard(frames: readonly Frame[], reduceErrors: boolean): Omit<Heard, 'untouched'> {
  const errors = frames.filter(frame => frame.type === 'E')
  const last = errors.at(-1)
  return {
    refused: false,
    failed: last && fieldsOf(last.body)['C'],
    bytes: bytesOf(reduceErrors ? frames.map(reduce) : frames),
  }
}

/** What the gateway leaves of errors and notices of statements that touch something hidden. */
function reduce(frame: Frame): Frame {
  if (frame.type !== 'E' && frame.type !== 'N') return frame
  const { C: code = '', S: severity = '' } = fieldsOf(frame.body)
  return { type: frame.type, body: Buffer.from(`${severity} ${code}`) }
}
