// Spoilt and random openings into the tunnel: whatever comes ends its own stream, and the next one is served.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  type Answer,
  decodeAnswer,
  decodeHead,
  decodeOpening,
  encodeAnswer,
  encodeOpening,
  headBytes,
  NotTunnel,
  type Opening,
} from '../../src/tunnel/framing.ts'
import { asked, codeOf, openTunnel } from '../../src/tunnel/tunnel.test-part.ts'
import { createChance } from '../bypass/random-query.ts'
import { randomBytes, spoil } from './bytes.ts'

const seed = 20_261_123
const openings: readonly Opening[] = [
  { kind: 'hello', agent: '1.0.0' },
  { kind: 'list', agent: '0.1.0 (linux)' },
  { kind: 'connect', agent: '1', target: 'shop' },
]
const answers: readonly Answer[] = [
  { ok: true, targets: [{ name: 'shop' }] },
  { ok: false, code: 'not-found', message: 'There is no such thing.' },
]
const lengthMax = 4_096

test('the framing takes what it writes, and everything else is named as no framing', () => {
  const chance = createChance(seed)
  const read = (bytes: Buffer, decode: (body: Buffer) => unknown): unknown => {
    const { length } = decodeHead(bytes, lengthMax)
    return decode(bytes.subarray(headBytes, headBytes + length))
  }
  for (const opening of openings) assert.deepEqual(read(encodeOpening(opening), decodeOpening), opening)
  for (const answer of answers) assert.deepEqual(read(encodeAnswer(answer), decodeAnswer), answer)
  // What the agent calls itself stands in the record: it must be said, and be readable.
  for (const agent of ['', '関所', 'a\nb', '\u001b[2J', 'x'.repeat(101)])
    assert.throws(() => read(encodeOpening({ kind: 'hello', agent }), decodeOpening), NotTunnel)
  const whole = [...openings.map(encodeOpening), ...answers.map(encodeAnswer)]
  let refused = 0
  for (let each = 0; each < 50_000; each++) {
    const bytes = each % 4 === 0 ? randomBytes(chance, chance.next(200)) : spoil(chance, chance.pick(whole))
    for (const decode of [decodeOpening, decodeAnswer]) {
      try {
        const found = read(bytes, decode) as Record<string, unknown>
        if (decode === decodeOpening) assert.match(String(found['kind']), /^(hello|list|connect)$/)
        else assert.equal(typeof found['ok'], 'boolean')
      } catch (error) {
        if (!(error instanceof NotTunnel)) throw error
        refused++
      }
    }
  }
  assert.ok(refused > 50_000, `only ${refused} were refused`)
})

test('spoilt openings end at most their own stream', async () => {
  const chance = createChance(seed)
  const tunnel = await openTunnel({ tunnelHandshakeTimeoutMs: 500 })
  try {
    const papers = await tunnel.papers('laptop')
    const hello = encodeOpening({ kind: 'hello', agent: 'test' })
    const one = async (): Promise<void> => {
      const bytes = spoil(chance, encodeOpening(chance.pick(openings)))
      const stream = await tunnel.dial(chance.next(8) === 0 ? undefined : papers)
      stream.resume()
      const closed = once(stream, 'close')
      // In pieces of any size, and then nothing more.
      const cut = chance.next(bytes.length + 1)
      stream.write(bytes.subarray(0, cut))
      stream.end(bytes.subarray(cut))
      await closed
    }
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 25 }, one))
      assert.equal(codeOf(await asked(await tunnel.dial(papers), hello)), 'ok')
    }
    assert.deepEqual(tunnel.logged, [])
  } finally {
    tunnel.close()
  }
})
