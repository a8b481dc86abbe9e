// Bytes in every cut: real conversations come out the same however the network slices them, and no bytes break anything.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { duplexPair } from 'node:stream'
import { describe, test } from 'node:test'
import { GatewayError } from '../../core/errors.ts'
import { type Capabilities, capability, has } from './capabilities.ts'
import {
  answer,
  command,
  decodeColumn,
  decodeEof,
  decodeError,
  decodeLocalInfile,
  decodeOk,
  decodePrepared,
  decodeQuery,
  decodeResultHead,
  decodeTextRow,
  encodeColumn,
  encodeEof,
  encodeError,
  encodeOk,
  encodePrepared,
  encodeQuery,
  encodeResultHead,
  encodeTextRow,
  isProgress,
  status,
} from './codec.ts'
import {
  decodeAuthSwitch,
  decodeChangeUser,
  decodeClientAnswer,
  decodeGreeting,
  encodeAuthSwitch,
  encodeGreeting,
  encodeHandshakeResponse,
  encodeTlsRequest,
} from './handshake.ts'
import {
  encodePacket,
  encodeShortPacket,
  frameBytesMax,
  headBytes,
  PacketWalker,
  readPacket,
  wholePacketBytesMax,
} from './packets.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'

interface Transcript {
  readonly name: string
  readonly client: Buffer
  readonly target: Buffer
}

const folder = new URL('transcripts/', import.meta.url)
const transcripts = readdirSync(folder)
  .filter(name => name.endsWith('.txt'))
  .map((name): Transcript => {
    const lines = readFileSync(new URL(name, folder), 'utf8').trim().split('\n')
    const all = (from: string) =>
      Buffer.concat(
        lines.filter(line => line.startsWith(from)).map(line => Buffer.from(line.split(' ')[1] ?? '', 'hex')),
      )
    return { name, client: all('client'), target: all('target') }
  })

/** So that a failure comes back. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] =>
  [0, ...cuts].map((cut, index) => bytes.subarray(cut, cuts[index] ?? bytes.length))

/** Payloads of whole packets, none of which is longer than a frame. */
function payloadsOf(bytes: Buffer): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + headBytes + bytes.readUIntLE(at, 3)
    payloads.push(bytes.subarray(at + headBytes, end))
    at = end
  }
  return payloads
}

/** @returns what was handed on, and the payload (as far as shown) of every packet */
function walked(
  pieces: readonly Buffer[],
  instead: (payload: Buffer, large: boolean) => Buffer | undefined = () => undefined,
): { readonly handedOn: Buffer; readonly shown: readonly string[] } {
  const handedOn: Buffer[] = []
  const shown: string[] = []
  const walker = new PacketWalker({
    packet(bytes, at, end, large) {
      const payload = bytes.subarray(at + headBytes, end)
      shown.push(large ? `large ${payload.toString('hex', 0, 16)}` : payload.toString('hex'))
      return instead(payload, large)
    },
    handOn: bytes => void handedOn.push(Buffer.from(bytes)),
  })
  for (const piece of pieces) {
    const chunk = Buffer.from(piece)
    walker.feed(chunk)
    // The memory is used again.
    chunk.fill(0xee)
  }
  assert.ok(walker.atBoundary)
  return { handedOn: Buffer.concat(handedOn), shown }
}

