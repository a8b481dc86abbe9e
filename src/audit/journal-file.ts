// What the audit needs of a disk: numbered segments, appended to one after the other.

export interface JournalFile {
  /** Numbers of the segments there are, ascending. */
  segments(): Promise<readonly number[]>
  /** At most `bytesMax` bytes of a segment from byte `from` on; none at its end. */
  read(segment: number, from: number, bytesMax: number): Promise<Uint8Array>
  /** Brings a segment of a former life to disk, cut to so many bytes; what was behind them is kept in a file beside it. */
  settle(segment: number, bytes: number): Promise<void>
  /** Makes a segment and appends to it from now on. @throws Error if that is not possible, or there is something in it */
  start(segment: number): void
  /**
   * Writes all bytes at the end of the segment, at once: after it they are in the operating system's hands.
   * @throws Error  then any part of them may have been written
   */
  append(bytes: Uint8Array): void
  /** Cuts the segment that is appended to. @throws Error if that is not possible */
  cut(bytes: number): void
  /** Everything appended before this call is on disk once it resolves, that of former segments included. */
  sync(): Promise<void>
  close(): Promise<void>
}
