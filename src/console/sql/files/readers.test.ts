// Uploaded files: rows of CSV and Excel, statements of SQL, encodings.

import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { ZipFile } from 'yazl'
import type { KeptFile } from '../../jobs/job-files.ts'
import { csvRows, delimiterOf } from './csv-rows.ts'
import { columnNames } from './file-rows.ts'
import { decoded, encodingOf } from './read-text.ts'
import { sqlStatements } from './sql-statements.ts'
import { xlsxRows } from './xlsx-rows.ts'
import { xlsxWriter } from './xlsx-writer.ts'

/** A text in pieces of every size from one. */
async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size))
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('CSV', () => {
  const limits = { columnsMax: 5, fieldCharsMax: 50 }
  const cases: readonly (readonly [string, readonly (readonly (string | null)[])[]])[] = [
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a,,""\n', [['a', null, '']]],
    ['"x ""y"", z","l1\r\nl2"\n', [['x "y", z', 'l1\r\nl2']]],
    ['\n\na\n\n', [['a']]],
    ['"a" ,b\n', [['a', 'b']]],
    ['it"s,b\n', [['it"s', 'b']]],
    [',\n', [[null, null]]],
    ['', []],
  ]
  for (const [text, rows] of cases)
    test(JSON.stringify(text), async () => {
      for (const size of [1, 2, 3, 1_000]) {
        const found = await all(csvRows(inPieces(text, size), ',', limits))
        assert.deepEqual(
          found.map(row => row.values),
          rows,
        )
      }
    })

  test('lines are counted also within quotes', async () => {
    const found = await all(csvRows(inPieces('a\n"b\nc"\nd\n', 100), ',', limits))
    assert.deepEqual(
      found.map(row => row.line),
      [1, 2, 4],
    )
  })

  for (const [text, problem] of [
    ['"a', /quote is not closed/],
    ['"a"b', /behind a closing quote/],
    ['1,2,3,4,5,6', /too many columns/],
    ['x'.repeat(60), /too long/],
  ] as const)
    test(`refuses ${text.slice(0, 12)}`, async () => {
      await assert.rejects(all(csvRows(inPieces(text, 7), ',', limits)), problem)
    })

  test('the delimiter is that of the first line, outside of quotes', () => {
    assert.equal(delimiterOf('a;b;c\n1,2,3,4,5'), ';')
    assert.equal(delimiterOf('a\tb'), '\t')
    assert.equal(delimiterOf('"a;b;c",d'), ',')
    assert.equal(delimiterOf('alone'), ',')
  })

  test('columns have names of their own', () => {
    assert.deepEqual(columnNames(['id', ' id ', null, '']), ['id', 'id_2', 'column_3', 'column_4'])
  })
})

describe('encodings', () => {
  const japanese = new Uint8Array([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 0x0a])
  test('are told by mark or content', () => {
    assert.equal(encodingOf(Buffer.from('é')), 'utf-8')
    assert.equal(encodingOf(Buffer.from('漢字').subarray(0, 5)), 'utf-8')
    assert.equal(encodingOf(new Uint8Array([0xff, 0xfe, 0x61, 0])), 'utf-16le')
    assert.equal(encodingOf(japanese), 'shift_jis')
    assert.equal(encodingOf(new Uint8Array([0xe9, 0x74, 0xe9, 0xff])), 'windows-1252')
  })
  test('signs that are cut in two are whole, and the mark is gone', async () => {
    const bytes = Buffer.from('\u{feff}日本')
    const pieces = await all(decoded(Readable.from(Array.from(bytes, byte => Buffer.of(byte))), 'utf-8'))
    assert.equal(pieces.join(''), '日本')
    assert.equal(
      (await all(decoded(Readable.from([Buffer.from(japanese)]), 'shift_jis'))).join(''),
      '日本語\n',
    )
  })
})

describe('statements', () => {
  const postgres: readonly (readonly [string, readonly (readonly [number, string])[]])[] = [
    [
      'select 1; select 2',
      [
        [1, 'select 1'],
        [1, 'select 2'],
      ],
    ],
    [
      '-- a; b\nselect \';\', "x;" /* ; /* ; */ ; */;\n\n select 2;',
      [
        [2, 'select \';\', "x;" /* ; /* ; */ ; */'],
        [4, 'select 2'],
      ],
    ],
    [
      'do $a$ begin; $b$ ; $a$; select $1;',
      [
        [1, 'do $a$ begin; $b$ ; $a$'],
        [1, 'select $1'],
      ],
    ],
    [
      "select E'it\\'s;', 'a\\'; select 2",
      [
        [1, "select E'it\\'s;', 'a\\'"],
        [1, 'select 2'],
      ],
    ],
    [';;  ; -- nothing', []],
  ]
  const mysql: readonly (readonly [string, readonly (readonly [number, string])[]])[] = [
    [
      "select 'it\\'s;', `a;b`; # ;\nselect 2",
      [
        [1, "select 'it\\'s;', `a;b`"],
        [2, 'select 2'],
      ],
    ],
    [
      '/*!40101 SET x = 1 */;\nselect 1',
      [
        [1, '/*!40101 SET x = 1 */'],
        [2, 'select 1'],
      ],
    ],
  ]
  for (const [protocol, rows] of [
    ['postgres', postgres],
    ['mysql', mysql],
  ] as const)
    for (const [text, expected] of rows)
      test(`${protocol}: ${JSON.stringify(text)}`, async () => {
        for (const size of [1, 3, 1_000]) {
          const found = await all(sqlStatements(inPieces(text, size), protocol, 1_000))
          assert.deepEqual(
            found.map(one => [one.line, one.text]),
            expected,
          )
        }
      })

  test('a statement without end is not read for ever', async () => {
    await assert.rejects(
      all(sqlStatements(inPieces(`select '${'x'.repeat(5_000)}`, 100), 'postgres', 1_000)),
      /longer/,
    )
  })

  test('semicolons without end are not read for ever', async () => {
    const some = `select 1${';'.repeat(5_000)}select 2`
    assert.equal((await all(sqlStatements(inPieces(some, 9_999), 'mysql', 1_000_000))).length, 2)
    await assert.rejects(
      all(sqlStatements(inPieces(';'.repeat(20_000), 9_999), 'mysql', 1_000_000)),
      /many semicolons/,
    )
  })
})

