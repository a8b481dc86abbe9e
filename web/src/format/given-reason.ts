// The reason that somebody gave for a statement, as the comment that it begins with; read as the gate reads it.

const inBlock = /^\s*\/\*\s*reason:([^]*?)\*\//i
const inLine = /^\s*--[ \t]+reason:([^\r\n]*)/i

export function givenReason(text: string | undefined): string | undefined {
  const [, found = ''] = inBlock.exec(text ?? '') ?? inLine.exec(text ?? '') ?? []
  const reason = found.replaceAll(/\s+/g, ' ').trim()
  return reason === '' ? undefined : reason
}
