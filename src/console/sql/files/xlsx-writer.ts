// A workbook of Excel with one sheet, written as the rows come. Every text is a plain string: nothing in it is a formula.

import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { ZipFile } from 'yazl'
import { GatewayError } from '../../../core/errors.ts'
import { type CreateWriter, type FileColumn, type FileOut, isPlainNumber } from './table-writer.ts'

/** What a sheet and a cell hold at most. */
const rowsMax = 1_048_576
const columnsMax = 16_384
const cellCharsMax = 32_767

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Result" sheetId="1" r:id="r1"/></sheets></workbook>`,
}

export const xlsxWriter: CreateWriter = out => {
  const zip = new ZipFile()
  const sheet = new PassThrough()
  let columns: readonly FileColumn[] = []
  let written = 0
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name)
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml')
  zip.end()
  zip.on('error', () => sheet.destroy())
  const carried = carry(zip.outputStream, out, sheet)
  // Told where it is waited for.
  carried.catch(() => undefined)
  const send = async (text: string): Promise<void> => {
    if (sheet.destroyed) return carried
    // If what reads it has failed, nobody drains it.
    if (!sheet.write(text)) await Promise.race([once(sheet, 'drain'), carried])
  }
  const line = (cells: readonly string[]): string => {
    written += 1
    if (written > rowsMax)
      throw new GatewayError('limit.exceeded', `a sheet of Excel holds ${rowsMax} rows. Export as CSV.`)
    return `<row>${cells.join('')}</row>`
  }
  return {
    begin(given) {
      if (given.length > columnsMax)
        throw new GatewayError('limit.exceeded', `a sheet of Excel holds ${columnsMax} columns.`)
      columns = given
      const titles = line(given.map(column => textCell(column.name)))
      return send(`${head}<worksheet xmlns="${main}"><sheetData>${titles}`)
    },
    rows: rows =>
      send(rows.map(row => line(row.map((value, at) => cellOf(columns[at]?.type ?? '', value)))).join('')),
    async end() {
      sheet.end('</sheetData></worksheet>')
      await carried
    },
  }
}

async function carry(from: NodeJS.ReadableStream, out: FileOut, sheet: PassThrough): Promise<void> {
  try {
    for await (const chunk of from) await out.write(chunk as Buffer)
  } catch (error) {
    sheet.destroy()
    throw error
  }
}

function cellOf(type: string, value: string | null): string {
  if (value === null) return '<c/>'
  if (isPlainNumber(type, value)) return `<c><v>${value}</v></c>`
  if (type === 'boolean' && (value === 't' || value === 'f'))
    return `<c t="b"><v>${value === 't' ? 1 : 0}</v></c>`
  return textCell(value)
}

function textCell(text: string): string {
  if (text.length > cellCharsMax)
    throw new GatewayError('limit.exceeded', `a cell of Excel holds ${cellCharsMax} signs. Export as CSV.`)
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Signs that XML cannot hold at all are left out. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>]/g, sign => signs[sign] ?? '')