for (const { name, client, target } of transcripts)
  describe(name, () => {
    test('comes out the same however it is cut', () => {
      const { handedOn, shown } = walked([target])
      assert.deepEqual(handedOn, target)
      assert.deepEqual(
        shown,
        payloadsOf(target).map(payload => payload.toString('hex')),
      )
      const everywhere = (bytes: Buffer) => Array.from({ length: bytes.length - 1 }, (_, at) => at + 1)
      assert.deepEqual(walked(cutAt(target, everywhere(target))), { handedOn, shown })
      for (let cut = 1; cut < target.length; cut += cut < 600 ? 1 : 7)
        assert.deepEqual(walked(cutAt(target, [cut])), { handedOn, shown })
      const random = seeded(7)
      for (let round = 0; round < 50; round++) {
        const cuts = [...new Set(Array.from({ length: 1 + random(9) }, () => 1 + random(target.length - 1)))]
        assert.deepEqual(
          walked(
            cutAt(
              target,
              cuts.sort((a, b) => a - b),
            ),
          ),
          { handedOn, shown },
        )
      }
    })

    test('is understood, and written again as it was', () => {
      const fromTarget = payloadsOf(target)
      const [hello, ...commands] = payloadsOf(client)
      assert.ok(fromTarget[0] && hello)
      const greeting = decodeGreeting(fromTarget[0])
      assert.match(greeting.version, /^5\.(5\.5-10\.11|6\.24)/)
      assert.equal(greeting.nonce.length, 20)
      assert.deepEqual(encodeGreeting(greeting), fromTarget[0])
      const said = decodeClientAnswer(hello)
      assert.equal(said.kind, 'response')
      const { response } = said
      assert.equal(response.user, 'sekisho')
      // mysqldump asks for it later.
      assert.equal(response.database, name.includes('dump') ? '' : 'sekisho')
      assert.equal(response.proof.length, 20)
      if (name.includes('mysql2'))
        assert.deepEqual(decodeClientAnswer(encodeHandshakeResponse(response)), said)
      else assert.deepEqual(encodeHandshakeResponse(response), hello)
      const capabilities = response.capabilities & greeting.capabilities
      const first = commands.filter(payload => payload[0] === command.query)
      assert.ok(first.length > 0)
      for (const payload of first) assert.equal(decodeQuery(payload, capabilities).textAt, 1)
      for (const payload of commands)
        if (payload[0] === command.changeUser)
          assert.equal(decodeChangeUser(payload, response.capabilities).user, 'sekisho')
      understand(fromTarget, capabilities)
    })
  })

/** Of answers only those whose first byte decides alone. */
function understand(payloads: readonly Buffer[], capabilities: Capabilities): void {
  let errors = 0
  let oks = 0
  for (const payload of payloads.slice(1)) {
    if (payload[0] === answer.err) {
      errors++
      const error = decodeError(payload)
      assert.match(error.sqlState, /^[0-9A-Z]{5}$/)
      assert.deepEqual(encodeError(error), payload)
    } else if (payload[0] === answer.ok && payload.length === 7) {
      oks++
      const ok = decodeOk(payload, capabilities)
      assert.deepEqual(encodeOk(ok, capabilities), payload)
    } else if (payload[0] === answer.eof && payload.length === 5)
      assert.deepEqual(encodeEof(decodeEof(payload)), payload)
    else if (payload.subarray(0, 4).equals(Buffer.from('\x03def')))
      assert.deepEqual(encodeColumn(decodeColumn(payload, capabilities), capabilities), payload)
  }
  assert.ok(oks > 0)
  assert.ok(errors < 4)
}

test('what was recorded has both products, results, errors and prepared statements in it', () => {
  assert.equal(transcripts.length, 8)
})

describe('packets', () => {
  test('longer than a frame are split and joined, also at its exact length', async () => {
    for (const size of [0, 1, frameBytesMax - 1, frameBytesMax, frameBytesMax + 5, 2 * frameBytesMax]) {
      const payload = Buffer.alloc(size, 'abc')
      const bytes = Buffer.concat(encodePacket(payload, 255))
      assert.equal(bytes[3], 255)
      const frames = Math.floor(size / frameBytesMax) + 1
      assert.equal(bytes.length, size + frames * headBytes)
      const cuts = [2, 4, 1000, 65_536, frameBytesMax + 2, frameBytesMax + 6].filter(
        cut => cut < bytes.length,
      )
      for (const pieces of [[bytes], cutAt(bytes, cuts)]) {
        const { handedOn, shown } = walked(pieces)
        assert.ok(handedOn.equals(bytes))
        assert.equal(shown.length, 1)
        const after = walked([...pieces, encodeShortPacket(Buffer.of(7), 9)], () => Buffer.alloc(0))
        assert.equal(after.handedOn.length, 0)
        assert.equal(after.shown[1], '07')
      }
      const [side, other] = duplexPair()
      side.write(bytes)
      const read = await readPacket(other, 64 * 1024 * 1024)
      assert.ok(read.payload.equals(payload))
      assert.equal(read.sequence, (255 + frames - 1) & 0xff)
    }
  })

  test('that are too long are refused before they are kept', async () => {
    const tooLong = { code: 'limit.exceeded' }
    const head = Buffer.of(0xff, 0xff, 0xff, 0)
    const [side, other] = duplexPair()
    side.write(head)
    await assert.rejects(readPacket(other, 1000), tooLong)
    const [longer, end] = duplexPair()
    longer.write(Buffer.concat(encodePacket(Buffer.alloc(frameBytesMax + 1), 0)))
    await assert.rejects(readPacket(end, frameBytesMax), tooLong)
  })

  test('can be replaced and swallowed between others', () => {
    const big = Buffer.alloc(wholePacketBytesMax + 1, 'b')
    const packets = ['one', 'two', 'three'].map((text, at) => encodeShortPacket(Buffer.from(text), at))
    const bytes = Buffer.concat([
      ...packets,
      ...encodePacket(big, 3),
      encodeShortPacket(Buffer.from('end'), 4),
    ])
    const instead = (payload: Buffer, large: boolean) => {
      if (large) return Buffer.alloc(0)
      return payload.toString() === 'two' ? Buffer.from('zwei') : undefined
    }
    for (let cut = 1; cut < 60; cut++) {
      const { handedOn } = walked(cutAt(bytes, [cut, cut + 20_000]), instead)
      const expected = Buffer.concat(
        [packets[0], Buffer.from('zwei'), packets[2], encodeShortPacket(Buffer.from('end'), 4)].filter(
          piece => piece !== undefined,
        ),
      )
      assert.deepEqual(handedOn, expected)
    }
  })
})

