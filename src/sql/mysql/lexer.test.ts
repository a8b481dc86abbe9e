// Tests of the lexer: every form of literal and name, and what the servers read otherwise than one would think.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BIT,
  END,
  HEX,
  IDENT,
  INTRODUCER,
  NATIONAL,
  NUMBER,
  QUOTED,
  SIGN,
  STRING,
  USER_VARIABLE,
  WORD,
  lex,
} from './lexer.ts'
import { decodeQuoted } from './lexer-text.ts'
import { type ParseContext, type SqlMode, sqlModeUsual } from './syntax.ts'

const mariadb: ParseContext = {
  product: 'mariadb',
  version: 101119,
  sqlMode: sqlModeUsual,
  characterSet: 'utf8mb4',
}
const mysql8: ParseContext = { ...mariadb, product: 'mysql', version: 80036 }
const withMode = (mode: Partial<SqlMode>): ParseContext => ({
  ...mariadb,
  sqlMode: { ...sqlModeUsual, ...mode },
})

function tokens(text: string, context = mariadb): string[] {
  const found = lex(text, context)
  if ('kind' in found) return [`! ${found.message} @${found.position}`]
  return found.kinds
    .map((kind, i) => `${kind}:${text.slice(found.starts[i], found.ends[i])}`)
    .filter((_, i) => found.kinds[i] !== END)
}

