// Names and texts as MySQL reads them.

import type { SqlMode } from './syntax.ts'

/** Backticks mean a name in every sql_mode. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

export function quoteTable(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** Single quotes mean a text in every sql_mode; backslashes do not. */
export function quoteText(text: string, mode: SqlMode): string {
  const plain = mode.noBackslashEscapes ? text : text.replaceAll('\\', '\\\\')
  return `'${plain.replaceAll("'", "''")}'`
}
