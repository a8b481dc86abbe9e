// Lays a text out. If a single word, string or comment came out differently, the text stays as it was.

import type { FormatOptionsWithLanguage } from 'sql-formatter'
import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { needsSplitting } from './sql-statements.ts'
import { sqlTokens } from './sql-tokens.ts'

/** Everything but white space, in order. */
function substance(text: string, dialect: TargetProtocol): readonly string[] {
  return sqlTokens(text, dialect)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, from, to }) => {
      const written = text.slice(from, to)
      return kind === 'comment' ? written.replace(/\s+/g, ' ').trim() : written
    })
}

export function isSameSubstance(before: string, after: string, dialect: TargetProtocol): boolean {
  const [old, now] = [substance(before, dialect), substance(after, dialect)]
  return old.length === now.length && old.every((part, index) => part === now[index])
}

type Format = (text: string, options: FormatOptionsWithLanguage) => string

/** @returns the text laid out, or `undefined` if that cannot be done without changing it */
export function formatSql(text: string, dialect: TargetProtocol, format: Format): string | undefined {
  if (needsSplitting(text, dialect)) return undefined
  try {
    const formatted = format(text, {
      language: dialect === 'mysql' ? 'mariadb' : 'postgresql',
      tabWidth: 2,
      keywordCase: 'preserve',
      linesBetweenQueries: 1,
      paramTypes: {
        named: [':'],
        numbered: dialect === 'mysql' ? [] : ['$'],
        positional: dialect === 'mysql',
      },
    })
    return isSameSubstance(text, formatted, dialect) ? formatted : undefined
  } catch {
    // The library does not understand the text.
    return undefined
  }
}

/** Loads the library when it is first needed. */
export async function formatText(text: string, dialect: TargetProtocol): Promise<string | undefined> {
  const { format } = await import('sql-formatter')
  return formatSql(text, dialect, format)
}
