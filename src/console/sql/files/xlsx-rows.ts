// Reads the first sheet of an Excel workbook row by row, with its dates as dates.

import type { Readable } from 'node:stream'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl'
import { GatewayError } from '../../../core/errors.ts'
import type { KeptFile } from '../../jobs/job-files.ts'
import type { FileRow } from './file-rows.ts'

export interface XlsxLimits {
  readonly columnsMax: number
  /** Of all texts that cells share, which are kept in memory. */
  readonly sharedCharsMax: number
}

/** @throws GatewayError `request.invalid` */
export async function* xlsxRows(file: KeptFile, limits: XlsxLimits): AsyncGenerator<FileRow> {
  const zip = await openZip(file)
  try {
    const entries = await entriesOf(zip)
    const shared = await sharedTexts(zip, entries.get('xl/sharedStrings.xml'), limits)
    const dates = await dateStyles(zip, entries.get('xl/styles.xml'))
    const sheet = entries.get(await firstSheet(zip, entries))
    if (sheet === undefined) throw wrong('it has no sheet')
    yield* rowsOf(await streamOf(zip, sheet), shared, dates, limits)
  } finally {
    zip.close()
  }
}

const wrong = (what: string): GatewayError =>
  new GatewayError('request.invalid', `the file is no Excel workbook that can be read: ${what}.`)

class FileReader extends RandomAccessReader {
  readonly #file: KeptFile

  constructor(file: KeptFile) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#file.read(start, end)
  }
}

const openZip = (file: KeptFile): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true }
    fromRandomAccessReader(new FileReader(file), file.bytes, options, (error, zip) =>
      error ? reject(wrong('it is no archive')) : resolve(zip),
    )
  })

const entriesMax = 10_000

function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      found.set(entry.fileName, entry)
      if (found.size > entriesMax) reject(wrong('it has too many parts'))
      else zip.readEntry()
    })
    zip.on('end', () => resolve(found))
    zip.on('error', () => reject(wrong('it is broken')))
    zip.readEntry()
  })
}

const streamOf = (zip: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(wrong('it is broken')) : resolve(stream)))
  })

/** Bytes that a workbook may grow to, those between two tags, and formats of cells: Excel itself has fewer. */
const inflatedBytesMax = 4 * 1024 * 1024 * 1024
const betweenTagsMax = 4 * 1024 * 1024
const stylesMax = 100_000

const tooMuch = (): GatewayError =>
  new GatewayError('limit.exceeded', 'the workbook holds too much text. Save it as CSV.')

interface Hearer {
  opened?(tag: SaxesTagPlain): void
  closed?(name: string): void
  text?(text: string): void
}

/** Pieces of XML to whoever hears; names without their namespace. */
async function* heard(stream: Readable, hearer: Hearer): AsyncGenerator<undefined> {
  const parser = new SaxesParser()
  const bare = (name: string): string => name.slice(name.indexOf(':') + 1)
  let inflated = 0
  // The parser gathers what stands between two tags, however long it is.
  let gathered = 0
  parser.on('opentag', tag => {
    gathered = 0
    hearer.opened?.({ ...tag, name: bare(tag.name) })
  })
  parser.on('closetag', tag => {
    gathered = 0
    hearer.closed?.(bare(tag.name))
  })
  parser.on('text', text => hearer.text?.(text))
  parser.on('error', () => {
    throw wrong('its XML is broken')
  })
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array
    inflated += bytes.length
    gathered += bytes.length
    if (inflated > inflatedBytesMax || gathered > betweenTagsMax) throw tooMuch()
    parser.write(decoder.decode(bytes, { stream: true }))
    yield undefined
  }
  parser.close()
  yield undefined
}

/** What a shared text takes beside its signs, in signs. */
const textChars = 8

async function sharedTexts(
  zip: ZipFile,
  entry: Entry | undefined,
  { sharedCharsMax }: XlsxLimits,
): Promise<readonly string[]> {
  if (entry === undefined) return []
  const texts: string[] = []
  let chars = 0
  let current = ''
  let isText = false
  let isPhonetic = false
  const count = (more: number): void => {
    chars += more
    if (chars > sharedCharsMax) throw tooMuch()
  }
  const hearer: Hearer = {
    opened({ name }) {
      if (name === 'si') current = ''
      if (name === 'rPh') isPhonetic = true
      isText = name === 't' && !isPhonetic
    },
    closed(name) {
      isText = false
      if (name === 'rPh') isPhonetic = false
      if (name !== 'si') return
      texts.push(current)
      // A text of nothing takes room, too.
      count(textChars)
    },
    text(text) {
      if (!isText) return
      current += text
      count(text.length)
    },
  }
  for await (const _ of heard(await streamOf(zip, entry), hearer));
  return texts
}

