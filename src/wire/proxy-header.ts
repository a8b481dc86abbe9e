// The header by which a load balancer tells whom it speaks for, versions 1 and 2.
// https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt

import { parseIp, toSix, writeIp } from './ip-address.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

export type ProxyHeader =
  | { readonly kind: 'client'; readonly client: Endpoint; readonly server: Endpoint }
  /** The balancer speaks for itself (a health check), or does not know for whom. */
  | { readonly kind: 'local' }

export type ProxyReading =
  | { readonly kind: 'header'; readonly header: ProxyHeader /** How long it is. */; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'wrong'; readonly why: string }

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const fixedBytes = 16
const lineBytesMax = 107
const lineStart = Buffer.from('PROXY ')

const incomplete: ProxyReading = { kind: 'incomplete' }
const wrong = (why: string): ProxyReading => ({ kind: 'wrong', why })

/**
 * Reads the header at the start of a stream.
 * @param bytes     what has come so far
 * @param bytesMax  how long a header of version 2 may be with all that is attached to it
 */
export function readProxyHeader(bytes: Buffer, bytesMax: number): ProxyReading {
  if (startsLike(bytes, signature))
    return bytes.length < fixedBytes ? incomplete : readBinary(bytes, bytesMax)
  if (startsLike(bytes, lineStart)) return readLine(bytes)
  return wrong('it does not begin with a header of the PROXY protocol')
}

const startsLike = (bytes: Buffer, start: Buffer): boolean => {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

function readLine(bytes: Buffer): ProxyReading {
  const end = bytes.indexOf('\r\n')
  if (end < 0 || end + 2 > lineBytesMax) {
    return bytes.length < lineBytesMax ? incomplete : wrong('its line of the PROXY protocol has no end')
  }
  const length = end + 2
  const words = bytes.toString('latin1', 0, end).split(' ')
  const [, family, source = '', destination = '', sourcePort = '', destinationPort = ''] = words
  if (family === 'UNKNOWN') return { kind: 'header', header: { kind: 'local' }, length }
  const size = family === 'TCP4' ? 4 : family === 'TCP6' ? 16 : undefined
  const client = lineEndpoint(source, sourcePort, size)
  const server = lineEndpoint(destination, destinationPort, size)
  if (words.length !== 6 || client === undefined || server === undefined) {
    return wrong('its line of the PROXY protocol is not understood')
  }
  return { kind: 'header', header: { kind: 'client', client, server }, length }
}

function lineEndpoint(address: string, port: string, size: number | undefined): Endpoint | undefined {
  const bytes = parseIp(address)
  if (
    bytes === undefined ||
    bytes.length !== size ||
    !/^(0|[1-9]\d{0,4})$/.test(port) ||
    Number(port) > 65_535
  )
    return undefined
  return { address: writeIp(bytes), port: Number(port) }
}

function readBinary(bytes: Buffer, bytesMax: number): ProxyReading {
  const versionAndCommand = bytes.readUInt8(12)
  const family = bytes.readUInt8(13)
  const length = fixedBytes + bytes.readUInt16BE(14)
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21) {
    return wrong('its header of the PROXY protocol has another version or command')
  }
  if (length > bytesMax) return wrong('its header of the PROXY protocol is too long')
  if (bytes.length < length) return incomplete
  if (versionAndCommand === 0x20) return { kind: 'header', header: { kind: 'local' }, length }
  const size = addressSizes.get(family)
  if (size === undefined) return wrong('its header of the PROXY protocol is not about TCP')
  if (size === 0) return { kind: 'header', header: { kind: 'local' }, length }
  if (length < fixedBytes + 2 * size + 4) return wrong('its header of the PROXY protocol is too short')
  const at = (offset: number): string =>
    writeIp(bytes.subarray(fixedBytes + offset, fixedBytes + offset + size))
  const client = { address: at(0), port: bytes.readUInt16BE(fixedBytes + 2 * size) }
  const server = { address: at(size), port: bytes.readUInt16BE(fixedBytes + 2 * size + 2) }
  return { kind: 'header', header: { kind: 'client', client, server }, length }
}

/** By family and transport: unspecified, TCP over IPv4, TCP over IPv6. */
const addressSizes: ReadonlyMap<number, number> = new Map([
  [0x00, 0],
  [0x11, 4],
  [0x21, 16],
])

/** Version 2, without anything attached. */
export function encodeProxyHeader(header: ProxyHeader): Buffer {
  if (header.kind === 'local') return Buffer.concat([signature, Buffer.from([0x20, 0, 0, 0])])
  const [client, server] = [parseIp(header.client.address), parseIp(header.server.address)]
  if (client === undefined || server === undefined) return encodeProxyHeader({ kind: 'local' })
  const four = client.length === 4 && server.length === 4
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(header.client.port, 0)
  ports.writeUInt16BE(header.server.port, 2)
  const body = Buffer.concat(four ? [client, server, ports] : [toSix(client), toSix(server), ports])
  const head = Buffer.from([0x21, four ? 0x11 : 0x21, 0, body.length])
  return Buffer.concat([signature, head, body])
}
