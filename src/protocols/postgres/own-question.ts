// A question of ours to the target, in the middle of a client's session: nothing of its answer reaches the client.

import { GatewayError } from '../../core/errors.ts'
import { ByteReader } from '../../wire/byte-reader.ts'
import { decodeErrorFields, fromTarget } from './codec.ts'
import type { Refusal } from './refuse.ts'

/** What came of it. */
export interface OwnAnswer {
  /** Of the last statement that gave rows. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Numbers of the parameter types of what was described. */
  readonly parameterTypes: readonly number[]
  /** There was more than may be held. */
  readonly tooLarge: boolean
  readonly error: { readonly sqlState: string; readonly message: Buffer } | undefined
  /** Letter of the transaction's state. */
  readonly status: number
}

/** Takes the target's messages up to the next `ReadyForQuery`. */
export class OwnQuestion {
  /** Told in place of an error if what is asked was stopped from our side. */
  interrupted: Refusal | undefined
  readonly answer: Promise<OwnAnswer>
  readonly #resolve: (answer: OwnAnswer) => void
  readonly #bytesMax: number
  #columns: string[] = []
  #rows: (string | null)[][] = []
  #bytes = 0
  #parameterTypes: number[] = []
  #tooLarge = false
  #error: OwnAnswer['error']

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
    const { promise, resolve } = Promise.withResolvers<OwnAnswer>()
    this.answer = promise
    this.#resolve = resolve
  }

  /** What is told at any time belongs to no question. */
  takes(type: number): boolean {
    return type !== fromTarget.parameterStatus && type !== fromTarget.notificationResponse
  }

  /**
   * One whole message, from behind its head.
   * @returns whether it was the last one
   * @throws GatewayError, MalformedBytes
   */
  message(type: number, chunk: Buffer, start: number, end: number): boolean {
    switch (type) {
      case fromTarget.rowDescription:
        this.#begin(new ByteReader(chunk, start, end))
        return false
      case fromTarget.dataRow:
        this.#row(new ByteReader(chunk, start, end), end - start)
        return false
      case fromTarget.parameterDescription: {
        const reader = new ByteReader(chunk, start, end)
        const count = reader.int16() & 0xffff
        this.#parameterTypes = Array.from({ length: count }, () => reader.int32())
        return false
      }
      case fromTarget.errorResponse: {
        const fields = new Map(decodeErrorFields(chunk, start, end))
        this.#error ??= {
          sqlState: fields.get('C') ?? 'XX000',
          message: Buffer.from(chunk.subarray(start, end)),
        }
        return false
      }
      case fromTarget.readyForQuery:
        this.#end(Number(chunk[start]))
        return true
      case fromTarget.copyInResponse:
      case fromTarget.copyOutResponse:
        throw new GatewayError('session.ended', 'the target answered in a way that was not expected.')
      default:
        return false
    }
  }

  #begin(reader: ByteReader): void {
    const count = reader.int16() & 0xffff
    this.#rows = []
    this.#columns = Array.from({ length: count }, () => {
      const name = reader.zeroEnded()
      reader.bytes(18)
      return name
    })
  }

  #row(reader: ByteReader, size: number): void {
    this.#bytes += size
    if (this.#bytes > this.#bytesMax) {
      this.#tooLarge = true
      this.#rows = []
    }
    if (this.#tooLarge) return
    const count = reader.int16() & 0xffff
    this.#rows.push(
      Array.from({ length: count }, () => {
        const length = reader.int32()
        return length < 0 ? null : reader.bytes(length).toString('utf8')
      }),
    )
  }

  #end(status: number): void {
    this.#resolve({
      columns: this.#columns,
      rows: this.#rows,
      parameterTypes: this.#parameterTypes,
      tooLarge: this.#tooLarge,
      error: this.#error,
      status,
    })
  }
}