/** Formats of numbers that show dates: those that come with Excel, and those whose pattern has a day, month, year or time. */
const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
const isDatePattern = (pattern: string): boolean =>
  /[dmyhs]/i.test(pattern.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]|_./g, ''))

/** @returns the numbers of the cell styles that show dates */
async function dateStyles(zip: ZipFile, entry: Entry | undefined): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  if (entry === undefined) return found
  const patterns = new Map<number, string>()
  let inCells = false
  let style = 0
  const hearer: Hearer = {
    opened({ name, attributes }) {
      const format = Number(attributes['numFmtId'])
      if (patterns.size > stylesMax || style > stylesMax) throw tooMuch()
      if (name === 'numFmt') patterns.set(format, attributes['formatCode'] ?? '')
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      if (builtInDates.has(format) || isDatePattern(patterns.get(format) ?? '')) found.add(style)
      style += 1
    },
    closed(name) {
      if (name === 'cellXfs') inCells = false
    },
  }
  for await (const _ of heard(await streamOf(zip, entry), hearer));
  return found
}

/** The first in the order of the workbook, which may be another one than `sheet1.xml`. */
async function firstSheet(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<string> {
  const usual = 'xl/worksheets/sheet1.xml'
  const [workbook, relations] = [entries.get('xl/workbook.xml'), entries.get('xl/_rels/workbook.xml.rels')]
  if (workbook === undefined || relations === undefined) return usual
  let first: string | undefined
  const inBook: Hearer = {
    opened({ name, attributes }) {
      if (name !== 'sheet') return
      first ??= Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1]
    },
  }
  for await (const _ of heard(await streamOf(zip, workbook), inBook));
  let path = usual
  const inRelations: Hearer = {
    opened({ name, attributes }) {
      if (name !== 'Relationship' || attributes['Id'] !== first) return
      const target = attributes['Target'] ?? ''
      path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
    },
  }
  for await (const _ of heard(await streamOf(zip, relations), inRelations));
  return path
}

async function* rowsOf(
  stream: Readable,
  shared: readonly string[],
  dates: ReadonlySet<number>,
  { columnsMax }: XlsxLimits,
): AsyncGenerator<FileRow> {
  let ready: FileRow[] = []
  let line = 0
  let values: (string | null)[] = []
  let column = -1
  let kind = ''
  let isDate = false
  let text: string | undefined
  let takes = false
  const hearer: Hearer = {
    opened({ name, attributes }) {
      if (name === 'row') {
        line = Number(attributes['r'] ?? line + 1)
        values = []
        column = -1
      } else if (name === 'c') {
        column = columnOf(attributes['r']) ?? column + 1
        if (column >= columnsMax) throw wrong(`row ${line} has too many columns`)
        kind = attributes['t'] ?? 'n'
        isDate = dates.has(Number(attributes['s'] ?? -1))
        text = undefined
      }
      takes = name === 'v' || name === 't'
      // A text of nothing is a text.
      if (name === 't') text ??= ''
    },
    closed(name) {
      takes = false
      if (name === 'c') {
        while (values.length < column) values.push(null)
        values[column] = text === undefined ? null : valueOf(kind, text, isDate, shared)
      }
      if (name === 'row' && values.some(value => value !== null)) ready.push({ line, values })
    },
    text(piece) {
      if (!takes) return
      text = (text ?? '') + piece
      if (text.length > betweenTagsMax) throw tooMuch()
    },
  }
  for await (const _ of heard(stream, hearer)) {
    const taken = ready
    ready = []
    yield* taken
  }
}

/** `AB12` → 27. */
function columnOf(place: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(place ?? '')?.[0]
  if (letters === undefined) return undefined
  let number = 0
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64
  return number - 1
}

function valueOf(kind: string, text: string, isDate: boolean, shared: readonly string[]): string | null {
  if (kind === 's') return shared[Number(text)] ?? null
  if (kind === 'b') return text === '1' ? 'true' : 'false'
  if (kind === 'n' && isDate) return dateOf(Number(text)) ?? text
  return text
}

/** Day 0 of Excel, which takes 1900 for a leap year. */
const firstDayMs = Date.UTC(1899, 11, 30)

function dateOf(days: number): string | undefined {
  if (!(days >= 0 && days < 2_958_466)) return undefined
  const date = new Date(firstDayMs + Math.round(days * 86_400) * 1_000)
  const [day = '', time = ''] = date.toISOString().slice(0, 19).split('T')
  if (days < 1) return time
  return Math.round(days * 86_400) % 86_400 === 0 ? day : `${day} ${time}`
}
