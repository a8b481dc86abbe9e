// Why somebody runs a text: as a comment at its beginning, where policies look for it.

/** @returns what stands in front of the text; empty without a reason */
export function reasonComment(reason: string | undefined): string {
  if (reason === undefined || reason.trim() === '') return ''
  const words = reason.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll('/*', '/ *').trim()
  return `/* reason: ${words} */ `
}

export const withReason = (sql: string, reason: string | undefined): string => reasonComment(reason) + sql