describe('messages', () => {
  const both = capability.sessionTrack | capability.protocol41

  test('changes of the session are read and written', () => {
    const ok = {
      affectedRows: 70_000,
      lastInsertId: 2 ** 33,
      status: status.autocommit | status.sessionStateChanged,
      warnings: 3,
      info: 'Rows matched: 1',
      changes: [
        { kind: 'variable', name: 'sql_mode', value: 'ANSI_QUOTES' },
        { kind: 'schema', name: 'sekisho' },
        { kind: 'state', changed: true },
        { kind: 'transaction', state: 'T_______' },
      ],
    } as const
    assert.deepEqual(decodeOk(encodeOk(ok, both), both), ok)
    const without = decodeOk(encodeOk(ok, 0n), 0n)
    assert.deepEqual([without.changes, without.info], [[], 'Rows matched: 1'])
    // Of MySQL 8: `use test` with session_track_schema.
    const real = Buffer.from('000000024000000007010504746573740000', 'hex').subarray(0, 16)
    assert.deepEqual(decodeOk(real, both).changes, [{ kind: 'schema', name: 'test' }])
  })

  test('numbers of every size', () => {
    for (const value of [0, 250, 251, 65_535, 65_536, 16_777_215, 16_777_216, 2 ** 40]) {
      const bytes = new PayloadWriter(1).lenenc(value).take()
      assert.equal(new PayloadReader(bytes).lenenc(), value)
    }
  })

  test('heads of results, and what is prepared, in all three ways', () => {
    for (const capabilities of [0n, capability.optionalResultsetMetadata, capability.mariadbCacheMetadata]) {
      const head = encodeResultHead(300, capabilities)
      assert.deepEqual(decodeResultHead(head, capabilities), { columns: 300, hasMetadata: true })
      const prepared = { statementId: 9, columns: 2, parameters: 1, warnings: 0, hasMetadata: true }
      assert.deepEqual(decodePrepared(encodePrepared(prepared, capabilities), capabilities), prepared)
    }
    assert.ok(!decodeResultHead(Buffer.of(0, 1), capability.optionalResultsetMetadata).hasMetadata)
    assert.ok(!decodeResultHead(Buffer.of(1, 0), capability.mariadbCacheMetadata).hasMetadata)
    assert.deepEqual(decodeTextRow(encodeTextRow(['a', null, '']), 3), ['a', null, ''])
  })

  test('MariaDB tells more of a column', () => {
    const column = {
      catalog: 'def',
      schema: 's',
      table: 't',
      tableOriginal: 't',
      name: 'c',
      nameOriginal: 'c',
      extended: [[1, 'json']],
      characterSet: 45,
      length: 100,
      type: 252,
      flags: 144,
      decimals: 0,
    } as const
    const extended = capability.mariadbExtendedMetadata
    assert.deepEqual(decodeColumn(encodeColumn(column, extended), extended), column)
    assert.deepEqual(decodeColumn(encodeColumn(column, 0n), 0n), { ...column, extended: [] })
  })

  test('the text of a query behind its attributes', () => {
    const withAttributes = capability.queryAttributes
    const plain = encodeQuery('select 1', withAttributes)
    assert.equal(plain.toString('utf8', decodeQuery(plain, withAttributes).textAt), 'select 1')
    const payload = new PayloadWriter().int8(command.query).lenenc(4).lenenc(1).int8(0b0100).int8(1)
    for (const [type, name] of [
      [254, 'trace'],
      [8, 'number'],
      [253, 'nothing'],
      [12, 'when'],
    ] as const)
      payload.int16(type).lenencText(name)
    payload.lenencText('select secret').zeros(8).int8(4).zeros(4).text('select 2')
    const bytes = payload.take()
    const { textAt, attributes } = decodeQuery(bytes, withAttributes)
    assert.deepEqual([attributes, bytes.toString('utf8', textAt)], [4, 'select 2'])
    const twoSets = new PayloadWriter().int8(command.query).lenenc(0).lenenc(2).text('select 1').take()
    assert.throws(() => decodeQuery(twoSets, withAttributes), { code: 'protocol.violation' })
  })

  test('a greeting of MySQL 8, and a request for TLS', () => {
    const greeting = decodeGreeting(
      encodeGreeting({
        version: '8.4.3',
        connectionId: 2 ** 32 - 1,
        nonce: Buffer.from('abcdefghijklmnopqrst'),
        capabilities: (1n << 32n) - 1n,
        characterSet: 255,
        status: 2,
        plugin: 'caching_sha2_password',
      }),
    )
    assert.equal(greeting.capabilities, (1n << 32n) - 1n)
    assert.deepEqual([greeting.plugin, greeting.connectionId], ['caching_sha2_password', 2 ** 32 - 1])
    const capabilities = capability.protocol41 | capability.mariadbExtendedMetadata
    const request = decodeClientAnswer(
      encodeTlsRequest({ capabilities, maxPacketBytes: 1, characterSet: 45 }),
    )
    assert.equal(request.kind, 'tls')
    assert.ok(has(request.capabilities, 'mariadbExtendedMetadata'))
  })

  test('a switch of the method', () => {
    const asked = { plugin: 'caching_sha2_password', data: Buffer.from('01234567890123456789') }
    assert.deepEqual(decodeAuthSwitch(encodeAuthSwitch(asked)), asked)
    assert.equal(decodeAuthSwitch(Buffer.of(0xfe)).plugin, 'mysql_old_password')
  })

  test('a report of progress is no error', () => {
    const report = Buffer.from('ffffff01020500000107636f7079696e67', 'hex')
    assert.ok(isProgress(report))
    assert.throws(() => decodeError(report), { code: 'protocol.violation' })
    assert.ok(!isProgress(encodeError({ code: 1045, sqlState: '28000', message: '' })))
  })
})

