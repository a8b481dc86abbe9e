// Files of results: what stands in them, byte by byte.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBuffer } from 'yauzl'
import { csvWriter } from './csv-writer.ts'
import { jsonWriter } from './json-writer.ts'
import { sqlWriter } from './sql-writer.ts'
import type { CreateWriter, WriterWish } from './table-writer.ts'
import { xlsxWriter } from './xlsx-writer.ts'

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'id', type: 'bigint' },
  { name: 'a "b"', type: 'text' },
  { name: 'j', type: 'jsonb' },
  { name: 'ok', type: 'boolean' },
]
const rows = [
  ['1', '9007199254740993', 'x,"y"\n', '{"k": [1]}', 't'],
  [null, null, '', null, 'f'],
  ['2', '3', '=1+1', '"é"', null],
  ['NaN', '-4', "it's \\ ]]> <b>", 'null', 't'],
]
const usual: WriterWish = { protocol: 'postgres', table: 'my "t"', byteOrderMark: false }

async function written(create: CreateWriter, wish: Partial<WriterWish> = {}): Promise<Buffer> {
  const chunks: Buffer[] = []
  const out = { write: (chunk: Uint8Array | string) => Promise.resolve(void chunks.push(Buffer.from(chunk))) }
  const writer = create(out, { ...usual, ...wish })
  await writer.begin(columns)
  await writer.rows(rows.slice(0, 2))
  await writer.rows(rows.slice(2))
  await writer.end()
  return Buffer.concat(chunks)
}

test('CSV keeps values as they are, and tells NULL from an empty text', async () => {
  assert.equal(
    (await written(csvWriter, { byteOrderMark: true })).toString(),
    '\u{feff}id,id,"a ""b""",j,ok\r\n' +
      '1,9007199254740993,"x,""y""\n","{""k"": [1]}",t\r\n' +
      ',,"",,f\r\n' +
      '2,3,=1+1,"""é""",\r\n' +
      "NaN,-4,it's \\ ]]> <b>,null,t\r\n",
  )
})

test('JSON keeps what programs would round', async () => {
  assert.deepEqual(JSON.parse((await written(jsonWriter)).toString()), [
    { id: 1, id_2: '9007199254740993', 'a "b"': 'x,"y"\n', j: { k: [1] }, ok: true },
    { id: null, id_2: null, 'a "b"': '', j: null, ok: false },
    { id: 2, id_2: '3', 'a "b"': '=1+1', j: 'é', ok: null },
    { id: 'NaN', id_2: '-4', 'a "b"': "it's \\ ]]> <b>", j: null, ok: true },
  ])
})

test('SQL is quoted as its dialect has it', async () => {
  const postgres = (await written(sqlWriter)).toString()
  assert.ok(postgres.startsWith('INSERT INTO "my ""t""" ("id", "id", "a ""b""", "j", "ok") VALUES\n'))
  assert.ok(postgres.includes("  ('NaN', -4, 'it''s \\ ]]> <b>', 'null', 't');\n"))
  assert.ok(postgres.includes("  (NULL, NULL, '', NULL, 'f');\n"))
  const mysql = (await written(sqlWriter, { protocol: 'mysql', table: 'a`b' })).toString()
  assert.ok(mysql.includes('INSERT INTO `a``b` ('))
  assert.ok(mysql.includes("'it''s \\\\ ]]> <b>'"))
})

test('a workbook holds plain strings, numbers and truth values, and no formula', async () => {
  const sheet = await entryOf(await written(xlsxWriter), 'xl/worksheets/sheet1.xml')
  assert.ok(!sheet.includes('<f>'))
  assert.ok(sheet.includes('<t xml:space="preserve">=1+1</t>'))
  assert.ok(
    sheet.includes('<c><v>1</v></c><c t="inlineStr"><is><t xml:space="preserve">9007199254740993</t>'),
  )
  assert.ok(
    sheet.includes(
      '<c/><c/><c t="inlineStr"><is><t xml:space="preserve"></t></is></c><c/><c t="b"><v>0</v></c>',
    ),
  )
  assert.ok(sheet.includes("it's \\ ]]&gt; &lt;b&gt;"))
})

test('what a workbook cannot hold is said', async () => {
  const out = { write: () => Promise.resolve() }
  const writer = xlsxWriter(out, usual)
  await writer.begin([{ name: 'x', type: 'text' }])
  assert.throws(() => void writer.rows([['x'.repeat(32_768)]]), /a cell of Excel holds/)
})

test('a place that takes no more ends the writing', async () => {
  const full = { write: () => Promise.reject(new Error('it is full')) }
  const writer = xlsxWriter(full, usual)
  await assert.rejects(async () => {
    await writer.begin(columns)
    for (let count = 0; count < 20_000; count++) await writer.rows(rows)
    await writer.end()
  }, /it is full/)
})

function entryOf(bytes: Buffer, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('entry', entry => {
        if (entry.fileName !== name) return zip.readEntry()
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed)
          let text = ''
          stream.setEncoding('utf8').on('data', part => (text += String(part)))
          stream.on('end', () => resolve(text)).on('error', reject)
        })
      })
      zip.readEntry()
    })
  })
}
