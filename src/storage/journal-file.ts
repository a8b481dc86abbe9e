// The journal on disk: one file for each segment, in a folder of its own, readable for its owner only.

import {
  closeSync,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs'
import { type FileHandle, open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JournalFile } from '../audit/journal-file.ts'

const syncData = promisify(fdatasync)
const syncAll = promisify(fsync)

const suffix = '.journal'

export function segmentFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(8, '0')}${suffix}`)
}

/** Numbers of the segments in a folder, ascending. */
export async function listSegments(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder)
  return names
    .filter(name => /^\d{8,}\.journal$/.test(name))
    .map(name => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}

/** Opens the folder and makes it if there is none. @throws Error if that is not possible */
export function openJournalFile(folder: string): JournalFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return new FolderJournal(folder)
}

class FolderJournal implements JournalFile {
  readonly #folder: string
  #fd: number | undefined
  /** Files that were appended to since the last sync and are appended to no more. */
  #former: number[] = []
  #folderChanged = true
  #reading: { readonly segment: number; readonly handle: FileHandle } | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  segments(): Promise<readonly number[]> {
    return listSegments(this.#folder)
  }

  async read(segment: number, from: number, bytesMax: number): Promise<Uint8Array> {
    if (this.#reading?.segment !== segment) {
      await this.#reading?.handle.close()
      this.#reading = undefined
      this.#reading = { segment, handle: await open(segmentFile(this.#folder, segment), 'r') }
    }
    const bytes = Buffer.allocUnsafe(bytesMax)
    const { bytesRead } = await this.#reading.handle.read(bytes, 0, bytesMax, from)
    return bytes.subarray(0, bytesRead)
  }

  async settle(segment: number, bytes: number): Promise<void> {
    const name = segmentFile(this.#folder, segment)
    const handle = await open(name, 'r+')
    try {
      const { size } = await handle.stat()
      if (size > bytes) {
        const rest = Buffer.alloc(size - bytes)
        await handle.read(rest, 0, rest.length, bytes)
        await writeFile(`${name}.torn-${bytes}`, rest, { mode: 0o600, flush: true })
        await handle.truncate(bytes)
      }
      await handle.datasync()
    } finally {
      await handle.close()
    }
  }

  start(segment: number): void {
    const fd = openSync(segmentFile(this.#folder, segment), 'a', 0o600)
    if (fstatSync(fd).size > 0) {
      closeSync(fd)
      throw new Error(`segment ${segment} of the journal is there already: is another server writing it?`)
    }
    if (this.#fd !== undefined) this.#former.push(this.#fd)
    this.#fd = fd
    this.#folderChanged = true
  }

  append(bytes: Uint8Array): void {
    const fd = this.#appending()
    let written = 0
    while (written < bytes.length) {
      const more = writeSync(fd, bytes, written, bytes.length - written)
      if (more === 0) throw new Error('the journal takes no more bytes')
      written += more
    }
  }

  cut(bytes: number): void {
    ftruncateSync(this.#appending(), bytes)
  }

  async sync(): Promise<void> {
    const former = this.#former
    this.#former = []
    const fd = this.#fd
    const folderChanged = this.#folderChanged
    this.#folderChanged = false
    try {
      for (const one of former) await syncData(one)
      if (fd !== undefined) await syncData(fd)
      if (folderChanged) await this.#syncFolder()
    } catch (error) {
      this.#former = [...former, ...this.#former]
      this.#folderChanged ||= folderChanged
      throw error
    }
    for (const one of former) closeSync(one)
  }

  async close(): Promise<void> {
    await this.#reading?.handle.close()
    this.#reading = undefined
    for (const fd of this.#former) closeSync(fd)
    this.#former = []
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  /** Without it, a new file may be gone after the machine died. */
  async #syncFolder(): Promise<void> {
    const handle = await open(this.#folder, 'r')
    try {
      await syncAll(handle.fd)
    } finally {
      await handle.close()
    }
  }

  #appending(): number {
    if (this.#fd === undefined) throw new Error('no segment of the journal is open')
    return this.#fd
  }
}
