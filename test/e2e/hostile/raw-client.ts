// Speaks the PostgreSQL protocol message by message, so that a test can send what no well-behaved client would.

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import pg from 'pg'

export interface Message {
  /** Its type, one character. */
  readonly type: string
  readonly body: Buffer
}

const answerTimeoutMs = 10_000

export const int16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff])

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export const message = (type: string, ...parts: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

export const query = (sql: string): Buffer => message('Q', `${sql}\0`)
export const parse = (name: string, sql: string): Buffer => message('P', `${name}\0${sql}\0`, int16(0))
export const bind = (portal: string, statement: string): Buffer =>
  message('B', `${portal}\0${statement}\0`, int16(0), int16(0), int16(0))
export const execute = (portal: string, rowsMax = 0): Buffer => message('E', `${portal}\0`, int32(rowsMax))
export const sync = message('S')
export const flush = message('H')
/** All of one statement of the extended protocol, without its `Sync`. */
export const run = (sql: string): Buffer => Buffer.concat([parse('', sql), bind('', ''), execute('')])

export class RawClient {
  readonly #stream: Duplex
  #buffer: Buffer = Buffer.alloc(0)
  #heard: Message[] = []
  #wake: () => void = () => undefined
  #closed = false

  private constructor(stream: Duplex) {
    this.#stream = stream
    stream.removeAllListeners('data')
    stream.on('data', (bytes: Buffer) => this.#take(bytes))
    stream.on('close', () => {
      this.#closed = true
      this.#wake()
    })
    stream.on('error', () => undefined)
  }

  /** Logs in by the driver, which is of no use for anything else. */
  static async open(config: pg.ClientConfig): Promise<RawClient> {
    const client = new pg.Client({ ...config, stream: () => new Socket() })
    client.on('error', () => undefined)
    await client.connect()
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection
    return new RawClient(stream)
  }

  get isClosed(): boolean {
    return this.#closed
  }

  send(...messages: readonly Buffer[]): void {
    if (!this.#closed) this.#stream.write(Buffer.concat(messages))
  }

  /** What came since the last call, once so many messages of a type are among it, or the connection is closed. */
  async until(type: string, count = 1): Promise<readonly Message[]> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#wake()
    }, answerTimeoutMs)
    try {
      while (!this.#closed && this.#heard.filter(one => one.type === type).length < count) {
        if (late) throw new Error(`no ${type} came: ${textOf(this.#heard)}`)
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
      }
    } finally {
      clearTimeout(timer)
    }
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  /** Sends, and gives what comes until the target is ready so many times. */
  ask(messages: Buffer, readyCount = 1): Promise<readonly Message[]> {
    this.send(messages)
    return this.until('Z', readyCount)
  }

  close(): void {
    this.#stream.destroy()
  }

  #take(bytes: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes])
    while (this.#buffer.length >= 5) {
      const size = this.#buffer.readInt32BE(1) + 1
      if (this.#buffer.length < size) break
      this.#heard.push({ type: this.#buffer.toString('latin1', 0, 1), body: this.#buffer.subarray(5, size) })
      this.#buffer = this.#buffer.subarray(size)
    }
    this.#wake()
  }
}

/** All that was heard as one text, to look for what must not be in it. */
export const textOf = (heard: readonly Message[]): string =>
  heard.map(({ type, body }) => `${type}:${body.toString('latin1')}`).join('\n')

/** Fields of an error or a notice by their letter. */
export function fieldsOf({ body }: Message): Readonly<Record<string, string>> {
  const parts = body.toString('utf8').split('\0')
  return Object.fromEntries(parts.filter(part => part !== '').map(part => [part.slice(0, 1), part.slice(1)]))
}
