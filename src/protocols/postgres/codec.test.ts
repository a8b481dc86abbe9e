// Bytes in every cut: real conversations must pass unchanged however the network slices them, and no bytes break anything.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import { MalformedBytes } from '../../wire/byte-reader.ts'
import { Departures } from './batch.ts'
import { countInTag, decodeErrorFields, decodeOpening, encodeErrorFields, encodeStartup } from './codec.ts'
import { Conversation } from './conversation.ts'
import { fakeVisit } from '../fake-gate.test-part.ts'
import { FromClient } from './from-client.ts'
import { FromTarget } from './from-target.ts'
import { Keeping } from './keeping.ts'
import type { TargetSide } from './target-side.ts'

type Line = { readonly from: 'client' | 'target'; readonly bytes: Buffer }

const folder = new URL('transcripts/', import.meta.url)
const transcripts = readdirSync(folder)
  .filter(name => name.endsWith('.txt'))
  .map(name => ({
    name,
    lines: readFileSync(new URL(name, folder), 'utf8')
      .trim()
      .split('\n')
      .map((line): Line => {
        const [from, hex = ''] = line.split(' ')
        return { from: from === 'client' ? 'client' : 'target', bytes: Buffer.from(hex, 'hex') }
      }),
  }))

/** Both directions of a session, without streams: says at once what either side would hear. */
function session() {
  const toTarget: Buffer[] = []
  const toClient: Buffer[] = []
  const visit = fakeVisit()
  const due: (() => void)[] = []
  visit.later = act => due.push(act)
  const conversation = new Conversation(visit, visit.initialState, systemClock)
  const side = {
    waitingBytes: 0,
    send: (_: unknown, pieces: readonly Buffer[]) =>
      void toTarget.push(...pieces.map(piece => Buffer.from(piece))),
  } as unknown as TargetSide
  const fail = (error: unknown) => {
    throw error
  }
  const departures = new Departures(conversation, side, fail)
  const keeping = new Keeping({ conversation, departures, limits, tell: () => undefined })
  const fromClient = new FromClient(conversation, departures, keeping, limits, fail)
  const fromTarget = new FromTarget(conversation, limits, bytes => toClient.push(Buffer.from(bytes)))
  return {
    visit,
    toTarget,
    toClient,
    feed: ({ from, bytes }: Line) => {
      const chunk = Buffer.from(bytes)
      if (from === 'client') fromClient.feed(chunk)
      else {
        fromTarget.feed(chunk)
        // The buffer is used again afterwards, as that of a socket may be.
        chunk.fill(0xee)
      }
      for (let act = due.shift(); act; act = due.shift()) act()
    },
  }
}

const pieces = ({ from, bytes }: Line, cuts: readonly number[]): readonly Line[] =>
  [0, ...cuts].map((cut, i) => ({ from, bytes: bytes.subarray(cut, cuts[i] ?? bytes.length) }))

/** A statement that changes the reading is waited for with a `Flush` that the client did not send. */
const withoutFlush = (bytes: Buffer): string => bytes.toString('latin1').replaceAll('H\0\0\0\x04', '')

function passesUnchanged(lines: readonly Line[], cut: (line: Line) => readonly Line[]): void {
  const { feed, toTarget, toClient, visit } = session()
  for (const line of lines) for (const piece of cut(line)) feed(piece)
  const all = (from: Line['from']) =>
    Buffer.concat(lines.filter(line => line.from === from).map(line => line.bytes))
  assert.equal(withoutFlush(Buffer.concat(toTarget)), withoutFlush(all('client')))
  assert.ok(Buffer.concat(toClient).equals(all('target')), 'the client hears what the target said')
  const count = (word: string) => visit.record.filter(line => line.startsWith(word)).length
  assert.equal(count('ended'), count('intent'))
}

