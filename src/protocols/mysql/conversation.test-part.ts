// A stage for the relay: what the client says, what the target hears, what the target says, what the client hears.

import assert from 'node:assert/strict'
import { duplexPair, type Duplex } from 'node:stream'
import { GatewayError } from '../../core/errors.ts'
import { limits, type Limits } from '../../core/limits.ts'
import { readExactly } from '../read-exactly.ts'
import { capability, type Capabilities } from './capabilities.ts'
import { command, encodeEof, encodeError, encodeOk, encodeTextRow, status, type Ok } from './codec.ts'
import { fakeVisit, type FakeVisit } from '../fake-gate.test-part.ts'
import type { KillKind, Kills } from './kill.ts'
import { encodeShortPacket } from './packets.ts'
import { PayloadWriter } from './payload.ts'
import { relay, type Farewell, type UserChange } from './relay.ts'
import { factsQuestion, type SessionFacts } from './session-facts.ts'

const packet = (sequence: number, payload: Uint8Array | string): Buffer =>
  encodeShortPacket(typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload), sequence)

const numbered = (kind: number, id: number, rest: Uint8Array = Buffer.alloc(0)): Buffer =>
  packet(0, new PayloadWriter().int8(kind).int32(id).bytes(rest).take())

/** Commands of a client. */
export const says = {
  query: (text: string | Buffer) => packet(0, Buffer.concat([Buffer.of(command.query), Buffer.from(text)])),
  prepare: (text: string) => packet(0, `\x16${text}`),
  /** Of a statement without parameters, or with `rest`: bits for NULL, flag, types and values. */
  execute: (id: number, rest: Uint8Array = Buffer.alloc(0), flags = 0) =>
    numbered(command.stmtExecute, id, Buffer.concat([Buffer.of(flags, 1, 0, 0, 0), rest])),
  fetch: (id: number, rows: number) =>
    numbered(command.stmtFetch, id, new PayloadWriter().int32(rows).take()),
  close: (id: number) => numbered(command.stmtClose, id),
  reset: (id: number) => numbered(command.stmtReset, id),
  longData: (id: number, text: string) =>
    numbered(command.stmtSendLongData, id, Buffer.concat([Buffer.of(0, 0), Buffer.from(text)])),
  bare: (kind: number, rest = '') => packet(0, Buffer.concat([Buffer.of(kind), Buffer.from(rest)])),
  processKill: (id: number) => numbered(command.processKill, id),
  file: (sequence: number, text: string) => packet(sequence, text),
  quit: packet(0, Buffer.of(command.quit)),
}

/** Answers of a target; the first argument is the number of the packet. */
export const answers = {
  ok: (sequence = 1, ok: Partial<Ok> = {}, capabilities: Capabilities = 0n) =>
    packet(sequence, encodeOk(ok, capabilities)),
  endOk: (sequence: number, ok: Partial<Ok> = {}) => packet(sequence, encodeOk(ok, 0n, 0xfe)),
  head: (sequence: number, columns: number) => packet(sequence, new PayloadWriter().lenenc(columns).take()),
  column: (sequence: number, name: string) =>
    packet(sequence, new PayloadWriter().lenencText('def').lenencText(name).take()),
  eof: (sequence: number, flags = 2, warnings = 0) =>
    packet(sequence, encodeEof({ warnings, status: flags })),
  row: (sequence: number, ...values: (string | null)[]) => packet(sequence, encodeTextRow(values)),
  error: (sequence: number, code: number, message: string, sqlState = 'HY000') =>
    packet(sequence, encodeError({ code, sqlState, message })),
  prepared: (id: number, parameters: number, columns: number) =>
    packet(1, new PayloadWriter().int8(0).int32(id).int16(columns).int16(parameters).int8(0).int16(0).take()),
  wantsFile: (name: string) => packet(1, Buffer.concat([Buffer.of(0xfb), Buffer.from(name)])),
  raw: packet,
}

/** One result of one column. */
export function result(values: readonly string[], flags = 2, from = 1): Buffer {
  const rows = values.map((value, index) => answers.row(from + 3 + index, value))
  return Buffer.concat([
    answers.head(from, 1),
    answers.column(from + 1, 'c'),
    answers.eof(from + 2),
    ...rows,
    answers.eof(from + 3 + values.length, flags),
  ])
}

export const more = status.moreResults | 2

export const asks = says.query(factsQuestion)

const plainFacts: SessionFacts = {
  sqlMode: '',
  characterSet: 'utf8mb4',
  connectionCharacterSet: 'utf8mb4',
  database: 'shop',
}

