// Colours for Cedar: words, strings, numbers, comments, annotations and entity types. The server does the reading.

import { StreamLanguage } from '@codemirror/language'

const keywords = new Set([
  'permit',
  'forbid',
  'when',
  'unless',
  'principal',
  'action',
  'resource',
  'context',
  'in',
  'is',
  'has',
  'like',
  'if',
  'then',
  'else',
])

export const cedarLanguage = StreamLanguage.define<null>({
  name: 'cedar',
  startState: () => null,
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match('//')) {
      stream.skipToEnd()
      return 'comment'
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string'
    if (stream.match(/^@\w+/)) return 'meta'
    if (stream.match(/^-?\d+/)) return 'number'
    const word = stream.match(/^[A-Za-z_]\w*/)
    if (typeof word === 'object' && word !== null) {
      const [text] = word
      if (text === 'true' || text === 'false') return 'bool'
      if (keywords.has(text)) return 'keyword'
      return stream.match(/^::/, false) ? 'typeName' : 'variableName'
    }
    stream.next()
    return null
  },
})
