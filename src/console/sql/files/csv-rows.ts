// Reads CSV as RFC 4180 has it, and as programs write it: other delimiters, other ends of lines, quotes within quotes.

import { GatewayError } from '../../../core/errors.ts'
import type { FileRow } from './file-rows.ts'

const delimiters = [',', ';', '\t', '|'] as const

/** That which stands most often in the first line, outside of quotes. */
export function delimiterOf(sample: string): string {
  const [line = ''] = sample.replaceAll(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1)
  const counted = delimiters.map(sign => [sign, line.split(sign).length - 1] as const)
  const [best] = counted.toSorted(([, a], [, b]) => b - a)
  return best !== undefined && best[1] > 0 ? best[0] : ','
}

export interface CsvLimits {
  readonly columnsMax: number
  readonly fieldCharsMax: number
}

/** Lines with nothing in them are left out. @throws GatewayError `request.invalid` */
export async function* csvRows(
  text: AsyncIterable<string>,
  delimiter: string,
  limits: CsvLimits,
): AsyncGenerator<FileRow> {
  const reader = new CsvReader(delimiter, limits)
  for await (const piece of text) {
    reader.read(piece)
    yield* reader.take()
  }
  reader.end()
  yield* reader.take()
}

type Place =
  | 'field begins'
  | 'plain'
  | 'quoted'
  /** Behind a quote within quotes: the end, or the first of two. */
  | 'quote'

class CsvReader {
  readonly #delimiter: string
  readonly #limits: CsvLimits
  #rows: FileRow[] = []
  #values: (string | null)[] = []
  #field = ''
  #place: Place = 'field begins'
  #line = 1
  #rowLine = 1
  #afterReturn = false

  constructor(delimiter: string, limits: CsvLimits) {
    this.#delimiter = delimiter
    this.#limits = limits
  }

  take(): readonly FileRow[] {
    const taken = this.#rows
    this.#rows = []
    return taken
  }

  read(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const sign = text[at] ?? ''
      const isSecondHalf = this.#afterReturn && sign === '\n'
      this.#afterReturn = sign === '\r'
      if (this.#place === 'quoted') {
        if (sign === '"') this.#place = 'quote'
        else {
          if (sign === '\n' || (sign === '\r' && text[at + 1] !== '\n')) this.#line += 1
          at = this.#run(text, at)
        }
        continue
      }
      if (isSecondHalf) continue
      this.#outside(sign)
    }
  }

  end(): void {
    if (this.#place === 'quoted') throw this.#wrong('a quote is not closed')
    if (this.#place !== 'field begins' || this.#values.length > 0) this.#endRow()
  }

  /** Takes what stands in quotes up to the next sign that matters. */
  #run(text: string, from: number): number {
    let to = from + 1
    while (to < text.length && text[to] !== '"' && text[to] !== '\n' && text[to] !== '\r') to++
    this.#add(text.slice(from, to))
    return to - 1
  }

  #outside(sign: string): void {
    if (sign === '"' && this.#place === 'quote') {
      this.#add('"')
      this.#place = 'quoted'
    } else if (sign === '"' && this.#place === 'field begins') this.#place = 'quoted'
    else if (sign === this.#delimiter) this.#endField()
    else if (sign === '\n' || sign === '\r') {
      this.#endRow()
      this.#line += 1
      this.#rowLine = this.#line
    } else {
      // Behind closing quotes some programs leave blanks.
      if (this.#place === 'quote' && sign !== ' ')
        throw this.#wrong('something stands behind a closing quote')
      if (this.#place === 'quote') return
      this.#add(sign)
      this.#place = 'plain'
    }
  }

  #add(text: string): void {
    this.#field += text
    if (this.#field.length > this.#limits.fieldCharsMax) throw this.#wrong('a field is too long')
  }

  #endField(): void {
    const isNothing = this.#place === 'field begins'
    this.#values.push(isNothing ? null : this.#field)
    if (this.#values.length > this.#limits.columnsMax) throw this.#wrong('there are too many columns')
    this.#field = ''
    this.#place = 'field begins'
  }

  #endRow(): void {
    const isEmpty = this.#values.length === 0 && this.#place === 'field begins'
    if (!isEmpty) {
      this.#endField()
      this.#rows.push({ line: this.#rowLine, values: this.#values })
    }
    this.#values = []
  }

  #wrong(what: string): GatewayError {
    return new GatewayError('request.invalid', `line ${this.#line}: ${what}.`)
  }
}