/** What the target says about the session. */
export function facts(change: Partial<SessionFacts> = {}): Buffer {
  const { sqlMode, characterSet, connectionCharacterSet, database } = { ...plainFacts, ...change }
  return Buffer.concat([
    answers.head(1, 4),
    ...[2, 3, 4, 5].map(sequence => answers.column(sequence, 'c')),
    answers.eof(6),
    answers.row(7, sqlMode, characterSet, connectionCharacterSet, database ?? null),
    answers.eof(8),
  ])
}

export interface Stage {
  readonly client: Duplex
  readonly target: Duplex
  readonly visit: FakeVisit
  readonly farewell: Promise<Farewell>
  /** What was to be stopped at the target; each is done once its function is called. */
  readonly stops: { readonly kind: KillKind; readonly done: () => void }[]
  /** Stops this session as others of the user do. */
  stopped(kind: KillKind): void
  clientSays(...messages: Buffer[]): void
  targetSays(...messages: Buffer[]): void
  targetHears(...messages: Buffer[]): Promise<void>
  clientHears(...messages: Buffer[]): Promise<void>
  /** The next packet that the client hears is an error like this. */
  clientHearsError(code: number, message: RegExp, sequence?: number): Promise<void>
  /** Nothing else was said to either side. */
  quiet(): Promise<void>
  /** The client says goodbye, and the session ends. */
  leave(): Promise<Farewell>
}

export interface StageOptions {
  readonly limits?: Partial<Limits>
  readonly capabilities?: Capabilities
  readonly kills?: Kills
  readonly changeUser?: (packets: Duplex) => Promise<UserChange>
  /** The first question about the session is left to the test. */
  readonly unasked?: boolean
  readonly visit?: (visit: FakeVisit) => void
}

export async function stage(options: StageOptions = {}): Promise<Stage> {
  const [client, clientSide] = duplexPair()
  const [target, targetSide] = duplexPair()
  const visit = fakeVisit()
  options.visit?.(visit)
  for (const stream of [client, clientSide, target, targetSide]) stream.on('error', () => undefined)
  const stops: { kind: KillKind; done: () => void }[] = []
  let stop: (kind: KillKind) => void = () => undefined
  const farewell = relay(clientSide, targetSide, {
    visit,
    limits: { ...limits, ...options.limits },
    capabilities: options.capabilities ?? capability.protocol41,
    readState: (before, { sqlMode, characterSet, database }) => ({
      key: `${before.key.split('#')[0]}#${sqlMode},${characterSet},${database}`,
    }),
    stopAtTarget: kind => new Promise(done => stops.push({ kind, done })),
    kills: options.kills ?? { find: () => undefined },
    changeUser: options.changeUser ?? (() => Promise.reject(new GatewayError('token.invalid'))),
    killable(given) {
      stop = given
      return () => undefined
    },
  })
  const hears = async (stream: Duplex, who: string, messages: readonly Buffer[]) => {
    for (const expected of messages) {
      const heard = await readExactly(stream, expected.length).catch(() => Buffer.from('(ended)'))
      assert.equal(heard.toString('latin1'), expected.toString('latin1'), `the ${who} hears`)
    }
  }
  const play: Stage = {
    client,
    target,
    visit,
    farewell,
    stops,
    stopped: kind => stop(kind),
    clientSays: (...messages) => void client.write(Buffer.concat(messages)),
    targetSays: (...messages) => void target.write(Buffer.concat(messages)),
    targetHears: (...messages) => hears(target, 'target', messages),
    clientHears: (...messages) => hears(client, 'client', messages),
    async clientHearsError(code, message, sequence = 1) {
      const head = await readExactly(client, 4)
      const body = await readExactly(client, head.readUIntLE(0, 3))
      assert.equal(body[0], 0xff, body.toString('latin1'))
      assert.equal(body.readUInt16LE(1), code, body.toString('latin1'))
      assert.match(body.toString('utf8', 9), message)
      assert.equal(head[3], sequence)
    },
    async quiet() {
      for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
      assert.equal(target.readableLength, 0, 'the target heard more')
      assert.equal(client.readableLength, 0, 'the client heard more')
    },
    async leave() {
      client.write(says.quit)
      await hears(target, 'target', [says.quit])
      target.end()
      return await farewell
    },
  }
  if (!options.unasked) {
    await play.targetHears(asks)
    play.targetSays(facts())
  }
  return play
}
