// What the console needs to keep files of its users for a while: `main` hands in a place on disk.

import type { Readable } from 'node:stream'

/** A file that is complete. */
export interface KeptFile {
  readonly bytes: number
  /** All of it, or from a byte on. */
  read(from?: number, to?: number): Readable
  remove(): Promise<void>
}

/** A file that grows. */
export interface GrowingFile {
  /** Settles once more can be written. @throws GatewayError `limit.exceeded` if it, or all files together, grow too large */
  write(chunk: Uint8Array | string): Promise<void>
  finish(): Promise<KeptFile>
  discard(): Promise<void>
}

export interface JobFiles {
  create(): Promise<GrowingFile>
}
