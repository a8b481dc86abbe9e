// A client of PostgreSQL's protocol that keeps every byte it hears. The driver only logs in.

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import pg from 'pg'

/** One statement as a client sends it. A plain string goes by the simple protocol. */
export type Sent =
  | string
  | {
      readonly text: string
      readonly parameters: readonly (string | null)[]
      readonly binary?: boolean
    }
  /** Bytes as they are, for texts that no string can hold. */
  | { readonly bytes: Buffer }
  /** Messages of the extended protocol as they are, in one write; the last one must make the server ready (`S`, `Q`, `F`). */
  | { readonly messages: readonly Frame[] }

export interface Frame {
  /** Its type, one character. */
  readonly type: string
  readonly body: Buffer
}

const answerTimeoutMs = 20_000

/** What is said after COPY … FROM STDIN. */
const copyLines = '9001\tcopied\n'

export class WireSession {
  readonly #stream: Duplex
  readonly #end: () => void
  #buffer: Buffer = Buffer.alloc(0)
  #frames: Frame[] = []
  #wake: (() => void) | undefined
  #closed = false

  private constructor(stream: Duplex, end: () => void) {
    this.#stream = stream
    this.#end = end
    stream.removeAllListeners('data')
    stream.on('data', (bytes: Buffer) => this.#take(bytes))
    stream.on('close', () => {
      this.#closed = true
      this.#wake?.()
    })
    stream.on('error', () => {})
  }

  static async open(config: pg.ClientConfig): Promise<WireSession> {
    const client = new pg.Client({ ...config, stream: () => new Socket() })
    client.on('error', () => {})
    await client.connect()
    const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection
    return new WireSession(stream, () => stream.destroy())
  }

  get isClosed(): boolean {
    return this.#closed
  }

  close(): void {
    this.#end()
  }

  /** Sends one statement and gives all that comes back until the server is ready again (or is gone). */
  async ask(sent: Sent): Promise<readonly Frame[]> {
    this.#frames = []
    if (typeof sent === 'string') this.#send('Q', Buffer.from(`${sent}\0`))
    else if ('bytes' in sent) this.#send('Q', Buffer.concat([sent.bytes, Buffer.from('\0')]))
    else if ('messages' in sent) for (const message of sent.messages) this.#send(message.type, message.body)
    else this.#sendExtended(sent)
    const timer = setTimeout(() => this.#stream.destroy(), answerTimeoutMs)
    try {
      const ready = readyCount(sent)
      while (!this.#closed && this.#frames.filter(frame => frame.type === 'Z').length < ready)
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
    } finally {
      clearTimeout(timer)
    }
    return this.#frames
  }

  #sendExtended(sent: {
    readonly text: string
    readonly parameters: readonly (string | null)[]
    readonly binary?: boolean
  }): void {
    const messages = [
      parse('', sent.text),
      bind('', '', sent.parameters, sent.binary),
      describePortal(''),
      execute(''),
      sync,
    ]
    for (const { type, body } of messages) this.#send(type, body)
  }

  #send(type: string, body: Buffer): void {
    if (!this.#closed) this.#stream.write(Buffer.concat([Buffer.from(type), int32(body.length + 4), body]))
  }

  #take(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes])
    while (this.#buffer.length >= 5) {
      const size = this.#buffer.readInt32BE(1) + 1
      if (this.#buffer.length < size) return
      const type = this.#buffer.toString('latin1', 0, 1)
      this.#frames.push({ type, body: this.#buffer.subarray(5, size) })
      this.#buffer = this.#buffer.subarray(size)
      if (type === 'G') {
        this.#send('d', Buffer.from(copyLines))
        this.#send('c', Buffer.alloc(0))
      }
      if (type === 'Z') this.#wake?.()
    }
  }
}

/** How many times the server says that it is ready, once it has answered everything. */
function readyCount(sent: Sent): number {
  if (typeof sent === 'string' || !('messages' in sent)) return 1
  return sent.messages.filter(message => 'SQF'.includes(message.type)).length
}

export const parse = (name: string, text: string): Frame => ({
  type: 'P',
  body: Buffer.concat([Buffer.from(`${name}\0${text}\0`), int16(0)]),
})

export function bind(
  portal: string,
  statement: string,
  parameters: readonly (string | null)[] = [],
  binary = false,
): Frame {
  const values = parameters.flatMap(value => {
    if (value === null) return [int32(-1)]
    const bytes = Buffer.from(value)
    return [int32(bytes.length), bytes]
  })
  const head = Buffer.from(`${portal}\0${statement}\0`)
  const format = [int16(1), int16(binary ? 1 : 0)]
  return { type: 'B', body: Buffer.concat([head, int16(0), int16(parameters.length), ...values, ...format]) }
}

export const describePortal = (portal: string): Frame => ({ type: 'D', body: Buffer.from(`P${portal}\0`) })
export const describeStatement = (name: string): Frame => ({ type: 'D', body: Buffer.from(`S${name}\0`) })

/** @param rows most rows at a time; 0: all */
export const execute = (portal: string, rows = 0): Frame => ({
  type: 'E',
  body: Buffer.concat([Buffer.from(`${portal}\0`), int32(rows)]),
})

export const closeStatement = (name: string): Frame => ({ type: 'C', body: Buffer.from(`S${name}\0`) })
export const flush: Frame = { type: 'H', body: Buffer.alloc(0) }
export const sync: Frame = { type: 'S', body: Buffer.alloc(0) }
export const simple = (text: string): Frame => ({ type: 'Q', body: Buffer.from(`${text}\0`) })

/** The message for calling a function by its number, with text arguments. */
export const callFunction = (oid: number, ...values: readonly string[]): Frame => ({
  type: 'F',
  body: Buffer.concat([
    int32(oid),
    int16(0),
    int16(values.length),
    ...values.flatMap(value => [int32(Buffer.byteLength(value)), Buffer.from(value)]),
    int16(0),
  ]),
})

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Fields of an ErrorResponse or NoticeResponse by their letter. */
export function fieldsOf(body: Buffer): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (const part of body.toString('utf8').split('\0'))
    if (part !== '') fields[part.charAt(0)] = part.slice(1)
  return fields
}