describe('Excel', () => {
  const limits = { columnsMax: 50, sharedCharsMax: 1_000 }
  const kept = (bytes: Buffer): KeptFile => ({
    bytes: bytes.length,
    read: (from = 0, to = bytes.length) => Readable.from([bytes.subarray(from, to)]),
    remove: () => Promise.resolve(),
  })
  const workbook = async (parts: Readonly<Record<string, string>>): Promise<KeptFile> => {
    const zip = new ZipFile()
    for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name)
    zip.end()
    const chunks: Buffer[] = []
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
    return kept(Buffer.concat(chunks))
  }

  test('what we write comes back', async () => {
    const chunks: Buffer[] = []
    const out = {
      write: (chunk: Uint8Array | string) => Promise.resolve(void chunks.push(Buffer.from(chunk))),
    }
    const writer = xlsxWriter(out, { protocol: 'postgres', table: 't', byteOrderMark: false })
    await writer.begin([
      { name: 'n', type: 'integer' },
      { name: 't', type: 'text' },
      { name: 'b', type: 'boolean' },
    ])
    await writer.rows([
      ['1', 'a <b> & "c"\n ', 't'],
      [null, '', null],
      ['-2.5', '=1+1', 'f'],
    ])
    await writer.end()
    assert.deepEqual(
      (await all(xlsxRows(kept(Buffer.concat(chunks)), limits))).map(row => row.values),
      [
        ['n', 't', 'b'],
        ['1', 'a <b> & "c"\n ', 'true'],
        [null, ''],
        ['-2.5', '=1+1', 'false'],
      ].map(row => (row.length === 2 ? [...row, null] : row)),
    )
  })

  test('shared texts, gaps, dates and the first sheet of the book', async () => {
    const file = await workbook({
      'xl/workbook.xml':
        '<workbook xmlns:r="r"><sheets><sheet name="x" sheetId="9" r:id="z"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="z" Target="worksheets/other.xml"/></Relationships>',
      'xl/styles.xml':
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="0.0&quot;days&quot;"/></numFmts>' +
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
      'xl/sharedStrings.xml':
        '<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r><rPh><t>ni</t></rPh></si></sst>',
      'xl/worksheets/sheet1.xml':
        '<worksheet><sheetData><row r="1"><c><v>wrong</v></c></row></sheetData></worksheet>',
      'xl/worksheets/other.xml':
        '<x:worksheet xmlns:x="y"><x:sheetData><x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="s"><x:v>1</x:v></x:c></x:row>' +
        '<x:row r="4"><x:c r="A4" s="1"><x:v>45000</x:v></x:c><x:c r="B4" s="2"><x:v>45000.5</x:v></x:c><x:c r="C4" s="3"><x:v>45000.5</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    })
    assert.deepEqual(await all(xlsxRows(file, limits)), [
      { line: 2, values: ['one', null, 'two'] },
      { line: 4, values: ['2023-03-15', '2023-03-15 12:00:00', '45000.5'] },
    ])
  })

  test('what is no workbook is refused', async () => {
    for (const file of [
      kept(Buffer.from('PK no archive')),
      await workbook({ 'a.txt': 'x' }),
      await workbook({ 'xl/worksheets/sheet1.xml': '<worksheet><broken' }),
      await workbook({
        'xl/worksheets/sheet1.xml':
          '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>',
      }),
    ])
      await assert.rejects(all(xlsxRows(file, limits)), /no Excel workbook/)
    const big = await workbook({
      'xl/worksheets/sheet1.xml': '<worksheet/>',
      'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(2_000)}</t></si></sst>`,
    })
    await assert.rejects(all(xlsxRows(big, limits)), /too much text/)
  })

  test('a small file that grows in memory is refused', async () => {
    const usual = '<worksheet/>'
    for (const [name, text] of [
      ['xl/sharedStrings.xml', `<sst>${'<si/>'.repeat(1_000)}</sst>`],
      ['xl/styles.xml', `<s><cellXfs>${'<xf numFmtId="14"/>'.repeat(100_002)}</cellXfs></s>`],
      [
        'xl/worksheets/sheet1.xml',
        `<worksheet><row><c><v>${'x'.repeat(5_000_000)}</v></c></row></worksheet>`,
      ],
      ['xl/worksheets/sheet1.xml', `<worksheet><!--${'x'.repeat(5_000_000)}--></worksheet>`],
      [
        'xl/worksheets/sheet1.xml',
        `<worksheet><row><c>${'<t>xxxxxxx</t>'.repeat(700_000)}</c></row></worksheet>`,
      ],
    ] as const)
      await assert.rejects(
        all(xlsxRows(await workbook({ 'xl/worksheets/sheet1.xml': usual, [name]: text }), limits)),
        /too much text/,
        name,
      )
  })
})
