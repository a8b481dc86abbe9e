// The server's end of the tunnel: one TLS 1.3 connection for each stream, known by the certificate of its device.
// One connection per stream: a slow one stalls no other, and the kernel does the flow control. Resumption makes it cheap.

import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'
import {
  type Answer,
  decodeOpening,
  encodeAnswer,
  NotTunnel,
  type Opening,
  type Refusal,
  tunnelVersion,
} from './framing.ts'
import { createPapers, type Paper, unknownDevice } from './papers.ts'
import { readFrame, TunnelEnded } from './read-frame.ts'

/** A device that has proved itself by its key, and that may come in. */
export interface KnownDevice {
  /** What the record calls it; what cuts it when it is revoked. */
  readonly credential: string
}

export interface TunnelParts<Device extends KnownDevice, Origin> {
  /** PEM: the one authority of devices, and what the tunnel itself shows. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
  /** The device of a certificate, if it is still one of ours. */
  readonly find: (deviceId: string, userId: string) => Promise<Device | undefined>
  /** Where a connection comes from, past balancers; `undefined`: nobody, only a look whether we are there. */
  readonly originOf: (socket: Socket) => Promise<Origin | undefined>
  readonly answer: (opening: Opening, device: Device, origin: Origin) => Promise<Answer | Serve>
  /** Somebody with papers that are not good, or not good any more. */
  readonly turnedAway: (refusal: Refusal, origin: Origin) => void
  readonly log: {
    info(facts: object, message: string): void
    error(facts: object, message: string): void
  }
  readonly limits: Limits
  readonly nowMs: () => number
}

/** Goes on with the raw bytes behind the answer. Resolves when it is over. */
export type Serve = (stream: TLSSocket) => Promise<void>

export interface TunnelServer {
  /** @throws Error  the port cannot be had */
  listen(host: string, port: number): Promise<number>
  /** Cuts what a device has open, after what is on its way to it. */
  cut(credential: string): void
  /** Accepts nobody any more. */
  close(): void
  /** Cuts all that is left. */
  end(): void
}

const tunnelCiphers = 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384'

/** How long a connection may be silent before it is asked whether it is still there. */
const keepAliveMs = 30_000
/** Until a stream that was revoked is cut, whatever it does: the farewell of its protocol comes before. */
const farewellMs = 300