const cases: readonly (readonly [string, readonly string[], ParseContext?])[] = [
  ['select a', [`${WORD}:select`, `${WORD}:a`]],
  ['a.b', [`${IDENT}:a`, `${SIGN}:.`, `${IDENT}:b`]],
  ['a.select', [`${IDENT}:a`, `${SIGN}:.`, `${IDENT}:select`]],
  ['select.a', [`${IDENT}:select`, `${SIGN}:.`, `${IDENT}:a`]],
  ['a . b', [`${WORD}:a`, `${SIGN}:.`, `${WORD}:b`]],
  ['a.`b`', [`${WORD}:a`, `${SIGN}:.`, `${QUOTED}:\`b\``]],
  ['`a`.b', [`${QUOTED}:\`a\``, `${SIGN}:.`, `${IDENT}:b`]],
  ['a.1b', [`${IDENT}:a`, `${SIGN}:.`, `${IDENT}:1b`]],
  ['`a`.1', [`${QUOTED}:\`a\``, `${NUMBER}:.1`]],
  ['1--1', [`${NUMBER}:1`, `${SIGN}:-`, `${SIGN}:-`, `${NUMBER}:1`]],
  ['1-- 1', [`${NUMBER}:1`]],
  ['1--', [`${NUMBER}:1`]],
  ['1--\n2', [`${NUMBER}:1`, `${NUMBER}:2`]],
  ['1--\u00012', [`${NUMBER}:1`]],
  ['1#2\n3', [`${NUMBER}:1`, `${NUMBER}:3`]],
  ['1/*2/*3*/4', [`${NUMBER}:1`, `${NUMBER}:4`]],
  ['1/**/2', [`${NUMBER}:1`, `${NUMBER}:2`]],
  ['1/*2', ['! A comment does not end @1']],
  [
    '1 .5 5. 1.5e3 1e5 1e+5 1.e1',
    [
      `${NUMBER}:1`,
      `${NUMBER}:.5`,
      `${NUMBER}:5.`,
      `${NUMBER}:1.5e3`,
      `${NUMBER}:1e5`,
      `${NUMBER}:1e+5`,
      `${NUMBER}:1.e1`,
    ],
  ],
  ['1a 1ea 0x 0xg 0b2', [`${IDENT}:1a`, `${IDENT}:1ea`, `${IDENT}:0x`, `${IDENT}:0xg`, `${IDENT}:0b2`]],
  ['1.5abc', [`${NUMBER}:1.5`, `${WORD}:abc`]],
  ['1e1x', [`${NUMBER}:1e1`, `${WORD}:x`]],
  ["0xAf x'0f' X'' 0b01 b'1'", [`${HEX}:0xAf`, `${HEX}:x'0f'`, `${HEX}:X''`, `${BIT}:0b01`, `${BIT}:b'1'`]],
  ["x'4'", ['! A hexadecimal or bit literal is not well formed @0']],
  ['0XAF', [`${IDENT}:0XAF`]],
  ["n'a' N'b'", [`${NATIONAL}:n'a'`, `${NATIONAL}:N'b'`]],
  [
    "_utf8mb4'a' _nothing'a'",
    [`${INTRODUCER}:_utf8mb4`, `${STRING}:'a'`, `${WORD}:_nothing`, `${STRING}:'a'`],
  ],
  ["'a''b' 'a\\'b' \"a'\"", [`${STRING}:'a''b'`, `${STRING}:'a\\'b'`, `${STRING}:"a'"`]],
  ["'a\\' b", [`${STRING}:'a\\'`, `${WORD}:b`], withMode({ noBackslashEscapes: true })],
  ['"a""b"', [`${QUOTED}:"a""b"`], withMode({ ansiQuotes: true })],
  ["'a", ['! A string does not end @0']],
  ['`a``b`', [`${QUOTED}:\`a\`\`b\``]],
  [
    "@a @'b c' @`d` @a.b",
    [`${USER_VARIABLE}:@a`, `${USER_VARIABLE}:@'b c'`, `${USER_VARIABLE}:@\`d\``, `${USER_VARIABLE}:@a.b`],
  ],
  ['@@a', [`${SIGN}:@@`, `${WORD}:a`]],
  ['@ a', ['! A variable has no name @0']],
  ['a<=>b', [`${WORD}:a`, `${SIGN}:<=>`, `${WORD}:b`]],
  ['1=!0', [`${NUMBER}:1`, `${SIGN}:=`, `${SIGN}:!`, `${NUMBER}:0`]],
  ['!!0', ['! These signs together are no operator; put a blank between them @0'], mysql8],
  ['1==1', ['! These signs together are no operator; put a blank between them @1']],
  ["a->'$'", [`${WORD}:a`, `${SIGN}:->`, `${STRING}:'$'`], mysql8],
  ["a->>'$'", [`${WORD}:a`, `${SIGN}:->>`, `${STRING}:'$'`], mysql8],
  ["a->'$'", [`${WORD}:a`, `${SIGN}:-`, `${SIGN}:>`, `${STRING}:'$'`]],
  ['\\N', [`${WORD}:\\N`]],
  ['\\N', ['! This sign has no meaning here @0'], mysql8],
  ['/*! 1 */', ['! A comment that runs cannot be read @0']],
  ['/*M! 1 */', ['! A comment that runs cannot be read @0']],
  ['/*M! 1 */ 2', [`${NUMBER}:2`], mysql8],
  ['日本', [`${IDENT}:日本`]],
  ['a\u00a0b', ['! A sign outside of quotes is not part of any name; put the name into back-quotes @1']],
  ['😀', ['! A sign outside of quotes is not part of any name; put the name into back-quotes @0']],
  ['$a', ['! A name that begins with $ must stand in back-quotes @0'], { ...mysql8, version: 90000 }],
]

for (const [text, expected, context] of cases) {
  test(`${JSON.stringify(text)} ${context?.product ?? ''}`, () =>
    assert.deepEqual(tokens(text, context), expected))
}

test('words that only look like words of the language are none', () => {
  const found = lex('ſelect ınsert', mariadb)
  assert.ok(!('kind' in found))
  assert.deepEqual(found.words.slice(0, 2), ['', ''])
})

test('strings mean what the server says', () => {
  const decode = (text: string, escapes = true) => decodeQuoted(text, 0, text.length, escapes)
  assert.equal(decode(`'a''b'`), "a'b")
  assert.equal(decode(String.raw`'a\'b\n\0\Z\x\%\\'`), "a'b\n\0\u001ax\\%\\")
  assert.equal(decode(String.raw`'a\n'`, false), String.raw`a\n`)
  assert.equal(decode('`a``\\n`'), 'a`\\n')
})
