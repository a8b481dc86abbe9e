// A client of the MySQL protocol that keeps every byte it hears. Its own, so that it shares no mistake with the gateway.
//
// https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html

import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** One statement as a client sends it. A plain string goes as `COM_QUERY`. */
export type Sent =
  | string
  /** Prepared and executed, in the binary protocol; parameters as text. */
  | { readonly text: string; readonly parameters: readonly (string | null)[] }
  /** Prepared, executed with a cursor, and fetched to its end. */
  | { readonly text: string; readonly cursor: true }
  /** A statement in bytes that no string can hold. */
  | { readonly bytes: Buffer }
  /** A command of the protocol as it is. */
  | { readonly command: number; readonly body: string }

export interface MysqlAccount {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** What the server said to one thing that was sent. */
export interface Said {
  /** Payloads, in order, with their sequence numbers in front. */
  readonly packets: readonly Buffer[]
  readonly errors: readonly { readonly code: number; readonly state: string; readonly message: string }[]
}

const capabilities = {
  longPassword: 1,
  longFlag: 1 << 2,
  connectWithDatabase: 1 << 3,
  localFiles: 1 << 7,
  protocol41: 1 << 9,
  transactions: 1 << 13,
  secureConnection: 1 << 15,
  multiStatements: 1 << 16,
  multiResults: 1 << 17,
  preparedMultiResults: 1 << 18,
  pluginAuth: 1 << 19,
}

const moreResults = 0x08
const cursorExists = 0x40
const lastRowSent = 0x80
const answerTimeoutMs = 20_000
const localFile = '9001\tcopied\n'

export class MysqlWire {
  readonly #socket: Socket
  #buffer: Buffer = Buffer.alloc(0)
  #wake: (() => void) | undefined
  #closed = false
  #heard: Buffer[] = []
  #errors: Said['errors'][number][] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes])
      this.#wake?.()
    })
    socket.on('close', () => {
      this.#closed = true
      this.#wake?.()
    })
    socket.on('error', () => {})
  }

  static async open(account: MysqlAccount): Promise<MysqlWire> {
    const wire = new MysqlWire(connect(account.port, account.host))
    await wire.#logIn(account)
    wire.#heard = []
    return wire
  }

  get isClosed(): boolean {
    return this.#closed
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Sends one thing and gives all that comes back, until the server waits for the next (or is gone). */
  async ask(sent: Sent): Promise<Said> {
    this.#heard = []
    this.#errors = []
    const timer = setTimeout(() => this.#socket.destroy(), answerTimeoutMs)
    try {
      if (typeof sent === 'string') await this.#query(Buffer.from(sent))
      else if ('bytes' in sent) await this.#query(sent.bytes)
      else if ('command' in sent) await this.#command(sent.command, sent.body)
      else await this.#prepared(sent)
    } catch (error) {
      if (!this.#closed) throw error
    } finally {
      clearTimeout(timer)
    }
    return { packets: this.#heard, errors: this.#errors }
  }

  async #query(text: Buffer): Promise<void> {
    this.#send(0, Buffer.concat([Buffer.of(0x03), text]))
    await this.#results(false)
  }

  async #command(command: number, body: string): Promise<void> {
    this.#send(0, Buffer.concat([Buffer.of(command), Buffer.from(body, 'latin1')]))
    // COM_FIELD_LIST ends with EOF, COM_PROCESS_INFO is a result, COM_STATISTICS one text; the others say OK or ERR.
    if (command === 0x04) {
      for (;;) {
        const packet = await this.#packet()
        if (isEnd(packet) || this.#isError(packet)) return
      }
    }
    if (command === 0x0a) await this.#results(false)
    else this.#isError(await this.#packet())
  }

  async #prepared(sent: Extract<Sent, { readonly text: string }>): Promise<void> {
    this.#send(0, Buffer.concat([Buffer.of(0x16), Buffer.from(sent.text)]))
    const answer = await this.#packet()
    if (this.#isError(answer)) return
    const id = Buffer.from(answer.subarray(1, 5))
    // MariaDB counts them for the whole server: they tell how much was prepared, and nothing else.
    answer.fill(0, 1, 5)
    const columns = answer.readUInt16LE(5)
    const parameters = answer.readUInt16LE(7)
    for (const count of [parameters, columns]) if (count > 0) await this.#packets(count + 1)
    const values = 'cursor' in sent ? [] : sent.parameters
    this.#send(0, Buffer.concat([Buffer.of(0x17), id, executeBody(values, 'cursor' in sent)]))
    const status = await this.#results(true)
    if ('cursor' in sent && status !== undefined && (status & cursorExists) !== 0) await this.#fetchAll(id)
    this.#send(0, Buffer.concat([Buffer.of(0x19), id]))
  }

  async #fetchAll(id: Buffer): Promise<void> {
    for (;;) {
      this.#send(0, Buffer.concat([Buffer.of(0x1c), id, Buffer.of(3, 0, 0, 0)]))
      for (;;) {
        const packet = await this.#packet()
        if (this.#isError(packet)) return
        if (!isEnd(packet)) continue
        if ((packet.readUInt16LE(3) & lastRowSent) !== 0) return
        break
      }
    }
  }

  /** @returns the status of the last result, if it did not end with an error */
  async #results(binary: boolean): Promise<number | undefined> {
    for (;;) {
      const first = await this.#packet()
      if (this.#isError(first)) return undefined
      let status: number
      if (first[0] === 0) status = statusOfOk(first)
      else if (first[0] === 0xfb) {
        this.#send(this.#sequence + 1, Buffer.from(localFile))
        this.#send(this.#sequence + 2, Buffer.alloc(0))
        const end = await this.#packet()
        if (this.#isError(end)) return undefined
        status = statusOfOk(end)
      } else {
        await this.#packets(first[0] === 0xfc ? first.readUInt16LE(1) : (first[0] ?? 0))
        const eof = await this.#packet()
        status = eof.readUInt16LE(3)
        if (binary && (status & cursorExists) !== 0) return status
        for (;;) {
          const packet = await this.#packet()
          if (this.#isError(packet)) return undefined
          if (!isEnd(packet)) continue
          status = packet.readUInt16LE(3)
          break
        }
      }
      if ((status & moreResults) === 0) return status
    }
  }

  async #packets(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.#packet()
  }

  #sequence = 0

  async #packet(): Promise<Buffer> {
    for (;;) {
      if (this.#buffer.length >= 4) {
        const length = this.#buffer.readUIntLE(0, 3)
        if (this.#buffer.length >= 4 + length) {
          this.#sequence = this.#buffer[3] ?? 0
          this.#heard.push(this.#buffer.subarray(3, 4 + length))
          const payload = this.#buffer.subarray(4, 4 + length)
          this.#buffer = this.#buffer.subarray(4 + length)
          return payload
        }
      }
      if (this.#closed) throw new Error('the server closed the connection')
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  #isError(packet: Buffer): boolean {
    if (packet[0] !== 0xff) return false
    const hasState = packet[3] === 0x23
    this.#errors.push({
      code: packet.readUInt16LE(1),
      state: hasState ? packet.toString('latin1', 4, 9) : '',
      message: packet.toString('utf8', hasState ? 9 : 3),
    })
    return true
  }

  #send(sequence: number, payload: Buffer): void {
    const head = Buffer.alloc(4)
    head.writeUIntLE(payload.length, 0, 3)
    head[3] = sequence & 0xff
    this.#socket.write(Buffer.concat([head, payload]))
  }

  async #logIn({ user, password, database }: MysqlAccount): Promise<void> {
    const greeting = await this.#packet()
    if (this.#isError(greeting)) throw new Error(this.#errors[0]?.message)
    const afterVersion = greeting.indexOf(0, 1) + 1
    const first = greeting.subarray(afterVersion + 4, afterVersion + 12)
    const rest = greeting.subarray(afterVersion + 31, afterVersion + 43)
    const flags = Object.values(capabilities).reduce((all, one) => all | one, 0)
    const fixed = Buffer.alloc(32)
    fixed.writeUInt32LE(flags >>> 0, 0)
    fixed.writeUInt32LE(1 << 24, 4)
    // utf8mb4_general_ci
    fixed[8] = 45
    const proof = nativeProof(password, Buffer.concat([first, rest]))
    const text = (value: string): Buffer => Buffer.from(`${value}\0`)
    const answer = [fixed, text(user), Buffer.of(proof.length), proof, text(database), text(nativePlugin)]
    this.#send(1, Buffer.concat(answer))
    for (;;) {
      const packet = await this.#packet()
      if (this.#isError(packet)) throw new Error(this.#errors[0]?.message)
      if (packet[0] === 0) return
      if (packet[0] !== 0xfe) throw new Error('an answer to the login that is not understood')
      const nonce = packet.subarray(packet.indexOf(0, 1) + 1)
      this.#send(this.#sequence + 1, nativeProof(password, nonce.subarray(0, 20)))
    }
  }
}

const nativePlugin = 'mysql_native_password'

const sha1 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** SHA1(password) XOR SHA1(nonce + SHA1(SHA1(password))) */
function nativeProof(password: string, nonce: Buffer): Buffer {
  const once = sha1(Buffer.from(password))
  const mask = sha1(nonce, sha1(once))
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)))
}

/** EOF, of at most 5 bytes; a row that begins with 0xfe is longer. */
const isEnd = (packet: Buffer): boolean => packet[0] === 0xfe && packet.length < 9

function statusOfOk(packet: Buffer): number {
  const afterRows = 1 + lengthOfInteger(packet[1] ?? 0)
  const afterId = afterRows + lengthOfInteger(packet[afterRows] ?? 0)
  return packet.readUInt16LE(afterId)
}

const lengthOfInteger = (first: number): number =>
  first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9

/** Flags, one iteration, NULL bitmap, all types VAR_STRING, values. */
function executeBody(values: readonly (string | null)[], cursor: boolean): Buffer {
  const head = Buffer.of(cursor ? 1 : 0, 1, 0, 0, 0)
  if (values.length === 0) return head
  const nulls = Buffer.alloc((values.length + 7) >> 3)
  for (const [index, value] of values.entries())
    if (value === null) nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7))
  const types = Buffer.concat(values.map(() => Buffer.of(0xfd, 0)))
  const texts = values.filter(value => value !== null).map(value => Buffer.from(value))
  const data = texts.flatMap(text => [Buffer.of(text.length), text])
  return Buffer.concat([head, nulls, Buffer.of(1), types, ...data])
}
