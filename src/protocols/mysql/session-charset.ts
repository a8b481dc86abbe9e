// The character set that a client asks for by number when it connects: only those in which its texts can be read with certainty.
// https://dev.mysql.com/doc/refman/8.4/en/charset-charsets.html, `information_schema.COLLATIONS`

/** utf8mb4_general_ci, which every server knows since 2010. */
export const utf8mb4 = 45

const ranges: readonly (readonly [string, number, number])[] = [
  ['latin1', 5, 5],
  ['latin1', 8, 8],
  ['ascii', 11, 11],
  ['latin1', 15, 15],
  ['latin1', 31, 31],
  ['utf8', 33, 33],
  ['utf8mb4', 45, 46],
  ['latin1', 47, 49],
  ['binary', 63, 63],
  ['ascii', 65, 65],
  ['utf8', 76, 76],
  ['utf8', 83, 83],
  ['latin1', 94, 94],
  ['utf8', 192, 215],
  ['utf8', 223, 223],
  ['utf8mb4', 224, 247],
  ['utf8mb4', 255, 323],
]

/** @returns `undefined`: of another character set, or unknown */
export const characterSetOf = (collation: number): string | undefined =>
  ranges.find(([, from, to]) => collation >= from && collation <= to)?.[0]

/** What the target is asked for: that, or utf8mb4. */
export const safeCollation = (collation: number): number =>
  characterSetOf(collation) === undefined ? utf8mb4 : collation
