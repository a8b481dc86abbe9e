// Watches the lengths of messages that begin with one letter and their length, without keeping any of them.

const headBytes = 5

/**
 * @param tooLong  called once, before the message has come in
 * @returns to be given every chunk
 */
export function watchMessageSizes(bytesMax: number, tooLong: () => void): (chunk: Uint8Array) => void {
  /** Bytes of the current message that are still to come, its head not counted in while it is gathered. */
  let missing = 0
  let head = 0
  let size = 0
  let isOver = false
  let tooLongTold = false
  return chunk => {
    for (let at = 0; at < chunk.length && !isOver; ) {
      if (missing > 0) {
        const taken = Math.min(missing, chunk.length - at)
        missing -= taken
        at += taken
        continue
      }
      if (head > 0) size = size * 256 + (chunk[at] ?? 0)
      at += 1
      head += 1
      if (head < headBytes) continue
      missing = Math.max(0, size - 4)
      isOver = size > bytesMax
      head = 0
      size = 0
    }
    if (!isOver || tooLongTold) return
    tooLongTold = true
    tooLong()
  }
}
