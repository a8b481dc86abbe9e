// What others say, as it may be written on a terminal.

/** Control characters could hide what stands there or drive the terminal; marks of direction show it in another order. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Lines stay lines. */
export const printable = (text: string): string =>
  text.replace(unseen, character => (character === '\n' ? character : '\ufffd'))

/** All of it in one line. */
export const printableLine = (text: string): string => printable(text).replaceAll('\n', ' ')
