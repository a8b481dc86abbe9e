// A stage for the relay: what the client says, what the target hears, what the target says, what the client hears.

import assert from 'node:assert/strict'
import { duplexPair, type Duplex } from 'node:stream'
import { systemClock } from '../../core/clock.ts'
import { limits, type Limits } from '../../core/limits.ts'
import { ByteWriter } from '../../wire/byte-writer.ts'
import { fakeVisit, type FakeVisit } from '../fake-gate.test-part.ts'
import { readExactly } from '../read-exactly.ts'
import { relay, type Farewell } from './relay.ts'

function message(type: string, write: (body: ByteWriter) => void = () => undefined): Buffer {
  const writer = new ByteWriter().text(type).int32(0)
  write(writer)
  return writer.int32At(writer.length - 1, 1).take()
}

/** Messages of a client. */
export const says = {
  query: (text: string) => message('Q', body => body.zeroEnded(text)),
  parse: (name: string, text: string) => message('P', body => body.zeroEnded(name).zeroEnded(text).int16(0)),
  bind: (portal: string, name: string) =>
    message('B', body => body.zeroEnded(portal).zeroEnded(name).int16(0).int16(0).int16(0)),
  describe: (kind: 'S' | 'P', name: string) => message('D', body => body.text(kind).zeroEnded(name)),
  execute: (portal: string, rows = 0) => message('E', body => body.zeroEnded(portal).int32(rows)),
  close: (kind: 'S' | 'P', name: string) => message('C', body => body.text(kind).zeroEnded(name)),
  sync: message('S'),
  flush: message('H'),
  copyData: (text: string) => message('d', body => body.text(text)),
  copyDone: message('c'),
  copyFail: message('f', body => body.zeroEnded('no')),
  functionCall: message('F', body => body.int32(1)),
  terminate: message('X'),
}

/** Messages of a target. */
export const answers = {
  parsed: message('1'),
  bound: message('2'),
  closed: message('3'),
  noData: message('n'),
  suspended: message('s'),
  empty: message('I'),
  columns: message('T', body => body.int16(0)),
  parameters: message('t', body => body.int16(0)),
  row: (value: string) => message('D', body => body.int16(1).int32(value.length).text(value)),
  done: (tag: string) => message('C', body => body.zeroEnded(tag)),
  ready: (status: 'I' | 'T' | 'E' = 'I') => message('Z', body => body.text(status)),
  error: (code: string, text: string, severity = 'ERROR', more: Record<string, string> = {}) =>
    message('E', body => {
      body.text('S').zeroEnded(severity).text('V').zeroEnded(severity).text('C').zeroEnded(code)
      body.text('M').zeroEnded(text)
      for (const [letter, value] of Object.entries(more)) body.text(letter).zeroEnded(value)
      body.int8(0)
    }),
  notice: (text: string) =>
    message('N', body =>
      body.text('S').zeroEnded('NOTICE').text('C').zeroEnded('00000').text('M').zeroEnded(text).int8(0),
    ),
  setting: (name: string, value: string) => message('S', body => body.zeroEnded(name).zeroEnded(value)),
  copyIn: message('G', body => body.int8(0).int16(0)),
  copyOut: message('H', body => body.int8(0).int16(0)),
  copyData: (text: string) => message('d', body => body.text(text)),
  copyDone: message('c'),
  notification: message('A', body => body.int32(1).zeroEnded('channel').zeroEnded('payload')),
}

/** What stands at the target in place of what was refused. */
export const refused = {
  query: says.query('sekisho: refused'),
  parse: says.parse('sekisho', 'sekisho: refused'),
  answer: answers.error('42601', 'syntax error at or near "sekisho"'),
}

export interface Stage {
  readonly client: Duplex
  readonly target: Duplex
  readonly visit: FakeVisit
  readonly farewell: Promise<Farewell>
  clientSays(...messages: Buffer[]): void
  targetSays(...messages: Buffer[]): void
  targetHears(...messages: Buffer[]): Promise<void>
  clientHears(...messages: Buffer[]): Promise<void>
  /** The next message that the client hears is an error with these fields. */
  clientHearsError(fields: Record<string, string | RegExp | undefined>, type?: 'E' | 'N'): Promise<void>
  /** Nothing else was said to either side. */
  quiet(): Promise<void>
  /** The client says goodbye, and the session ends. */
  leave(): Promise<Farewell>
}

export function stage(change: Partial<Limits> = {}, stopAtTarget?: () => Promise<void>): Stage {
  const [client, clientSide] = duplexPair()
  const [target, targetSide] = duplexPair()
  const visit = fakeVisit()
  for (const stream of [client, clientSide, target, targetSide]) stream.on('error', () => undefined)
  const own = { ...limits, ...change }
  const state = visit.initialState
  const farewell = relay(clientSide, targetSide, visit, state, own, systemClock, undefined, stopAtTarget)
  const hears = async (stream: Duplex, who: string, messages: readonly Buffer[]) => {
    for (const expected of messages) {
      const heard = await readExactly(stream, expected.length).catch(() => Buffer.from('(ended)'))
      assert.equal(heard.toString('latin1'), expected.toString('latin1'), `the ${who} hears`)
    }
  }
  return {
    client,
    target,
    visit,
    farewell,
    clientSays: (...messages) => void client.write(Buffer.concat(messages)),
    targetSays: (...messages) => void target.write(Buffer.concat(messages)),
    targetHears: (...messages) => hears(target, 'target', messages),
    clientHears: (...messages) => hears(client, 'client', messages),
    async clientHearsError(fields, type = 'E') {
      const head = await readExactly(client, 5)
      assert.equal(head.toString('latin1', 0, 1), type)
      const body = await readExactly(client, head.readInt32BE(1) - 4)
      const heard = new Map(
        body
          .toString()
          .split('\0')
          .filter(field => field !== '')
          .map(field => [field.slice(0, 1), field.slice(1)] as const),
      )
      for (const [letter, text] of Object.entries(fields))
        if (text instanceof RegExp) assert.match(heard.get(letter) ?? '', text)
        else assert.equal(heard.get(letter), text, `field ${letter} of ${[...heard].join()}`)
    },
    async quiet() {
      for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
      assert.equal(target.readableLength, 0, 'the target heard more')
      assert.equal(client.readableLength, 0, 'the client heard more')
    },
    async leave() {
      client.write(says.terminate)
      await hears(target, 'target', [says.terminate])
      target.end()
      return await farewell
    },
  }
}
