// Headers of the PROXY protocol: as balancers send them, cut at every byte, and as nobody should.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIp, writeIp } from './ip-address.ts'
import { encodeProxyHeader, type ProxyHeader, readProxyHeader } from './proxy-header.ts'

const bytesMax = 1_000
const four: ProxyHeader = {
  kind: 'client',
  client: { address: '192.0.2.7', port: 50_123 },
  server: { address: '198.51.100.1', port: 40_000 },
}
const six: ProxyHeader = {
  kind: 'client',
  client: { address: '2001:db8::7', port: 1 },
  server: { address: '::1', port: 65_535 },
}
const v2 = (hexadecimal: string): Buffer =>
  Buffer.from(`0d0a0d0a000d0a515549540a${hexadecimal.replaceAll(' ', '')}`, 'hex')

const examples: readonly (readonly [string, Buffer, ProxyHeader])[] = [
  ['v1 TCP4', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 50123 40000\r\n'), four],
  ['v1 TCP6', Buffer.from('PROXY TCP6 2001:db8:0::7 ::1 1 65535\r\n'), six],
  ['v1 unknown', Buffer.from('PROXY UNKNOWN\r\n'), { kind: 'local' }],
  ['v1 unknown with more', Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), { kind: 'local' }],
  ['v2 TCP4', v2('21 11 000c c0000207 c6336401 c3cb 9c40'), four],
  ['v2 TCP4 with more attached', v2('21 11 0010 c0000207 c6336401 c3cb 9c40 04 0001 00'), four],
  [
    'v2 TCP6',
    v2('21 21 0024 20010db8000000000000000000000007 00000000000000000000000000000001 0001 ffff'),
    six,
  ],
  ['v2 local', v2('20 00 0000'), { kind: 'local' }],
  ['v2 local with addresses', v2('20 11 000c 00000000 00000000 0000 0000'), { kind: 'local' }],
  ['v2 unspecified', v2('21 00 0000'), { kind: 'local' }],
]

for (const [name, bytes, header] of examples) {
  test(`${name}: whole, followed, and cut at every byte`, () => {
    assert.deepEqual(readProxyHeader(bytes, bytesMax), { kind: 'header', header, length: bytes.length })
    const followed = Buffer.concat([bytes, Buffer.from('\0\0\0\x08\x04\xd2\x16\x2f', 'latin1')])
    assert.deepEqual(readProxyHeader(followed, bytesMax), { kind: 'header', header, length: bytes.length })
    for (let cut = 0; cut < bytes.length; cut++)
      assert.deepEqual(
        readProxyHeader(bytes.subarray(0, cut), bytesMax),
        { kind: 'incomplete' },
        `cut at ${cut}`,
      )
  })
}

for (const [name, bytes] of [
  ['another protocol', Buffer.from('\0\0\0\x08\x04\xd2\x16\x2f', 'latin1')],
  ['one byte of another protocol', Buffer.from('G')],
  ['v1 with a name for an address', Buffer.from('PROXY TCP4 localhost 198.51.100.1 1 2\r\n')],
  ['v1 with the other family', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n')],
  ['v1 with a port too high', Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n')],
  ['v1 with a port in another form', Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n')],
  ['v1 with a word too many', Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n')],
  ['v1 of another kind', Buffer.from('PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n')],
  ['v1 without an end', Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`)],
  ['v1 that ends too late', Buffer.from(`PROXY TCP4 ${'1'.repeat(100)}\r\n`)],
  ['v2 of version 3', v2('31 11 000c c0000207 c6336401 c3cb 9c40')],
  ['v2 with another command', v2('22 11 000c c0000207 c6336401 c3cb 9c40')],
  ['v2 about UDP', v2('21 12 000c c0000207 c6336401 c3cb 9c40')],
  ['v2 about UNIX sockets', v2(`21 31 00d8 ${'00'.repeat(216)}`)],
  ['v2 too short for its family', v2('21 11 000b c0000207 c6336401 c3cb 9c')],
  ['v2 that says it is very long', v2('21 11 ffff')],
] as const) {
  test(`${name} is wrong`, () => {
    assert.equal(readProxyHeader(bytes, bytesMax).kind, 'wrong')
  })
}

test('what we write is read again', () => {
  for (const header of [four, six, { kind: 'local' }] as const) {
    const bytes = encodeProxyHeader(header)
    assert.deepEqual(readProxyHeader(bytes, bytesMax), { kind: 'header', header, length: bytes.length })
  }
  const mixed = { ...four, server: six.server }
  const reading = readProxyHeader(encodeProxyHeader(mixed), bytesMax)
  assert.ok(reading.kind === 'header')
  assert.deepEqual(reading.header, mixed)
  const console = encodeProxyHeader({ ...four, client: { address: 'console', port: 0 } })
  assert.deepEqual(console, encodeProxyHeader({ kind: 'local' }))
})

test('addresses are written as RFC 5952 wants it', () => {
  const again = (text: string): string => writeIp(parseIp(text) ?? Buffer.alloc(0))
  assert.equal(again('2001:DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1')
  assert.equal(again('0:0:0:0:0:0:0:0'), '::')
  assert.equal(again('1:2:3:4:5:6:7:0'), '1:2:3:4:5:6:7:0')
  assert.equal(again('fe80::1%eth0'), 'fe80::1')
  assert.equal(again('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(again('64:ff9b::192.0.2.33'), '64:ff9b::c000:221')
  assert.equal(parseIp('1.2.3'), undefined)
})
