// A channel of SSH as an ordinary stream: one of the library is only gone when both sides have said so and all is read.

import { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'

export class ChannelStream extends Duplex {
  readonly #channel: ClientChannel

  constructor(channel: ClientChannel) {
    super()
    this.#channel = channel
    channel.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) channel.pause()
    })
    channel.on('end', () => this.push(null))
    channel.on('error', (error: Error) => this.destroy(error))
    // Without an end before it: the connection below was lost.
    channel.on('close', () => {
      if (!this.readableEnded) this.push(null)
      if (!this.writableFinished) this.destroy()
    })
  }

  override _read(): void {
    this.#channel.resume()
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(bytes, done)
  }

  override _final(done: () => void): void {
    this.#channel.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Read on, or its close is never told.
    this.#channel.removeAllListeners('data').resume()
    this.#channel.close()
    done(error)
  }
}
