// What masks show of real values, asked of a real server: exactly what is documented, whatever the value looks like.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MaskShape } from '../../src/core/verdict.ts'
import { maskExpression } from '../../src/sql/postgres/masks.ts'
import { loadGrammar } from '../../src/sql/postgres/parse.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { type Chance, createChance } from './random-query.ts'

let server: RunningPostgres
before(async () => {
  await loadGrammar()
  server = await startPostgres()
})
after(() => server.stop())

const first = (text: string): string => Array.from(text)[0] ?? ''

function lastDigits(text: string, least: number, kept: number, prefix: string): string {
  const digits = text.replaceAll(/[^0-9]/g, '')
  return digits.length >= least ? prefix + digits.slice(-kept) : prefix.trim()
}

/** The same, said another way. */
const documented: Partial<Record<MaskShape, (text: string) => string>> = {
  email: text => `${first(text)}***@***${/@[\s\S]*(\.[A-Za-z]{2,24})$/.exec(text)?.[1] ?? ''}`,
  name: text => `${first(text)}***`,
  phone: text => lastDigits(text, 7, 2, '***'),
  card: text => lastDigits(text, 12, 4, '**** **** **** '),
  constant: () => '***',
}

const pieces =
  "a Z é 関 😀 . .. @ @@ - + ( ) _ % \\ ' \n 0 1 23 456 7890 .com .COM .co.jp .jp .photo .x .c0m .abcdefghijklmnopqrstuvwxyz .abcdefghijklmnopqrstuvwx mail example".split(
    ' ',
  )

function randomText(chance: Chance): string {
  return Array.from({ length: chance.next(9) }, () => chance.pick(pieces)).join('')
}

const telling = [
  '',
  ' ',
  'a',
  'ann@example.com',
  'ann@example.co.jp',
  'ann@example.photo',
  'ann.com',
  '@.jp',
  '.com@x',
  'a@b.com\n',
  'a@b.\ncom',
  'a@b.c',
  'a@b.com.',
  '1234567',
  '123456',
  '+81 (0)3-1234-56x7',
  '4111 1111 1111 1111',
  '4111-1111-1111-111a1b',
  '１２３４５６７',
]

test('each mask shows of each value what is documented, and nothing else', async () => {
  const chance = createChance(4711)
  const texts = [...telling, ...Array.from({ length: 5_000 }, () => randomText(chance))]
  const client = await server.connect()
  for (const [shape, expected] of Object.entries(documented)) {
    const column = { name: 'c', type: 'text', notNull: false, generated: undefined }
    const expression = maskExpression(column, shape as MaskShape, '"c"', '00')
    const { rows } = await client.query<{ shown: string }>(
      `SELECT ${expression} AS shown FROM unnest($1::text[]) WITH ORDINALITY AS t (c, n) ORDER BY n`,
      [texts],
    )
    for (const [index, text] of texts.entries())
      assert.equal(rows[index]?.shown, expected(text), `${shape} of ${JSON.stringify(text)}`)
    const nothing = await client.query<{ shown: null }>(
      `SELECT ${expression} AS shown FROM (SELECT NULL::text) AS t (c)`,
    )
    assert.equal(nothing.rows[0]?.shown, null)
  }
  await client.end()
})
