// The device's end of the tunnel: opens streams, each a TLS connection that resumes what an earlier one agreed on.

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { type Answer, decodeAnswer, encodeOpening, type Opening, tunnelVersion } from './framing.ts'
import { readFrame } from './read-frame.ts'

export interface TunnelClientParts {
  readonly host: string
  readonly port: number
  /** PEM: the one authority that the server must come from; pinned at sign-in. */
  readonly authority: string
  /** The name in its certificate. */
  readonly serverName: string
  /** What the device is known by, as it is now. PEM. */
  readonly papers: () => { readonly certificate: string; readonly key: string }
  readonly timeoutMs: number
  readonly answerBytesMax: number
  /** A way through something in front, without TLS yet; `undefined`: straight. */
  readonly dial?: () => Promise<Socket>
}

export interface OpenedStream {
  readonly stream: TLSSocket
  readonly answer: Answer
}

export interface TunnelClient {
  /**
   * Opens a stream and says what it is for.
   * @returns the answer, and the stream that the raw bytes follow on
   * @throws Error  in words: the server cannot be reached, or is not the one that was pinned
   */
  open(opening: Opening): Promise<OpenedStream>
}

/** Sessions that may be resumed; a few, since several streams are opened at once. */
const sessionsMax = 8
/** How long a connection may be silent before it is asked whether it is still there: a network may have changed. */
const keepAliveMs = 30_000
/** Streams that are opened at once; others wait for their turn, and can resume what these agreed on. */
const openingsMax = 16

export function createTunnelClient(parts: TunnelClientParts): TunnelClient {
  let context: { readonly certificate: string; readonly made: SecureContext } | undefined
  let sessions: Buffer[] = []
  const secureContext = (): SecureContext => {
    const { certificate, key } = parts.papers()
    if (context?.certificate !== certificate) {
      const options = { cert: certificate, key, ca: [parts.authority], minVersion: 'TLSv1.3' as const }
      context = { certificate, made: createSecureContext(options) }
      // They are bound to the certificate that they began with.
      sessions = []
    }
    return context.made
  }
  const secure = (socket: Socket): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const made = secureContext()
      const session = sessions.at(-1)
      const stream = connect({
        socket,
        secureContext: made,
        servername: parts.serverName,
        ...(session === undefined ? {} : { session }),
      })
      stream.setNoDelay(true)
      stream.on('session', fresh => {
        if (context?.made !== made) return
        sessions = [...sessions.slice(-sessionsMax + 1), fresh]
      })
      stream.once('error', error => reject(wordProblem(error, parts)))
      stream.once('close', () => reject(new Error(`${placeOf(parts)} ended the connection.`)))
      stream.once('secureConnect', () => resolve(stream))
    })
  const attempt = async (opening: Opening, held: { socket?: Socket }): Promise<OpenedStream> => {
    const socket = await (parts.dial ?? (() => dialStraight(parts)))()
    held.socket = socket
    socket.on('error', () => undefined)
    const stream = await secure(socket)
    stream.on('error', () => undefined)
    stream.write(encodeOpening(opening))
    const { version, body } = await readFrame(stream, parts.answerBytesMax)
    const answer = decodeAnswer(body)
    if (version !== tunnelVersion && answer.ok)
      throw new Error(`${placeOf(parts)} speaks another version of the tunnel: update the agent.`)
    return { stream, answer }
  }
  let openings = 0
  const waiting: (() => void)[] = []
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (openings >= openingsMax) await new Promise<void>(resolve => waiting.push(resolve))
    else openings++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) openings--
      else next()
    }
  }
  const openNow = async (opening: Opening): Promise<OpenedStream> => {
    const held: { socket?: Socket } = {}
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${placeOf(parts)} did not answer within ${parts.timeoutMs / 1000} s.`)),
        parts.timeoutMs,
      )
    })
    try {
      return await Promise.race([attempt(opening, held), late])
    } catch (error) {
      held.socket?.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
  return { open: opening => inTurn(() => openNow(opening)) }
}

const placeOf = ({ host, port }: TunnelClientParts): string =>
  `The tunnel at ${isIP(host) === 6 ? `[${host}]` : host}:${port}`

function dialStraight(parts: TunnelClientParts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = parts
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: keepAliveMs }
    const socket = connectTcp({ host, port, noDelay: true, ...keepAlive })
    socket.once('error', error => reject(wordProblem(error, parts)))
    socket.once('connect', () => resolve(socket))
  })
}

/** What went wrong, for whoever typed the command. */
function wordProblem(error: Error, parts: TunnelClientParts): Error {
  const { code = '' } = error as NodeJS.ErrnoException
  const place = placeOf(parts)
  const said = /^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/.test(code)
    ? `${place} is not the server that was signed in to: its certificate comes from somebody else (${code}). Ask an administrator before you go on.`
    : code === 'ECONNREFUSED'
      ? `${place} cannot be reached: nothing listens there.`
      : code === 'ENOTFOUND'
        ? `${place} cannot be reached: there is no such host.`
        : code === 'ECONNRESET'
          ? `${place} ended the connection.`
          : `${place} cannot be reached: ${error.message}`
  return new Error(said, { cause: error })
}
