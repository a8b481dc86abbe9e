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
    else this.#sendExtended(sent)
    const timer = setTimeout(() => this.#stream.destroy(), answerTimeoutMs)
    try {
      while (!this.#closed && this.#frames.at(-1)?.type !== 'Z')
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
    } finally {
      clearTimeout(timer)
    }
    return this.#frames
  }

  #sendExtended(sent: { text: string; parameters: readonly (string | null)[]; binary?: boolean }): void {
    const format = Buffer.from([0, 1, 0, sent.binary === true ? 1 : 0])
    const values = sent.parameters.flatMap(value => {
      if (value === null) return [Buffer.from([255, 255, 255, 255])]
      const bytes = Buffer.from(value)
      return [int32(bytes.length), bytes]
    })
    this.#send('P', Buffer.concat([Buffer.from(`\0${sent.text}\0`), int16(0)]))
    this.#send(
      'B',
      Buffer.concat([Buffer.from('\0\0'), int16(0), int16(sent.parameters.length), ...values, format]),
    )
    this.#send('D', Buffer.from('P\0'))
    this.#send('E', Buffer.concat([Buffer.from('\0'), int32(0)]))
    this.#send('S', Buffer.alloc(0))
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