test('no bytes do harm: whatever they are, they are read or refused', () => {
  const random = seeded(3)
  const some: Capabilities[] = [0n, (1n << 38n) - 1n, (1n << 38n) - 2n]
  const real = transcripts.flatMap(({ client, target }) => [...payloadsOf(client), ...payloadsOf(target)])
  for (let round = 0; round < 3_000; round++) {
    const base = round % 2 === 0 ? real[random(real.length)] : undefined
    const bytes = base
      ? Buffer.from(base.subarray(0, 1 + random(base.length)))
      : Buffer.from(Array.from({ length: random(60) }, () => random(256)))
    if (base) for (let changes = random(4); changes > 0; changes--) bytes[random(bytes.length)] = random(256)
    for (const capabilities of some)
      for (const read of [
        () => decodeGreeting(bytes),
        () => decodeClientAnswer(bytes),
        () => decodeAuthSwitch(bytes),
        () => decodeChangeUser(bytes, capabilities),
        () => decodeOk(bytes, capabilities),
        () => decodeEof(bytes),
        () => decodeError(bytes),
        () => decodeColumn(bytes, capabilities),
        () => decodeResultHead(bytes, capabilities),
        () => decodePrepared(bytes, capabilities),
        () => decodeQuery(bytes, capabilities),
        () => decodeLocalInfile(bytes),
        () => decodeTextRow(bytes, 4),
      ])
        try {
          read()
        } catch (error) {
          if (!(error instanceof GatewayError && error.code === 'protocol.violation')) throw error
        }
  }
})
