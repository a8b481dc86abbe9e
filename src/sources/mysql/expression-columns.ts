// Which columns of a table an expression of the server reads. Pure, and careful: rather one column too many.

/**
 * The server prints every name in backquotes. What cannot be told apart (a name within a text) counts as read; an
 * expression in which no column can be found counts as reading all of them.
 */
export function expressionColumns(expression: string, columns: readonly string[]): readonly string[] {
  const words = new Set<string>()
  for (const [quoted] of expression.matchAll(/`(?:[^`]|``)*`/g))
    words.add(quoted.slice(1, -1).replaceAll('``', '`').toLowerCase())
  for (const [word] of expression.matchAll(/[\p{L}\p{N}_$]+/gu)) words.add(word.toLowerCase())
  const found = columns.filter(column => words.has(column.toLowerCase()))
  return found.length === 0 ? columns : found
}