for (const { name, lines } of transcripts) {
  test(`${name} passes unchanged, cut at every byte`, () => {
    passesUnchanged(lines, line => [line])
    passesUnchanged(lines, line =>
      pieces(
        line,
        Array.from({ length: line.bytes.length - 1 }, (_, i) => i + 1),
      ),
    )
    const longest = Math.max(...lines.map(line => line.bytes.length))
    for (let cut = 1; cut < longest; cut += cut < 300 ? 1 : 37)
      passesUnchanged(lines, line => (cut < line.bytes.length ? pieces(line, [cut]) : [line]))
  })

  test(`${name} passes unchanged in random cuts, and harms nothing when bytes are damaged`, () => {
    const random = seeded(42)
    for (let round = 0; round < 60; round++)
      passesUnchanged(lines, line => {
        const cuts = Array.from({ length: random(5) }, () => 1 + random(line.bytes.length))
        return pieces(
          line,
          [...new Set(cuts)].filter(cut => cut < line.bytes.length).sort((a, b) => a - b),
        )
      })
    for (let round = 0; round < 200; round++) {
      const { feed, toTarget, visit } = session()
      try {
        for (const line of lines) {
          const bytes = Buffer.from(line.bytes)
          if (random(3) === 0) bytes[random(bytes.length)] = random(256)
          feed({ from: line.from, bytes })
        }
      } catch (error) {
        if (!(error instanceof GatewayError || error instanceof MalformedBytes)) throw error
      }
      for (const text of queriesIn(Buffer.concat(toTarget)))
        assert.ok(visit.record.includes(`intent ${text}`), `sent without a record: ${text}`)
    }
  })
}

/** Texts of the simple queries among whole messages. */
function* queriesIn(bytes: Buffer): Iterable<string> {
  for (let at = 0; at + 5 <= bytes.length; ) {
    const next = at + 1 + bytes.readInt32BE(at + 1)
    if (bytes[at] === 0x51 && next <= bytes.length) yield bytes.toString('utf8', at + 5, next - 1)
    at = next
  }
}

function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('random bytes from either side end in a known error or wait for more', () => {
  const random = seeded(7)
  for (let round = 0; round < 2000; round++)
    for (const from of ['client', 'target'] as const) {
      const bytes = Buffer.from(Array.from({ length: 1 + random(60) }, () => random(256)))
      if (random(2) === 0 && bytes.length > 5) bytes.writeInt32BE(bytes.length - 1, 1)
      try {
        session().feed({ from, bytes })
      } catch (error) {
        if (!(error instanceof GatewayError || error instanceof MalformedBytes)) throw error
      }
    }
})

test('opening packets', () => {
  const parameters = [
    ['user', 'hana'],
    ['database', 'shop'],
  ] as const
  const startup = encodeStartup(parameters)
  const opening = decodeOpening(startup.subarray(4))
  assert.ok(opening.kind === 'startup')
  assert.deepEqual([...opening.parameters], parameters)
  assert.equal(decodeOpening(Buffer.from('04d2162f', 'hex')).kind, 'tls')
  assert.equal(decodeOpening(Buffer.from('04d21630', 'hex')).kind, 'gss')
  assert.equal(decodeOpening(Buffer.from('00020000', 'hex')).kind, 'unknown')
  for (let cut = 0; cut < startup.length - 5; cut++)
    assert.throws(() => decodeOpening(startup.subarray(4, 4 + cut)), MalformedBytes)
})

test('command tags and error fields', () => {
  const count = (tag: string) => countInTag(Buffer.from(`${tag}\0`), 0, tag.length + 1)
  assert.deepEqual(
    ['INSERT 0 3', 'SELECT 1200', 'BEGIN', 'CREATE TABLE', 'COPY 7', ''].map(count),
    [3, 1200, -1, -1, 7, -1],
  )
  const fields = [
    ['S', 'ERROR'],
    ['M', '日本語'],
  ] as const
  const bytes = encodeErrorFields(fields)
  assert.deepEqual(decodeErrorFields(bytes, 5, bytes.length), fields)
})
