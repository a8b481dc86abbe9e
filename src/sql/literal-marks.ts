// What stands in the place of a literal in a form: characters that no text has that is lifted, one for each kind and range.

export const stringMark = '\u0005'
const integerMark = '\u0001'
const bigIntegerMark = '\u0002'
const hugeIntegerMark = '\u0003'
const decimalMark = '\u0004'

const integerMax = '2147483647'
const bigIntegerMax = '9223372036854775807'

/** The mark of digits, with or without a point. Whole numbers of each range are told apart, as servers give them other types. */
export function numberMark(text: string, from: number, end: number): string {
  const digits = text.slice(from, end)
  if (digits.includes('.')) return decimalMark
  if (digits.length < integerMax.length) return integerMark
  const value = digits.replace(/^0+/, '')
  if (isAtMost(value, integerMax)) return integerMark
  return isAtMost(value, bigIntegerMax) ? bigIntegerMark : hugeIntegerMark
}

function isAtMost(value: string, most: string): boolean {
  return value.length < most.length || (value.length === most.length && value <= most)
}
