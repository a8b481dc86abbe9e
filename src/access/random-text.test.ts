// Random texts: every character as likely as the other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstPasswordText, tokenText } from './random-text.ts'

/** Every byte in turn: whatever is not even shows. */
function counter(): (size: number) => Uint8Array {
  let next = 0
  return size => Uint8Array.from({ length: size }, () => next++ % 256)
}

test('bytes that would favour the start of the alphabet are thrown away', () => {
  const bytesOf = new Map<string, number>()
  const thrownAway: number[] = []
  for (let byte = 0; byte < 256; byte++) {
    let calls = 0
    const text = tokenText(size => new Uint8Array(size).fill(calls++ === 0 ? byte : 0))
    if (calls > 1) thrownAway.push(byte)
    else bytesOf.set(text, (bytesOf.get(text) ?? 0) + 1)
  }
  assert.deepEqual(thrownAway, [248, 249, 250, 251, 252, 253, 254, 255])
  assert.equal(bytesOf.size, 62)
  assert.deepEqual(new Set(bytesOf.values()), new Set([4]))
})

test('a source that gives only unusable bytes at first is asked again', () => {
  let calls = 0
  const text = tokenText(size => new Uint8Array(size).fill(++calls < 3 ? 255 : 1))
  assert.equal(text, `skk_${'1'.repeat(40)}`)
})

test('first passwords have no letters that look alike', () => {
  const bytes = counter()
  for (let passwords = 0; passwords < 50; passwords++)
    assert.doesNotMatch(firstPasswordText(bytes), /[ilo01A-Z]/)
})