export function createTunnelServer<Device extends KnownDevice, Origin>(
  parts: TunnelParts<Device, Origin>,
): TunnelServer {
  const { limits, log } = parts
  const open = new Map<string, Set<TLSSocket>>()
  const pending = new Set<Socket>()
  const all = new Set<Socket>()
  const papers = createPapers(parts.authority, parts.nowMs)
  let cuts = 0

  const tls = createTlsServer({
    key: parts.key,
    cert: parts.certificate,
    ca: [parts.authority],
    minVersion: 'TLSv1.3',
    // The cheapest that is strong comes first: the tunnel carries large answers.
    ciphers: tunnelCiphers,
    honorCipherOrder: true,
    requestCert: true,
    // Who is turned away is told why: `papers` decides, before anything else is read.
    rejectUnauthorized: false,
    handshakeTimeout: limits.tunnelHandshakeTimeoutMs,
    sessionIdContext: 'sekisho tunnel',
    sessionTimeout: Math.ceil(limits.tunnelResumptionMs / 1000),
  })
  /** By the ends of a connection: how the one inside of TLS is found. */
  const arrivals = new Map<string, { readonly origin: Origin; readonly socket: Socket }>()
  const keep = (socket: Socket): void => {
    all.add(socket)
    socket.on('error', () => undefined).once('close', () => all.delete(socket))
  }
  const arrive = async (socket: Socket): Promise<void> => {
    const origin = await parts.originOf(socket)
    if (origin === undefined || socket.destroyed) return void socket.destroy()
    const key = endsOf(socket)
    arrivals.set(key, { origin, socket })
    socket.once('close', () => arrivals.delete(key))
    tls.emit('connection', socket)
  }
  const server: Server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs },
    socket => {
      keep(socket)
      makeRoom(pending, limits.tunnelPendingMax)
      pending.add(socket)
      socket.once('close', () => pending.delete(socket))
      arrive(socket).catch((error: unknown) => {
        log.info({ err: error }, 'a connection of the tunnel was refused')
        socket.destroy()
      })
    },
  )
  tls.on('tlsClientError', (error, socket) => {
    log.info({ code: (error as NodeJS.ErrnoException).code }, 'a handshake of the tunnel failed')
    socket.destroy()
  })
  tls.on('secureConnection', stream => {
    const arrival = arrivals.get(endsOf(stream))
    keep(stream)
    if (arrival === undefined) stream.destroy()
    else {
      stream.once('close', () => arrival.socket.destroy())
      void greet(stream, arrival.socket, arrival.origin)
    }
  })

  const turnAway = (stream: TLSSocket, refusal: Refusal, origin: Origin): void => {
    parts.turnedAway(refusal, origin)
    refuse(stream, refusal)
  }

  /** A device that is cut while it is looked up has nothing here yet that could be cut: it is looked up again. */
  const find = async ({ deviceId, userId }: Paper): Promise<Device | undefined> => {
    for (;;) {
      const cutsBefore = cuts
      const device = await parts.find(deviceId, userId)
      if (device === undefined || cuts === cutsBefore) return device
    }
  }

  const greet = async (stream: TLSSocket, socket: Socket, origin: Origin): Promise<void> => {
    let device: Device | undefined
    const timer = setTimeout(() => stream.destroy(), limits.tunnelHandshakeTimeoutMs)
    try {
      const paper = papers(stream)
      const { version, body } = await readFrame(stream, limits.tunnelOpeningBytesMax)
      if (version !== tunnelVersion) return refuse(stream, otherVersion(version))
      if ('code' in paper) return turnAway(stream, paper, origin)
      device = await find(paper)
      if (device === undefined) return turnAway(stream, unknownDevice, origin)
      clearTimeout(timer)
      pending.delete(socket)
      await admit(stream, device, decodeOpening(body), origin)
    } catch (error) {
      if (error instanceof TunnelEnded) stream.destroy()
      else if (error instanceof NotTunnel)
        refuse(stream, { ok: false, code: 'request.invalid', message: `The agent said: ${error.message}.` })
      else if (error instanceof GatewayError)
        refuse(stream, { ok: false, code: error.code, message: error.message })
      else {
        log.error({ err: error }, 'a stream of the tunnel failed')
        stream.destroy()
      }
    } finally {
      clearTimeout(timer)
      pending.delete(socket)
    }
  }

  const admit = async (
    stream: TLSSocket,
    device: Device,
    opening: Opening,
    origin: Origin,
  ): Promise<void> => {
    const { credential } = device
    const streams = open.get(credential) ?? new Set()
    if (streams.size >= limits.tunnelStreamsPerDeviceMax)
      throw new GatewayError('limit.exceeded', `${streams.size} connections of this device are open.`)
    open.set(credential, streams.add(stream))
    stream.once('close', () => {
      streams.delete(stream)
      if (streams.size === 0) open.delete(credential)
    })
    const answer = await parts.answer(opening, device, origin)
    if (typeof answer === 'function') {
      stream.setNoDelay(true).write(encodeAnswer({ ok: true }))
      await answer(stream)
    } else {
      stream.end(encodeAnswer(answer))
      cutAfter(stream, limits.tunnelHandshakeTimeoutMs)
    }
  }

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          server.on('error', error => log.error({ err: error }, 'the tunnel failed'))
          const place = server.address()
          resolve(typeof place === 'object' && place !== null ? place.port : port)
        })
      }),
    cut(credential) {
      cuts += 1
      const streams = open.get(credential)
      if (streams === undefined) return
      setTimeout(() => {
        for (const stream of streams) stream.destroy()
      }, farewellMs)
    },
    close: () => void server.close(),
    end() {
      for (const socket of all) socket.destroy()
    },
  }
}

/** Both ends: one other end may be connected to several addresses of ours. */
const endsOf = (socket: Socket): string =>
  [socket.remoteAddress, socket.remotePort, socket.localAddress, socket.localPort].join(' ')

/** Who comes in while too many have not said who they are takes the place of the one that has waited longest. */
function makeRoom(pending: Set<Socket>, pendingMax: number): void {
  const [oldest] = pending
  if (oldest === undefined || pending.size < pendingMax) return
  pending.delete(oldest)
  oldest.destroy()
}

/** Ends with an answer; whoever does not take it is cut. */
function refuse(stream: TLSSocket, refusal: Refusal): void {
  stream.end(encodeAnswer(refusal))
  cutAfter(stream, farewellMs)
}

/** What nobody takes is not kept. */
function cutAfter(stream: TLSSocket, ms: number): void {
  stream.resume()
  const cut = setTimeout(() => stream.destroy(), ms)
  stream.once('close', () => clearTimeout(cut))
}

const otherVersion = (version: number): Refusal =>
  version < tunnelVersion
    ? {
        ok: false,
        code: 'agent.outdated',
        message: `This agent speaks version ${version} of the tunnel, the server version ${tunnelVersion}. Update the agent.`,
      }
    : {
        ok: false,
        code: 'server.outdated',
        message: `This agent speaks version ${version} of the tunnel, the server only version ${tunnelVersion}. Ask an administrator to update the server.`,
      }
