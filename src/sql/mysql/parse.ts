// Text → statements: the one way into the parser.

import { limits } from '../../core/limits.ts'
import { END, lex } from './lexer.ts'
import { accept, at, createCursor, type Cursor, kindAt, Unknown, unknown } from './parse-cursor.ts'
import { statement } from './parse-statement.ts'
import type { ParseContext, Parsed, ParseProblem, Statement } from './syntax.ts'

/** The text is canonical (see `canonicalise`). Never throws. */
export function parse(text: string, context: ParseContext): Parsed {
  const unfit = unfitness(text, context)
  if (unfit !== undefined) return unfit
  const tokens = lex(text, context)
  if ('kind' in tokens) return tokens
  const c = createCursor(tokens, context)
  try {
    const statements = statementsOf(c)
    return { kind: 'statements', statements, parameters: c.parameters }
  } catch (error) {
    if (error instanceof Unknown) return { kind: 'problem', message: error.message, position: error.position }
    if (error instanceof RangeError) {
      return { kind: 'problem', message: 'The statement is nested too deeply', position: 0 }
    }
    throw error
  }
}

function unfitness(text: string, context: ParseContext): ParseProblem | undefined {
  const problem = (message: string, position: number): ParseProblem => ({
    kind: 'problem',
    message,
    position,
  })
  const nul = text.indexOf('\0')
  if (nul >= 0) return problem('The statement contains a NUL byte', nul)
  if (text.length > limits.statementCharsMax) {
    return problem(`The statement is longer than ${limits.statementCharsMax} characters`, 0)
  }
  if (!text.isWellFormed()) return problem('The statement is not valid Unicode text', 0)
  if (context.sqlMode.oracle) return problem('Statements in sql_mode=ORACLE are not read', 0)
  return undefined
}

function statementsOf(c: Cursor): Statement[] {
  const statements: Statement[] = []
  for (;;) {
    while (accept(c, ';'));
    if (kindAt(c) === END) return statements
    statements.push(statement(c))
    if (!at(c, ';') && kindAt(c) !== END) throw unknown(c)
  }
}
