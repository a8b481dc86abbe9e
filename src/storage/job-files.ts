// Files that the console keeps for its users for some hours: sealed with keys that only this process has, so that nobody
// can read what is left of them, and nothing of them is there after a restart.

import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { GatewayError } from '../core/errors.ts'
import type { Limits } from '../core/limits.ts'

/** Bytes in the clear of one piece; each is sealed by itself, so that reading can begin anywhere. */
const pieceBytes = 64 * 1024
const tagBytes = 16
const ending = '.part'

interface KeptFile {
  readonly bytes: number
  /** @param to  the first byte that is not read */
  read(from?: number, to?: number): Readable
  remove(): Promise<void>
}

interface GrowingFile {
  write(chunk: Uint8Array | string): Promise<void>
  finish(): Promise<KeptFile>
  discard(): Promise<void>
}

/** Removes what an earlier process left: nobody has its keys any more. */
export async function createJobFiles(
  folder: string,
  limits: Pick<Limits, 'jobFileBytesMax' | 'jobFilesBytesMax'>,
): Promise<{ create(): Promise<GrowingFile> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(folder))
    if (name.endsWith(ending)) await rm(join(folder, name), { force: true })
  const all = { bytes: 0 }
  return {
    async create() {
      const path = join(folder, `${randomUUID()}${ending}`)
      return new SealedFile(path, await open(path, 'wx', 0o600), limits, all)
    },
  }
}

class SealedFile implements GrowingFile {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #limits: Pick<Limits, 'jobFileBytesMax' | 'jobFilesBytesMax'>
  readonly #all: { bytes: number }
  readonly #key = randomBytes(32)
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #bytes = 0
  #pieces = 0

  constructor(
    path: string,
    handle: FileHandle,
    limits: Pick<Limits, 'jobFileBytesMax' | 'jobFilesBytesMax'>,
    all: { bytes: number },
  ) {
    this.#path = path
    this.#handle = handle
    this.#limits = limits
    this.#all = all
  }

  async write(chunk: Uint8Array | string): Promise<void> {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    const { jobFileBytesMax, jobFilesBytesMax } = this.#limits
    if (this.#bytes + bytes.length > jobFileBytesMax)
      throw new GatewayError('limit.exceeded', `the file is larger than ${jobFileBytesMax} bytes.`)
    if (this.#all.bytes + bytes.length > jobFilesBytesMax)
      throw new GatewayError('limit.exceeded', 'the files of all users together take too much room.')
    this.#bytes += bytes.length
    this.#all.bytes += bytes.length
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
    if (this.#pendingBytes >= pieceBytes) await this.#flush(false)
  }

  async finish(): Promise<KeptFile> {
    await this.#flush(true)
    await this.#handle.close()
    const [path, key, bytes, all] = [this.#path, this.#key, this.#bytes, this.#all]
    let isThere = true
    return {
      bytes,
      read: (from = 0, to = bytes) => Readable.from(readPieces(path, key, bytes, from, Math.min(to, bytes))),
      async remove() {
        if (!isThere) return
        isThere = false
        all.bytes -= bytes
        await rm(path, { force: true })
      },
    }
  }

  async discard(): Promise<void> {
    this.#all.bytes -= this.#bytes
    this.#bytes = 0
    await this.#handle.close()
    await rm(this.#path, { force: true })
  }

  async #flush(isLast: boolean): Promise<void> {
    const joined = Buffer.concat(this.#pending)
    let at = 0
    const sealed: Buffer[] = []
    while (joined.length - at >= pieceBytes) {
      sealed.push(seal(this.#key, this.#pieces++, joined.subarray(at, at + pieceBytes)))
      at += pieceBytes
    }
    if (isLast && at < joined.length) {
      sealed.push(seal(this.#key, this.#pieces++, joined.subarray(at)))
      at = joined.length
    }
    const rest = joined.subarray(at)
    this.#pending = rest.length === 0 ? [] : [rest]
    this.#pendingBytes = rest.length
    if (sealed.length > 0) await this.#handle.write(Buffer.concat(sealed))
  }
}

/** The key is of this file alone, so that the number of a piece is a nonce of its own. */
function nonceOf(piece: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(piece), 4)
  return nonce
}

function seal(key: Uint8Array, piece: number, clear: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(piece))
  return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

function unseal(key: Uint8Array, piece: number, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(piece))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()])
}

/** How long the file is stands in memory: what is missing at its end is missed. */
async function* readPieces(
  path: string,
  key: Uint8Array,
  bytes: number,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  if (from >= to) return
  const handle = await open(path, 'r')
  try {
    for (let piece = Math.floor(from / pieceBytes); piece * pieceBytes < to; piece++) {
      const start = piece * pieceBytes
      const length = Math.min(pieceBytes, bytes - start)
      const sealed = Buffer.alloc(length + tagBytes)
      const { bytesRead } = await handle.read(sealed, 0, sealed.length, piece * (pieceBytes + tagBytes))
      if (bytesRead !== sealed.length) throw new Error('a kept file is shorter than it was')
      const clear = unseal(key, piece, sealed)
      yield clear.subarray(Math.max(0, from - start), Math.min(length, to - start))
    }
  } finally {
    await handle.close()
  }
}
