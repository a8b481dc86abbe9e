// The first bytes of every stream of the tunnel: what the agent wants, and what the server answers. Raw bytes follow.
//
//   'SKT'  version (1 byte)  length (4 bytes)  JSON in UTF-8
//
// These eight bytes stay as they are in every version, so that any two can tell each other which they speak.

export const tunnelVersion = 1
export const headBytes = 8
const mark = Buffer.from('SKT')

/** What a stream is for. A target is named by its name or its id. */
export type Opening =
  | { readonly kind: 'hello'; readonly agent: string }
  | { readonly kind: 'list'; readonly agent: string }
  | { readonly kind: 'connect'; readonly agent: string; readonly target: string }

/** A refusal in words for whoever sits at the device. */
export interface Refusal {
  readonly ok: false
  /** A code of `core/errors.ts`, or one of the tunnel: `agent.outdated`, `server.outdated`, `device.*`. */
  readonly code: string
  readonly message: string
}

export type Answer = (Readonly<Record<string, unknown>> & { readonly ok: true }) | Refusal

export interface Head {
  readonly version: number
  readonly length: number
}

/** Not what this protocol looks like. */
export class NotTunnel extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'NotTunnel'
  }
}

/** @throws NotTunnel */
export function decodeHead(bytes: Buffer, lengthMax: number): Head {
  if (bytes.length < headBytes || !bytes.subarray(0, mark.length).equals(mark))
    throw new NotTunnel('these are not the first bytes of a stream of the tunnel')
  const length = bytes.readUInt32BE(4)
  if (length > lengthMax) throw new NotTunnel(`a message of ${length} bytes; ${lengthMax} are allowed`)
  return { version: bytes.readUInt8(3), length }
}

/** @throws NotTunnel */
export function decodeOpening(body: Buffer): Opening {
  const value = parse(body)
  const { kind, agent, target } = value
  // It stands in the record.
  if (typeof agent !== 'string' || !/^[ -~]{1,100}$/.test(agent))
    throw new NotTunnel('the agent does not say who it is')
  if (kind === 'hello' || kind === 'list') return { kind, agent }
  if (kind !== 'connect') throw new NotTunnel('what is wanted is not known here')
  if (typeof target !== 'string' || !/^[\w.-]{1,64}$/.test(target)) throw new NotTunnel('no name of a target')
  return { kind, agent, target }
}

/** @throws NotTunnel */
export function decodeAnswer(body: Buffer): Answer {
  const value = parse(body)
  if (value['ok'] === true) return { ...value, ok: true }
  const { code, message } = value
  if (value['ok'] !== false || typeof code !== 'string' || typeof message !== 'string')
    throw new NotTunnel('the answer cannot be read')
  return { ok: false, code, message }
}

export const encodeOpening = (opening: Opening): Buffer => encode(opening)
export const encodeAnswer = (answer: Answer): Buffer => encode(answer)

function encode(value: object): Buffer {
  const body = Buffer.from(JSON.stringify(value))
  const head = Buffer.alloc(headBytes)
  mark.copy(head)
  head.writeUInt8(tunnelVersion, mark.length)
  head.writeUInt32BE(body.length, 4)
  return Buffer.concat([head, body])
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw new NotTunnel(`not JSON in UTF-8: ${error instanceof Error ? error.name : ''}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotTunnel('not an object')
  return { ...value }
}
