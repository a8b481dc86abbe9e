// Cuts a text into its statements: by semicolons that are no part of a string, comment or routine, and MySQL's DELIMITER.

import type { TargetProtocol } from '../../../../src/console/contract.ts'
import { type SqlToken, tokenAt } from './sql-tokens.ts'

export interface SqlStatement {
  readonly text: string
  /** Where it begins in the whole text. */
  readonly from: number
  /** Where it ends, without its delimiter. */
  readonly to: number
  /** Where its delimiter ends. */
  readonly end: number
}

const delimiterLine = /DELIMITER[ \t]+(\S+)[^\n]*/iy

/** Tells whether a place is within the body of a routine, where semicolons do not end the statement. */
class BodyDepth {
  readonly #dialect: TargetProtocol
  #words: string[] = []
  #last = ''
  #depth = 0

  constructor(dialect: TargetProtocol) {
    this.#dialect = dialect
  }

  get isWithin(): boolean {
    return this.#depth > 0
  }

  reset(): void {
    this.#words = []
    this.#last = ''
    this.#depth = 0
  }

  take(written: string): void {
    const word = written.toUpperCase()
    if (this.#words.length < 12) this.#words.push(word)
    const isRoutine =
      this.#words[0] === 'CREATE' &&
      this.#words.some(one => ['FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT'].includes(one))
    if (isRoutine) {
      const begins =
        this.#dialect === 'mysql' ? word === 'BEGIN' : word === 'ATOMIC' && this.#last === 'BEGIN'
      if (begins || (word === 'CASE' && this.#depth > 0 && this.#last !== 'END')) this.#depth += 1
      else if (word === 'END' && this.#depth > 0) this.#depth -= 1
      // `END IF`, `END LOOP` close what was not counted.
      else if (this.#last === 'END' && ['IF', 'LOOP', 'WHILE', 'REPEAT'].includes(word)) this.#depth += 1
    }
    this.#last = word
  }
}

export function splitStatements(text: string, dialect: TargetProtocol): readonly SqlStatement[] {
  const statements: SqlStatement[] = []
  const body = new BodyDepth(dialect)
  let delimiter = ';'
  let first: SqlToken | undefined
  let last: SqlToken | undefined
  let hasCode = false
  const close = (end: number) => {
    if (first !== undefined && last !== undefined && hasCode) {
      statements.push({ text: text.slice(first.from, last.to), from: first.from, to: last.to, end })
    }
    first = undefined
    last = undefined
    hasCode = false
    body.reset()
  }
  for (let at = 0; at < text.length; ) {
    if (text.startsWith(delimiter, at) && !(delimiter === ';' && body.isWithin)) {
      close(at + delimiter.length)
      at += delimiter.length
      continue
    }
    let token = tokenAt(text, at, dialect)
    const written = text.slice(token.from, token.to)
    if (dialect === 'mysql' && !hasCode && written.toUpperCase() === 'DELIMITER') {
      delimiterLine.lastIndex = at
      const line = delimiterLine.exec(text)
      if (line?.[1] !== undefined) {
        close(at)
        delimiter = line[1]
        at += line[0].length
        continue
      }
    }
    // A word may run into the delimiter: `END$$`.
    const cut = token.kind === 'word' ? written.indexOf(delimiter) : -1
    if (cut > 0) token = { ...token, to: at + cut }
    if (token.kind === 'word') body.take(text.slice(token.from, token.to))
    if (token.kind !== 'space') {
      first ??= token
      if (token.kind !== 'comment' || !hasCode) last = token
      // A comment behind the last word belongs to the statement only if more of it follows.
      if (token.kind !== 'comment') hasCode = true
    }
    at = token.to
  }
  close(text.length)
  return statements
}

/** The statement that the cursor stands in or behind; between two lines of them, the next. */
export function statementAt(text: string, offset: number, dialect: TargetProtocol): SqlStatement | undefined {
  const statements = splitStatements(text, dialect)
  const inside = statements.find(({ from, end }) => offset >= from && offset <= end)
  if (inside !== undefined) {
    // Just behind a delimiter, but already at the beginning of another one.
    return statements.find(({ from }) => from === offset) ?? inside
  }
  const before = statements.findLast(({ end }) => end <= offset)
  if (before !== undefined && !text.slice(before.end, offset).includes('\n')) return before
  return statements.find(({ from }) => from >= offset) ?? before
}

/** Whether a text can only be sent statement by statement: `DELIMITER` is understood by clients alone. */
export function needsSplitting(text: string, dialect: TargetProtocol): boolean {
  return dialect === 'mysql' && /^[ \t]*DELIMITER[ \t]+\S/im.test(text)
}
