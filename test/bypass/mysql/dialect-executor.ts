// The corpus by the dialect alone: read, rewrite, and send to the server itself what the gateway would send.

import { sight } from './world.ts'
import { maskKey, type World } from '../world.ts'
import type { SchemaIndex, SqlState } from '../../../src/sql/dialect.ts'
import { mysqlDialect, mysqlState, withFacts } from '../../../src/sql/mysql/index.ts'
import type { Executor, ExecutorSession, Heard } from './executor.ts'
import type { MysqlWire, Said, Sent } from './wire.ts'

const options = { maskKey, rowLimit: undefined }

export interface DialectWorld {
  readonly connect: () => Promise<MysqlWire>
  readonly schema: SchemaIndex
}

export function createDialectExecutor(open: (world: World) => Promise<DialectWorld>): Executor {
  return {
    name: 'dialect',
    speaks: row =>
      row.onlyGateway !== true && row.statements.every(sent => typeof sent === 'string' || 'text' in sent),
    open: async world => {
      const { connect, schema } = await open(world)
      const wire = await connect()
      const { product, serverVersion: version, mysql } = schema.snapshot
      const facts = { product: product === 'mysql' ? product : 'mariadb', version } as const
      const state = mysqlState({
        ...facts,
        sqlMode: mysql?.sqlMode ?? '',
        characterSet: 'utf8mb4',
        database: 'shop',
      })
      return createSession(wire, schema, state)
    },
  }
}

function createSession(wire: MysqlWire, schema: SchemaIndex, initial: SqlState): ExecutorSession {
  let state = initial
  return {
    ask: async (sent): Promise<Heard> => {
      const text = typeof sent === 'string' ? sent : 'text' in sent ? sent.text : ''
      const reading = mysqlDialect.read(text, schema, state)
      if (reading.kind === 'unreadable') return refusedFor(reading.problem.message)
      const rewritten = mysqlDialect.rewrite(reading, schema, state, sight, options)
      if (rewritten.kind === 'refused') return refusedFor(rewritten.problem.message)
      const said = await wire.ask(withText(sent, rewritten.text))
      if (said.errors.length === 0) {
        const count = reading.action.statements.length
        for (let index = 0; index < count; index += 1) state = mysqlDialect.follow(state, reading, index)
      }
      if (reading.changesState) state = withFacts(state, await factsOf(wire))
      return { ...heard(said, rewritten.reduceErrors), untouched: rewritten.text === text }
    },
    close: () => Promise.resolve(wire.close()),
  }
}

/** What the gateway asks the server after each statement that may have changed it. */
async function factsOf(wire: MysqlWire): Promise<Parameters<typeof withFacts>[1]> {
  const { packets } = await wire.ask('SELECT @@sql_mode, @@character_set_client, DATABASE()')
  const row = packets.at(-2)?.subarray(1) ?? Buffer.alloc(0)
  const values: (string | undefined)[] = []
  for (let at = 0; at < row.length; ) {
    const length = row[at] ?? 0
    if (length === 0xfb) {
      values.push(undefined)
      at += 1
      continue
    }
    const start = length === 0xfc ? at + 3 : at + 1
    const end = start + (length === 0xfc ? row.readUInt16LE(at + 1) : length)
    values.push(row.toString('utf8', start, end))
    at = end
  }
  const [sqlMode = '', characterSet = '', database] = values
  return { sqlMode, characterSet, database }
}

function withText(sent: Sent, text: string): Sent {
  return typeof sent === 'object' && 'text' in sent ? { ...sent, text } : text
}

function refusedFor(message: string): Heard {
  return { refused: true, failed: undefined, untouched: undefined, bytes: Buffer.from(`refused: ${message}`) }
}

/** Of errors only the code is left when the statement touches something hidden. */
function heard(said: Said, reduceErrors: boolean): Omit<Heard, 'untouched'> {
  const bytes = said.packets.map(packet =>
    reduceErrors && packet[1] === 0xff ? packet.subarray(0, 4) : packet,
  )
  return { refused: false, failed: said.errors.at(-1)?.code, bytes: Buffer.concat(bytes) }
}
